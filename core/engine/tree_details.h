#pragma once

#include "core/data/run_store.h"
#include "core/plan/scan_tree.h"

namespace birch {

/// What a tree's file says about its scan, as a scan begins with it: \a name, and \a operatorName
/// where the tree names nobody. TreeDetails::sample becomes ScanDetails::sampleUid as it is.
ScanDetails scanDetails(const TreeDetails &tree, const QString &name, const QString &operatorName);
TreeDetails treeDetails(const ScanDetails &details);

} // namespace birch
