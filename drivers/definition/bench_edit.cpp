#include "drivers/definition/bench_edit.h"

#include "drivers/definition/yaml_edit.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <yaml-cpp/yaml.h>

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
    return outer + addition.nickname.toUtf8() + ':' + lineEnd +                 //
           inner + "definition: " + yamlScalar(addition.definition) + lineEnd + //
           inner + "address: " + yamlScalar(addition.address) + lineEnd;
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

} // namespace

Status checkNickname(const QString &name)
{
    static const QRegularExpression fitting(u"^[A-Za-z][A-Za-z0-9_]*$"_s);
    if (fitting.match(name).hasMatch())
        return ok();
    return bad(tr("\"%1\" can not be a nickname; use letters, digits and _, beginning with a "
                  "letter")
                   .arg(name));
}

Result<QByteArray> withInstrument(const QByteArray &text, const BenchAddition &addition)
{
    if (const Status fits = checkNickname(addition.nickname); !fits)
        return fits.error();
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

QByteArray emptyBench(const QString &name)
{
    return "# The instruments of this station.\nname: " + yamlScalar(name) + '\n';
}

} // namespace birch
