#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QStringList>

#include <yaml-cpp/yaml.h>

#include <optional>
#include <utility>

namespace birch {

/// A text as YAML; throws nothing. Errors: BadInput.
Result<YAML::Node> loadYaml(const QByteArray &text);

/// How far a path leads into a text.
struct YamlPlace {
    qsizetype known = 0; ///< keys of the path that are there
    YAML::Node parent;   ///< the mapping in which the first missing key, else the last one, belongs
    YAML::Node key;      ///< of the last known one
    YAML::Node value;

    int line() const { return parent.Mark().line + 1; }
};
Result<YamlPlace> findYaml(const QByteArray &text, const QStringList &path);

/// The characters of a YAML text: where what the parser has found begins and ends. Whatever is
/// written in a way that is not followed here is answered with nothing. Offsets in bytes.
class YamlText
{
public:
    using Range = std::pair<qsizetype, qsizetype>; ///< from, to (behind it)

    explicit YamlText(const QByteArray &text);

    /// A scalar in one line, quotes included.
    std::optional<Range> scalarRange(const YAML::Node &node) const;
    /// The value of a pair; below its key only where no comment stands in it.
    std::optional<Range> valueRange(const YAML::Node &key, const YAML::Node &value) const;
    /// A pair in braces, with one of the commas.
    std::optional<Range> flowPairRange(const YAML::Node &key, const YAML::Node &value,
                                       const YAML::Node &map) const;
    /// The lines of a pair of its own; comments behind it stay.
    std::optional<Range> blockPairRange(const YAML::Node &key, const YAML::Node &value) const;
    /// The closing bracket of what opens at \a mark.
    std::optional<qsizetype> flowEnd(const YAML::Mark &mark) const;
    /// Behind the last line of the mapping whose first key is at \a first.
    std::optional<qsizetype> blockEnd(const YAML::Mark &first) const;
    /// By how much a mapping at \a depth is indented more than the one around it.
    static qsizetype stepOf(const YAML::Mark &first, qsizetype depth);

    QByteArray replaced(const Range &range, const QByteArray &by) const;
    QByteArray inserted(qsizetype at, const QByteArray &more) const;
    /// As inserted(), whole lines: the line before it gets its end.
    QByteArray withLines(qsizetype at, const QByteArray &more) const;
    QByteArray lineEnd() const { return m_text.contains("\r\n") ? "\r\n" : "\n"; }

private:
    qsizetype offsetOf(const YAML::Mark &mark) const; ///< -1: not in the text
    qsizetype endOfLine(qsizetype line) const;        ///< behind its line end
    qsizetype indentOf(qsizetype line) const;
    bool isBlank(qsizetype line) const;
    bool isComment(qsizetype line) const;
    /// Behind the last line that is indented by more than \a indent, from \a line + 1 on.
    qsizetype endOfDeeper(qsizetype line, qsizetype indent, bool mayDash) const;
    /// Behind the bracket that closes the one at \a at; -1: none.
    qsizetype closing(qsizetype at) const;
    bool isFirstInLine(const YAML::Mark &mark) const;

    const QByteArray &m_text;
    QList<qsizetype> m_lines; ///< offsets of their beginnings
};

} // namespace birch
