#pragma once

#include "core/base/problem.h"
#include "drivers/definition/bench_edit.h"
#include "drivers/definition/bench_file.h"

#include <functional>

namespace birch {

/// A bench file after a change, or why it stands as it was.
struct BenchChange {
    std::optional<BenchFile> bench; ///< nothing when there are problems
    Problems problems;
};

/// Adds an instrument to the bench file, which is made where there is none. Checked as every bench
/// is before anything is written; then written whole under a temporary name and renamed, so that a
/// running scan keeps the bench that it has read. Two changes at once come one after the other.
/// Blocks for the disk.
BenchChange addToBench(const QString &benchFile, const BenchAddition &addition);
/// Gives an instrument of the bench another address. The same rules.
BenchChange moveInBench(const QString &benchFile, const QString &nickname, const QString &address);

/// Changes a bench file that is there by one or several of the functions of bench_edit.h, one after
/// the other, e.g. changeBench(file, {[&](auto &text) { return withLimits(text, ...); }}): either
/// all of them are made, or the file stays as it was. The same rules. The running program keeps the
/// bench that it has read until it opens it again.
using BenchEdit = std::function<Result<QByteArray>(const QByteArray &text)>;
BenchChange changeBench(const QString &benchFile, const QList<BenchEdit> &edits);

} // namespace birch
