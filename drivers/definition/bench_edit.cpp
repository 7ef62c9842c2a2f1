#include "drivers/definition/bench_edit.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <yaml-cpp/yaml.h>

#include <optional>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("BenchEdit", text);
}

Error bad(const QString &sentence)
{
    return {ErrorCode::BadInput, sentence};
}

/// The instruments of a bench; without a value where there are none yet. Throws nothing.
struct Instruments {
    YAML::Node map;
    bool isNamed = false; ///< the key is there
};

Result<Instruments> instrumentsOf(const QByteArray &text)
{
    try {
        const YAML::Node root = YAML::Load(text.toStdString());
        if (!root.IsMap())
            return bad(tr("The bench file holds no mapping of keys to values; compare it with "
                          "demo.bench.yaml"));
        const YAML::Node map = root["instruments"];
        if (!map || map.IsNull())
            return Instruments{{}, bool(map)};
        if (!map.IsMap())
            return bad(tr("Below instruments: of the bench file stand no nicknames; compare it "
                          "with demo.bench.yaml"));
        return Instruments{map, true};
    } catch (const std::exception &e) {
        return bad(tr("The bench file is not valid YAML (%1); mend it first")
                       .arg(QString::fromUtf8(e.what())));
    }
}

/// Plain where nobody can take it for something else.
QByteArray scalar(const QString &text)
{
    static const QRegularExpression plain(u"^[A-Za-z0-9_./][A-Za-z0-9_./:,\\[\\]-]*(?<!:)$"_s);
    if (plain.match(text).hasMatch())
        return text.toUtf8();
    return '\'' + text.toUtf8().replace("'", "''") + '\'';
}

qsizetype indentOf(QByteArrayView line)
{
    qsizetype spaces = 0;
    while (spaces < line.size() && line[spaces] == ' ')
        ++spaces;
    return spaces;
}

bool isBlank(const QByteArray &line)
{
    return line.trimmed().isEmpty();
}

/// The lines of a text, ends included.
QByteArrayList linesOf(const QByteArray &text)
{
    QByteArrayList lines;
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype end = text.indexOf('\n', at);
        const qsizetype next = end < 0 ? text.size() : end + 1;
        lines.append(text.mid(at, next - at));
        at = next;
    }
    return lines;
}

QByteArray lineEndOf(const QByteArray &text)
{
    return text.contains("\r\n") ? "\r\n" : "\n";
}

QByteArray entryText(const BenchAddition &addition, qsizetype indent, const QByteArray &lineEnd)
{
    const QByteArray outer(indent, ' ');
    const QByteArray inner(2 * indent, ' ');
    return outer + addition.nickname.toUtf8() + ':' + lineEnd +             //
           inner + "definition: " + scalar(addition.definition) + lineEnd + //
           inner + "address: " + scalar(addition.address) + lineEnd;
}

/// The line behind the last one that belongs to a mapping indented by \a indent, from \a first on.
qsizetype endOfBlock(const QByteArrayList &lines, qsizetype first, qsizetype indent)
{
    qsizetype end = first + 1;
    for (qsizetype i = first; i < lines.size(); ++i) {
        if (isBlank(lines[i]))
            continue;
        if (indentOf(lines[i]) < indent) {
            if (lines[i].trimmed().startsWith('#'))
                continue; // a comment may stand anywhere; behind the last entry it belongs to
                          // others
            break;
        }
        end = i + 1;
    }
    return end;
}

Result<QByteArray> insertBelow(const QByteArray &text, const YAML::Node &map,
                               const BenchAddition &addition)
{
    const YAML::Mark mark = map.begin()->first.Mark();
    QByteArrayList lines = linesOf(text);
    const bool isBlock = map.Style() != YAML::EmitterStyle::Flow && mark.column > 0 &&
                         mark.line < lines.size() && indentOf(lines[mark.line]) == mark.column;
    if (!isBlock)
        return bad(tr("The instruments of the bench file stand in one line; write each below "
                      "instruments: with its keys indented, or add it by hand"));
    const qsizetype end = endOfBlock(lines, mark.line, mark.column);
    const QByteArray lineEnd = lineEndOf(text);
    if (!lines[end - 1].endsWith('\n'))
        lines[end - 1] += lineEnd;
    lines.insert(end, entryText(addition, mark.column, lineEnd));
    return lines.join();
}

/// Where a scalar stands in \a line, quotes included; nothing: not as one piece.
std::optional<std::pair<qsizetype, qsizetype>> placeIn(const QByteArray &line, qsizetype column,
                                                       const QByteArray &value)
{
    QByteArray single = value;
    single.replace("'", "''");
    for (const QByteArray &written : {value, '\'' + single + '\'', '"' + value + '"'}) {
        if (line.mid(column).startsWith(written))
            return std::pair(column, written.size());
    }
    return std::nullopt;
}

} // namespace

Result<QByteArray> withInstrument(const QByteArray &text, const BenchAddition &addition)
{
    static const QRegularExpression name(u"^[A-Za-z][A-Za-z0-9_]*$"_s);
    if (!name.match(addition.nickname).hasMatch())
        return bad(tr("\"%1\" can not be a nickname; use letters, digits and _, beginning with a "
                      "letter")
                       .arg(addition.nickname));
    const auto instruments = instrumentsOf(text);
    if (!instruments)
        return instruments.error();
    const YAML::Node &map = instruments.value().map;
    if (map.IsMap() && map[addition.nickname.toStdString()])
        return Error{ErrorCode::Conflict,
                     tr("The bench has an instrument \"%1\" already; choose another nickname, or "
                        "give that one a new address (instruments move)")
                         .arg(addition.nickname)};
    if (map.IsMap() && map.size() > 0)
        return insertBelow(text, map, addition);
    if (instruments.value().isNamed)
        return bad(tr("instruments: of the bench file is empty; take that line out and try again"));
    QByteArray grown = text;
    const QByteArray lineEnd = lineEndOf(text);
    if (!grown.isEmpty() && !grown.endsWith('\n'))
        grown += lineEnd;
    return grown + lineEnd + "instruments:" + lineEnd + entryText(addition, 2, lineEnd);
}

Result<QByteArray> withAddress(const QByteArray &text, const QString &nickname,
                               const QString &address)
{
    const auto instruments = instrumentsOf(text);
    if (!instruments)
        return instruments.error();
    const YAML::Node &map = instruments.value().map;
    const YAML::Node entry =
        map.IsMap() ? map[nickname.toStdString()] : YAML::Node(YAML::NodeType::Undefined);
    if (!entry.IsDefined() || !entry.IsMap())
        return Error{ErrorCode::NotFound, tr("The bench has no instrument \"%1\"").arg(nickname)};
    const YAML::Node old = entry["address"];
    if (!old.IsDefined() || !old.IsScalar())
        return bad(tr("%1 has no address in the bench file; add it by hand").arg(nickname));
    QByteArrayList lines = linesOf(text);
    const YAML::Mark mark = old.Mark();
    const auto place = mark.line < lines.size() ? placeIn(lines[mark.line], mark.column,
                                                          QByteArray::fromStdString(old.Scalar()))
                                                : std::nullopt;
    if (!place)
        return bad(tr("The address of %1 is not written in one piece; change it by hand in line %2")
                       .arg(nickname)
                       .arg(mark.line + 1));
    const bool isFlow = entry.Style() == YAML::EmitterStyle::Flow; // commas mean something there
    const QByteArray now =
        isFlow ? '\'' + address.toUtf8().replace("'", "''") + '\'' : scalar(address);
    lines[mark.line].replace(place->first, place->second, now);
    return lines.join();
}

QByteArray emptyBench(const QString &name)
{
    return "# The instruments of this station.\nname: " + scalar(name) + '\n';
}

} // namespace birch
