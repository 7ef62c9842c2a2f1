#include "app/cli/definition_report.h"

#include "core/base/line_difference.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
constexpr qsizetype kMostLines = 20; // of the differences in one definition

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QString shortVersion(const QByteArray &version)
{
    return QString::fromLatin1(version.left(12));
}

QStringList nicknames(const QList<ScanDefinition> &definitions)
{
    QStringList names;
    for (const ScanDefinition &definition : definitions)
        names << definition.nickname;
    return names;
}

const ScanDefinition *find(const QList<ScanDefinition> &definitions, const QString &nickname)
{
    const auto found = std::ranges::find(definitions, nickname, &ScanDefinition::nickname);
    return found == definitions.end() ? nullptr : &*found;
}

/// The files of a definition one after another, each below a line that says what it is.
void printTexts(const Invocation &invocation, const ScanDefinition &definition)
{
    for (const ScanDefinition::Text &text : definition.texts) {
        if (definition.texts.size() > 1)
            invocation.print(tr("# --- %1, version %2").arg(text.id, shortVersion(text.version)));
        QString content = QString::fromUtf8(text.text);
        if (content.endsWith(u'\n'))
            content.chop(1);
        invocation.print(content);
    }
}

QJsonObject textsJson(const ScanDefinition &definition)
{
    QJsonArray texts;
    for (const ScanDefinition::Text &text : definition.texts)
        texts.append(QJsonObject{{u"definition"_s, text.id},
                                 {u"version"_s, QString::fromLatin1(text.version)},
                                 {u"text"_s, QString::fromUtf8(text.text)}});
    QJsonObject json = definition.toJson();
    json.insert(u"texts"_s, texts);
    return json;
}

/// Of each file that the definition was or is made of.
QStringList differences(const ScanDefinition &then, const QList<DefinitionText> &now)
{
    QStringList ids;
    for (const DefinitionText &text : then.texts)
        ids << text.id;
    for (const DefinitionText &text : now)
        ids << text.id;
    ids.removeDuplicates();
    QStringList lines;
    for (const QString &id : std::as_const(ids)) {
        const auto was = std::ranges::find(then.texts, id, &ScanDefinition::Text::id);
        const auto is = std::ranges::find(now, id, &DefinitionText::id);
        const QStringList changes =
            lineDifference(was == then.texts.end() ? QByteArray() : was->text,
                           is == now.end() ? QByteArray() : is->text);
        if (!changes.isEmpty() && ids.size() > 1)
            lines << id + u':';
        lines += changes;
    }
    return lines;
}

void tellOne(const Invocation &invocation, const ScanDefinition &then, const BenchEntry &now)
{
    const QStringList lines = differences(then, now.definition->texts);
    for (const QString &line : lines.first(std::min(lines.size(), kMostLines)))
        invocation.note(u"  "_s + line);
    if (lines.size() > kMostLines)
        invocation.note(tr("  … and %1 lines more").arg(lines.size() - kMostLines));
}
} // namespace

int printDefinition(const Invocation &invocation, const QList<ScanDefinition> &definitions,
                    const QString &scanId, const QString &nickname)
{
    const ScanDefinition *definition = find(definitions, nickname);
    if (!definition && definitions.isEmpty())
        return invocation.fail(
            Error{ErrorCode::NotFound,
                  tr("The record of %1 holds no texts of definitions: it is older than that, or "
                     "came from another program. birchctl show %1 names their versions")
                      .arg(scanId)},
            kBadInput);
    if (!definition)
        return invocation.fail(
            Error{ErrorCode::NotFound,
                  tr("%1 used no instrument \"%2\" with a definition: give one "
                     "of %3")
                      .arg(scanId, nickname, nicknames(definitions).join(u", "_s))},
            kBadInput);
    if (invocation.isJson)
        invocation.printJson({{u"definition"_s, textsJson(*definition)}});
    else
        printTexts(invocation, *definition);
    return kDone;
}

void tellOtherDefinitions(const Invocation &invocation, const QString &scanId,
                          const QJsonObject &instruments, const QList<ScanDefinition> &definitions,
                          const BenchFile &bench)
{
    for (auto it = instruments.begin(); it != instruments.end(); ++it) {
        const BenchEntry *now = bench.find(it.key());
        const QByteArray version = it.value()[u"version"_s].toString().toLatin1();
        if (!now || version.isEmpty() || now->definition->version == version)
            continue;
        const ScanDefinition *then = find(definitions, it.key());
        invocation.note(
            tr("%1: the definition %2 is not what %3 ran with: it was version %4, and is %5 of %6.")
                .arg(it.key(), it.value()[u"definition"_s].toString(), scanId,
                     shortVersion(version), shortVersion(now->definition->version),
                     now->definition->spec.definitionId));
        if (then)
            tellOne(invocation, *then, *now);
        else
            invocation.note(tr("  The record does not hold its text."));
    }
}

} // namespace birch::cli
