#pragma once

#include "core/base/problem.h"
#include "drivers/definition/definition.h"
#include "drivers/definition/definition_family.h"

#include <QStringList>

namespace birch {

inline constexpr int kDefinitionSchema = 1;

/// A definition, or everything that is wrong with its file.
struct DefinitionLoad {
    DefinitionPtr definition; ///< null when there are problems
    Problems problems;
};

/// Reads \a text as the definition format that resources/instruments/example.instrument.yaml
/// explains. \a file is only quoted in problems; \a finder is asked for what it extends. Executes
/// nothing, opens nothing itself, never throws.
DefinitionLoad loadDefinitionText(const QByteArray &text, const QString &file,
                                  const BaseFinder &finder = {});

/// The same from a file of at most 1 MiB. What it extends is looked for in its folder, then in
/// \a folders.
DefinitionLoad loadDefinitionFile(const QString &path, const QStringList &folders = {});

/// The definition as it was when \a texts (of Definition::texts; one at least) were read.
DefinitionLoad loadDefinition(const QList<DefinitionText> &texts);

/// The definition with \a idOrPath: a path (relative ones to \a folders in turn) where it ends in
/// .yaml, else the file "<id>.instrument.yaml" in the first of \a folders that has it.
/// Nothing found: one problem that names the folders.
DefinitionLoad findDefinition(const QString &idOrPath, const QStringList &folders);

/// All definitions in \a folders, by file name. What is wrong with a file comes into \a problems;
/// the others are there nevertheless.
QList<DefinitionPtr> loadDefinitions(const QStringList &folders, Problems *problems);

} // namespace birch
