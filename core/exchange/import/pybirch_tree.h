#pragma once

#include "core/base/problem.h"
#include "core/base/result.h"
#include "core/plan/scan_tree.h"

#include <QHash>

namespace birch {

/// A scan tree of PyBirch's as a tree of ours, and everything that is not as it was there.
struct PybirchTree {
    ScanTree tree;
    Problems changed;       ///< taken over, but not word by word; each says where in the file
    Problems notUnderstood; ///< left out or incomplete
};

/// What PyBirch saves with a scan (an object with "root_item" or "tree_structure"), or the list of
/// its tree window. Executes nothing: positions that were typed as Python are taken as PyBirch had
/// computed them, if it had.
///
/// Loops run as they were meant: every position, the first included, the outer one before what is
/// inside, siblings in order. Neighbours that share a semaphore run at the same time; movements
/// among themselves step together. What was unchecked is disabled.
///
/// \a names: what PyBirch's instruments are called on the bench, e.g. "XStage" -> "stage.x".
/// Errors: BadInput - it is no JSON, or no tree of PyBirch's, or an absurd one.
Result<PybirchTree> readPybirchTree(const QByteArray &text, const QString &file,
                                    const QHash<QString, QString> &names = {});

} // namespace birch
