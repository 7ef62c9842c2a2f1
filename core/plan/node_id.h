#pragma once

#include <QUuid>

namespace birch {

/// Stable identity of a tree node (UUIDv7), kept across edits, saves and copies of the whole tree.
using NodeId = QUuid;

} // namespace birch
