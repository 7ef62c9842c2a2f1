#pragma once

#include "app/cli/command.h"

namespace birch::cli {

/// Whether \a path is named as a saved scan tree of PyBirch's is.
bool isTreeFile(const QString &path);

/// The part of "birchctl import" that makes a *.scan.json of one; returns the exit code. A file
/// that is there already stays.
int importTree(const Invocation &invocation);

} // namespace birch::cli
