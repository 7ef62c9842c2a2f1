#include "app/cli/settings_choice.h"

#include "app/cli/text_table.h"
#include "app/session/settings_probe.h"

#include <QCoreApplication>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QJsonObject reviewJson(const SettingsReview &review, SettingsChoice choice)
{
    return {{u"scan_id"_s, review.scanId},
            {u"differences"_s, differencesJson(review.differences, choice)}};
}

} // namespace

QCommandLineOption settingsOption()
{
    return {u"settings"_s,
            tr("What to do with instruments that are set otherwise than the record says: restore "
               "sets them back and reads them back, keep goes on with what they say now. Without "
               "it nothing runs then."),
            u"restore|keep"_s};
}

Result<SettingsChoice> settingsChoice(const Invocation &invocation)
{
    if (!invocation.isSet(u"settings"_s))
        return SettingsChoice::Refuse;
    const QString choice = invocation.value(u"settings"_s);
    if (choice == u"restore")
        return SettingsChoice::Restore;
    if (choice == u"keep")
        return SettingsChoice::Keep;
    return Error{ErrorCode::BadInput,
                 tr("--settings takes restore or keep, not \"%1\"").arg(choice)};
}

int meetDemand(const Invocation &invocation, QueueItem &item, const StationBench &bench,
               SettingsChoice choice)
{
    const auto review = reviewSettings(item, bench.bench());
    if (!review)
        return invocation.fail(review.error());
    tell(invocation, review.value(), choice);
    item.demand->choice = choice;
    const bool mayRun = choice != SettingsChoice::Refuse || !isAnyAlarm(review.value().differences);
    return mayRun ? kDone : refuse(invocation, review.value());
}

int dryRun(const Invocation &invocation, const QueueItem &item, const StationBench &bench,
           SettingsChoice choice)
{
    const auto review = reviewSettings(item, bench.bench());
    if (!review)
        return invocation.fail(review.error());
    if (invocation.isJson)
        invocation.printJson(reviewJson(review.value(), choice));
    else
        tell(invocation, review.value(), choice);
    return kDone;
}

Result<SettingsReview> reviewSettings(const QueueItem &item, const Bench &bench)
{
    const QString &scanId = item.demand->scanId;
    const auto now = readSettingsNow(item.plan, bench,
                                     tr("the comparison of settings with scan %1").arg(scanId));
    if (!now)
        return now.error().within(tr("Comparing the instruments with scan %1").arg(scanId));
    return SettingsReview{scanId, settingDifferences(item.demand->then, now.value())};
}

void tell(const Invocation &invocation, const SettingsReview &review, SettingsChoice choice)
{
    if (invocation.isJson)
        return invocation.note(QString::fromUtf8(
            QJsonDocument(reviewJson(review, choice)).toJson(QJsonDocument::Compact)));
    if (review.differences.isEmpty())
        return invocation.print(
            tr("%1: the instruments are set as its record says.").arg(review.scanId));
    invocation.print(tr("%1: not everything is set as its record says.").arg(review.scanId));
    TextTable table({tr("Setting"), tr("Then"), tr("Now"), tr("Proposed"), tr("Remark")});
    for (const SettingDifference &one : review.differences) {
        const QString proposed = choice == SettingsChoice::Refuse && one.isSettable
                                     ? tr("your choice")
                                     : one.valueText(one.proposed(choice));
        table.add(
            {one.name(), one.valueText(one.then), one.valueText(one.now), proposed, one.note});
    }
    for (const QString &line : table.withoutEmptyColumns().lines(terminalWidth()))
        invocation.print(line);
}

int refuse(const Invocation &invocation, const SettingsReview &review)
{
    const QString sentence =
        tr("%1 was not touched, and nothing was set: add --settings restore to set the instruments "
           "back to what its record says, or --settings keep to go on with what they say now.")
            .arg(review.scanId);
    if (!invocation.isJson)
        return invocation.fail(Error{ErrorCode::Conflict, sentence}, kBadInput);
    QJsonObject json = reviewJson(review, SettingsChoice::Restore);
    json[u"error"_s] = sentence;
    invocation.printJson(json);
    invocation.note(sentence);
    return kBadInput;
}

} // namespace birch::cli
