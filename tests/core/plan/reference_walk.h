#pragma once

#include "core/plan/scan_tree.h"

#include <QMap>

#include <functional>

namespace birch::test {

/// What a walk does, one line per step: "move stage.x=3 smu.bias=1@0.5" (at 0.5 a second), "measure
/// <node> [0,2]", "wait 5 ms", with " skipped" behind it below a failed position.
using WalkLog = QStringList;

/// An answer to a Decide step that depends on its line alone, so that walks in any order agree:
/// "decide <node> [0,2] smu.bias > 1 V".
bool oracle(const QString &decideLine);

/// How the reference walk answers: by oracle(), or as the values of an undisturbed run would have
/// it, told from the conditions that random trees have.
enum class Answers { Oracle, Truth };

/// Says of the moves that reach hardware, by number and by text, whether it fails under `skip`.
using MoveFails = std::function<bool(int, const QString &)>;

/// The order of a scan, told naively from the tree itself: depth first, children in
/// order, every position of an outer sweep before its children, the first included. Shares no code
/// with plan and cursor. Branches of a parallel node come one after the other: of such a tree
/// compare what each node and each movement does.
WalkLog referenceWalk(const ScanTree &tree, const MoveFails &fails,
                      Answers answers = Answers::Oracle);

/// The lines of \a log about each measure node and about each movement.
QMap<QString, WalkLog> sequencesOf(const WalkLog &log);

} // namespace birch::test
