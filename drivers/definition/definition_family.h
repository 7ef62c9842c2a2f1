#pragma once

#include "core/base/definition_text.h"
#include "core/base/result.h"
#include "drivers/definition/yaml_reader.h"

#include <functional>

namespace birch {

struct DefinitionFile {
    QString file;
    QByteArray text;
};

/// The text of the definition with an id. Errors: the sentence says where it was looked for.
using BaseFinder = std::function<Result<DefinitionFile>(const QString &id)>;

/// A definition together with the models that it extends.
struct DefinitionFamily {
    YAML::Node root;
    QList<DefinitionText> texts; ///< its own first, then what it extends in turn
};

/// Parses \a text and what it extends, in turn: keys of its own replace those of its base, mappings
/// are joined key by key, and what "remove" names is left out. Entries keep the base's order, new
/// ones follow.
/// Nothing, with a problem in \a sink: no YAML, an unknown base, a circle, too many generations.
std::optional<DefinitionFamily> readFamily(const QByteArray &text, const BaseFinder &finder,
                                           ProblemSink &sink);

} // namespace birch
