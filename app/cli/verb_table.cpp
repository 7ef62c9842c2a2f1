#include "app/cli/verb_table.h"

#include "core/plan/did_you_mean.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QString cell(const QJsonValue &value)
{
    if (value.isArray() || value.isObject())
        return QString::fromUtf8(
            QJsonDocument::fromVariant(value.toVariant()).toJson(QJsonDocument::Compact));
    return value.toVariant().toString();
}

bool fits(const QString &synopsis, qsizetype count)
{
    const QStringList words = synopsis.split(u' ', Qt::SkipEmptyParts);
    const qsizetype required = std::count_if(
        words.begin(), words.end(), [](const QString &word) { return !word.startsWith(u'['); });
    return count >= required && (count <= words.size() || synopsis.contains(u'…'));
}

int runVerb(const Invocation &invocation, const std::vector<Verb> &verbs)
{
    QStringList names;
    for (const Verb &verb : verbs)
        names << verb.name;
    const QString asked = invocation.arguments().value(0);
    const qsizetype at = names.indexOf(asked);
    if (at < 0)
        return invocation.usage(asked.isEmpty() ? tr("Say %1.").arg(names.join(u", "_s))
                                                : tr("\"%1\" is nothing that can be done. %2")
                                                      .arg(asked, didYouMean(asked, names)));
    const Verb &verb = verbs[size_t(at)];
    const QStringList arguments = invocation.arguments().mid(1);
    if (!fits(verb.arguments, arguments.size()))
        return invocation.usage(verb.arguments.isEmpty()
                                    ? tr("%1 takes no arguments.").arg(verb.name)
                                    : tr("Write it as: %1 %2").arg(verb.name, verb.arguments));
    const Station station(invocation);
    if (verb.runHere)
        return verb.runHere(station, invocation, arguments);
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto answer = verb.run(*data.value(), invocation, arguments);
    if (!answer)
        return invocation.fail(answer.error());
    if (invocation.isJson)
        invocation.printJson(answer.value());
    else if (verb.print)
        verb.print(invocation, answer.value());
    return kDone;
}
} // namespace

Command verbCommand(const QString &name, const QString &summary, const std::vector<Verb> &verbs,
                    const QList<QCommandLineOption> &options)
{
    QStringList synopsis;
    QStringList help;
    for (const Verb &verb : verbs) {
        const QString line = (verb.name + u' ' + verb.arguments).trimmed();
        synopsis << line;
        help << u"%1 - %2"_s.arg(line, verb.summary);
    }
    return {.name = name,
            .summary = summary,
            .synopsis = synopsis.join(u" | "_s),
            .help = help.join(u'\n'),
            .options = options,
            .run = [verbs](const Invocation &invocation) { return runVerb(invocation, verbs); }};
}

std::function<void(const Invocation &, const QJsonObject &)> listPrinter(const QString &key,
                                                                         const QStringList &columns)
{
    return [key, columns](const Invocation &invocation, const QJsonObject &answer) {
        const QJsonArray items = answer.value(key).toArray();
        QList<qsizetype> widths(columns.size(), 0);
        for (const QJsonValue &item : items) {
            for (qsizetype i = 0; i < columns.size(); ++i)
                widths[i] = std::max(widths[i], cell(item[columns[i]]).size());
        }
        for (const QJsonValue &item : items) {
            QString line;
            for (qsizetype i = 0; i < columns.size(); ++i)
                line += cell(item[columns[i]]).leftJustified(widths[i] + 2);
            invocation.print(line.trimmed());
        }
        invocation.print(tr("%1 altogether").arg(items.size()));
    };
}

std::function<void(const Invocation &, const QJsonObject &)> recordPrinter(const QString &key)
{
    return [key](const Invocation &invocation, const QJsonObject &answer) {
        const QJsonObject record = answer.value(key).toObject();
        for (auto it = record.begin(); it != record.end(); ++it) {
            const QString text = cell(it.value());
            if (!text.isEmpty() && text != u"{}"_s)
                invocation.print(u"%1  %2"_s.arg(it.key(), -18).arg(text));
        }
    };
}

} // namespace birch::cli
