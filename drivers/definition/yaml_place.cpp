#include "drivers/definition/yaml_place.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("BenchEdit", text);
}
} // namespace

Result<YAML::Node> loadYaml(const QByteArray &text)
{
    try {
        return YAML::Load(text.toStdString());
    } catch (const std::exception &e) {
        return Error{ErrorCode::BadInput, tr("The bench file is not valid YAML (%1); mend it first")
                                              .arg(QString::fromUtf8(e.what()))};
    }
}

Result<YamlPlace> findYaml(const QByteArray &text, const QStringList &path)
{
    const auto root = loadYaml(text);
    if (!root)
        return root.error();
    YamlPlace place;
    place.parent.reset(root.value());
    for (const QString &name : path) {
        if (place.known > 0) {
            if (!place.value.IsMap())
                return Error{ErrorCode::BadInput,
                             tr("%1 of the bench file is empty or no mapping; change it by hand in "
                                "line %2")
                                 .arg(path.first(place.known).join(u'.'))
                                 .arg(place.key.Mark().line + 1)};
            place.parent.reset(place.value);
        }
        bool isThere = false;
        if (place.parent.IsMap()) {
            for (const auto &pair : place.parent) {
                if (!pair.first.IsScalar() || pair.first.Scalar() != name.toStdString())
                    continue;
                place.key.reset(pair.first);
                place.value.reset(pair.second);
                isThere = true;
                break;
            }
        }
        if (!isThere)
            return place;
        ++place.known;
    }
    return place;
}

YamlText::YamlText(const QByteArray &text)
    : m_text(text)
{
    for (qsizetype at = 0; at >= 0 && at <= text.size();) {
        m_lines.append(at);
        const qsizetype end = text.indexOf('\n', at);
        at = end < 0 ? -1 : end + 1;
    }
}

qsizetype YamlText::offsetOf(const YAML::Mark &mark) const
{
    if (mark.line < 0 || mark.line >= m_lines.size())
        return -1;
    const qsizetype at = m_lines[mark.line] + mark.column; // the parser counts bytes, too
    return at <= m_text.size() ? at : -1;
}

qsizetype YamlText::endOfLine(qsizetype line) const
{
    return line + 1 < m_lines.size() ? m_lines[line + 1] : m_text.size();
}

qsizetype YamlText::indentOf(qsizetype line) const
{
    qsizetype at = m_lines[line];
    while (at < m_text.size() && m_text[at] == ' ')
        ++at;
    return at - m_lines[line];
}

bool YamlText::isBlank(qsizetype line) const
{
    return m_text.mid(m_lines[line], endOfLine(line) - m_lines[line]).trimmed().isEmpty();
}

bool YamlText::isComment(qsizetype line) const
{
    return m_text.mid(m_lines[line], endOfLine(line) - m_lines[line]).trimmed().startsWith('#');
}

bool YamlText::isFirstInLine(const YAML::Mark &mark) const
{
    return mark.line >= 0 && mark.line < m_lines.size() && indentOf(mark.line) == mark.column;
}

qsizetype YamlText::endOfDeeper(qsizetype line, qsizetype indent, bool mayDash) const
{
    qsizetype end = endOfLine(line);
    for (qsizetype next = line + 1; next < m_lines.size(); ++next) {
        if (isBlank(next))
            continue;
        const bool isDash = mayDash && indentOf(next) == indent &&
                            m_text.mid(m_lines[next] + indent).startsWith("- ");
        if (indentOf(next) <= indent && !isDash) {
            if (isComment(next))
                continue; // may stand anywhere; behind the last line it belongs to others
            break;
        }
        end = endOfLine(next);
    }
    return end;
}

qsizetype YamlText::closing(qsizetype at) const
{
    int depth = 0;
    char quote = 0;
    for (; at < m_text.size(); ++at) {
        const char c = m_text[at];
        if (quote) {
            if (quote == '"' && c == '\\')
                ++at;
            else if (c == quote)
                quote = 0;
            continue;
        }
        const bool isAfterGap = at == 0 || QByteArrayView(" \t\n\r,[{:").contains(m_text[at - 1]);
        if ((c == '"' || c == '\'') && isAfterGap)
            quote = c;
        else if (c == '#' && isAfterGap)
            at = std::max(at, m_text.indexOf('\n', at) - 1);
        else if (c == '[' || c == '{')
            ++depth;
        else if ((c == ']' || c == '}') && --depth == 0)
            return at + 1;
    }
    return -1;
}

std::optional<YamlText::Range> YamlText::scalarRange(const YAML::Node &node) const
{
    const qsizetype at = offsetOf(node.Mark());
    if (at < 0 || !node.IsScalar())
        return std::nullopt;
    const QByteArray value = QByteArray::fromStdString(node.Scalar());
    QByteArray single = value;
    single.replace("'", "''");
    for (const QByteArray &written : {'\'' + single + '\'', '"' + value + '"', value}) {
        if (!written.isEmpty() && m_text.mid(at, written.size()) == written)
            return Range(at, at + written.size());
    }
    return std::nullopt;
}

std::optional<YamlText::Range> YamlText::valueRange(const YAML::Node &key,
                                                    const YAML::Node &value) const
{
    if (value.IsScalar())
        return scalarRange(value);
    const qsizetype at = offsetOf(value.Mark());
    if (at < 0)
        return std::nullopt;
    if (value.IsDefined() && !value.IsNull() && value.Style() == YAML::EmitterStyle::Flow) {
        const qsizetype end = closing(at);
        return end < 0 ? std::nullopt : std::optional(Range(at, end));
    }
    const auto name = scalarRange(key);
    if (!name || !isFirstInLine(key.Mark()) || m_text.mid(name->second, 1) != ":")
        return std::nullopt;
    // Lines of its own: they become one, unless that would lose what somebody noted in them.
    const qsizetype end = endOfDeeper(key.Mark().line, key.Mark().column, value.IsSequence());
    const QByteArray old = m_text.mid(name->second, end - name->second);
    if (old.contains('#') || !old.endsWith('\n'))
        return std::nullopt;
    return Range(name->second + 1, end - (old.endsWith("\r\n") ? 2 : 1));
}

std::optional<YamlText::Range>
YamlText::flowPairRange(const YAML::Node &key, const YAML::Node &value, const YAML::Node &map) const
{
    const auto name = scalarRange(key);
    const auto what = valueRange(key, value);
    const qsizetype open = offsetOf(map.Mark());
    if (!name || !what || open < 0)
        return std::nullopt;
    qsizetype from = name->first;
    qsizetype to = what->second;
    while (to < m_text.size() && m_text[to] == ' ')
        ++to;
    if (m_text.mid(to, 1) == ",") {
        for (++to; to < m_text.size() && m_text[to] == ' ';)
            ++to;
        return Range(from, to);
    }
    while (from > open + 1 && QByteArrayView(" \t\r\n").contains(m_text[from - 1]))
        --from;
    if (m_text[from - 1] == ',')
        --from;
    return Range(from, what->second);
}

std::optional<YamlText::Range> YamlText::blockPairRange(const YAML::Node &key,
                                                        const YAML::Node &value) const
{
    if (!isFirstInLine(key.Mark()))
        return std::nullopt;
    const qsizetype line = key.Mark().line;
    return Range(m_lines[line], endOfDeeper(line, key.Mark().column, value.IsSequence()));
}

std::optional<qsizetype> YamlText::flowEnd(const YAML::Mark &mark) const
{
    const qsizetype at = offsetOf(mark);
    const qsizetype end = at < 0 ? -1 : closing(at);
    if (end < 0)
        return std::nullopt;
    // Before the blanks that stand in front of the bracket.
    qsizetype before = end - 1;
    while (before > at + 1 && QByteArrayView(" \t\r\n").contains(m_text[before - 1]))
        --before;
    return before;
}

std::optional<qsizetype> YamlText::blockEnd(const YAML::Mark &first) const
{
    if (!isFirstInLine(first))
        return std::nullopt;
    return endOfDeeper(first.line, first.column - 1, false);
}

qsizetype YamlText::stepOf(const YAML::Mark &first, qsizetype depth)
{
    return depth > 0 ? first.column / depth : first.column;
}

QByteArray YamlText::replaced(const Range &range, const QByteArray &by) const
{
    QByteArray text = m_text;
    // Behind a colon a value needs a blank.
    const bool isGlued = !by.isEmpty() && range.first > 0 && m_text[range.first - 1] == ':';
    return text.replace(range.first, range.second - range.first, isGlued ? ' ' + by : by);
}

QByteArray YamlText::inserted(qsizetype at, const QByteArray &more) const
{
    QByteArray text = m_text;
    return text.insert(at, more);
}

QByteArray YamlText::withLines(qsizetype at, const QByteArray &more) const
{
    const bool isOpen = at > 0 && m_text[at - 1] != '\n';
    return inserted(at, isOpen ? lineEnd() + more : more);
}

} // namespace birch
