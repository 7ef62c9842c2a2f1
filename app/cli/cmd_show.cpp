#include "app/cli/commands.h"
#include "app/cli/definition_report.h"
#include "app/cli/station_setup.h"
#include "app/cli/text_table.h"
#include "app/cli/timing_report.h"
#include "core/data/pause_interval.h"
#include "core/instrument/settings_difference.h"
#include "core/plan/duration_text.h"
#include "core/store/scan_repository.h"
#include "core/store/store_time.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

void printLine(const Invocation &invocation, const QString &label, const QString &value)
{
    if (!value.isEmpty())
        invocation.print(u"%1  %2"_s.arg(label, -12).arg(value));
}

void printScan(const Invocation &invocation, const ScanRecord &scan)
{
    const ScanDetails &details = scan.details;
    printLine(invocation, tr("Scan"), scan.scanId + u"  "_s + details.name);
    printLine(invocation, tr("Status"),
              scanStateName(scan.state) +
                  (scan.reason.isEmpty() ? QString() : u": "_s + scan.reason));
    printLine(invocation, tr("Points"), tr("%1 of %2").arg(scan.points).arg(scan.pointsPlanned));
    printLine(invocation, tr("Started"), isoTime(scan.startedUs));
    printLine(invocation, tr("Ended"), scan.endedUs ? isoTime(*scan.endedUs) : QString());
    printLine(invocation, tr("Sample"), scan.sample);
    printLine(invocation, tr("Project"), details.project);
    printLine(invocation, tr("Operator"), details.operatorName);
    printLine(invocation, tr("Title"), details.title);
    printLine(invocation, tr("Type"), details.type);
    printLine(invocation, tr("Tags"), details.tags.join(u", "_s));
    printLine(invocation, tr("Comment"), details.comment);
    for (auto field = details.fields.begin(); field != details.fields.end(); ++field)
        printLine(invocation, tr("Field"), u"%1: %2"_s.arg(field.key(), field.value()));
    for (const StoredObject &object : scan.objects) {
        QStringList columns;
        for (const ColumnSpec &column : object.schema.columns)
            columns << (column.unit.isEmpty() ? column.name
                                              : column.name + u" ("_s + column.unit + u')');
        printLine(invocation, tr("Measurement"),
                  tr("%1: %2 rows of %3")
                      .arg(object.schema.name)
                      .arg(object.rowsStored)
                      .arg(columns.join(u", "_s)));
    }
}

/// What the scan left other than it found it, and what it could not look at.
void printEndSettings(const Invocation &invocation, const ScanReport &report)
{
    if (report.endSettings.isEmpty())
        return;
    const auto changes = settingDifferences({report.settings, report.instruments},
                                            {report.endSettings, report.instruments});
    for (const SettingDifference &change : changes) {
        if (!change.now.isUndefined())
            printLine(invocation, tr("At the end"), change.text());
    }
    bool isAllRead = true;
    for (auto it = report.endSettings.begin(); it != report.endSettings.end(); ++it) {
        for (const QJsonValue &error : it.value()[u"_errors"_s].toArray()) {
            printLine(invocation, tr("At the end"), it.key() + u": "_s + error.toString());
            isAllRead = false;
        }
    }
    if (changes.isEmpty() && isAllRead)
        printLine(invocation, tr("At the end"), tr("the settings are those of the start"));
}

/// What each was driven by, and as what it answered.
void printInstruments(const Invocation &invocation, const QJsonObject &instruments)
{
    for (auto it = instruments.begin(); it != instruments.end(); ++it) {
        const QJsonObject facts = it.value().toObject();
        const QString definition = facts[u"definition"_s].toString();
        if (!definition.isEmpty())
            printLine(invocation, tr("Instrument"),
                      tr("%1: %2, version %3, %4")
                          .arg(it.key(), definition, facts[u"version"_s].toString().left(12),
                               facts[u"identity"_s].toString()));
    }
}

void printReport(const Invocation &invocation, const ScanReport &report)
{
    printScan(invocation, report.scan);
    printInstruments(invocation, report.instruments);
    for (auto it = report.settings.begin(); it != report.settings.end(); ++it) {
        QStringList values;
        const QJsonObject settings = it.value().toObject();
        for (auto value = settings.begin(); value != settings.end(); ++value)
            values << value.key() + u'=' + value.value().toVariant().toString();
        printLine(invocation, tr("Settings"), it.key() + u": "_s + values.join(u", "_s));
    }
    printEndSettings(invocation, report);
    printLine(invocation, tr("Bench"), report.bench[u"file"_s].toString());
    printLine(invocation, tr("Software"), report.scan.softwareVersion);
    for (const PauseInterval &pause : pausesOf(report.log, report.scan.endedUs)) {
        const QString from = isoTime(pause.beganNs / 1000);
        printLine(invocation, tr("Paused"),
                  pause.endedNs
                      ? tr("%1 to %2, %3")
                            .arg(from, isoTime(*pause.endedNs / 1000),
                                 durationText(Nanoseconds(*pause.endedNs - pause.beganNs)))
                      : tr("since %1").arg(from));
    }
    for (const ScanLogEntry &entry : report.log)
        invocation.print(u"%1  %2  %3"_s.arg(isoTime(entry.timeNs / 1000),
                                             entry.level.leftJustified(7), entry.message));
}

QJsonArray definitionsJson(const QList<ScanDefinition> &definitions)
{
    QJsonArray list;
    for (const ScanDefinition &definition : definitions)
        list.append(definition.toJson());
    return list;
}

int show(const Invocation &invocation)
{
    if (invocation.arguments().size() != 1)
        return invocation.usage(tr("Give one scan: its id, its uid or the beginning of its uid."));
    const Station station(invocation);
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto report = ScanRepository(data.value()->connection())
                            .show(data.value()->session(), invocation.arguments().first());
    if (!report)
        return invocation.fail(report.error());
    const auto definitions = scanDefinitions(data.value()->connection(), report.value().scan.id);
    if (!definitions)
        return invocation.fail(definitions.error());
    const bool isTiming = invocation.isSet(u"timing"_s);
    if (invocation.isSet(u"definition"_s))
        return printDefinition(invocation, definitions.value(), report.value().scan.scanId,
                               invocation.value(u"definition"_s));
    if (isTiming && invocation.isJson) {
        invocation.printJson({{u"timing"_s, timingJson(report.value())}});
    } else if (isTiming) {
        for (const QString &line : timingLines(report.value(), terminalWidth()))
            invocation.print(line);
    } else if (invocation.isJson) {
        QJsonObject scan = report.value().toJson();
        scan.insert(u"definitions"_s, definitionsJson(definitions.value()));
        invocation.printJson({{u"scan"_s, scan}});
    } else {
        printReport(invocation, report.value());
    }
    return kDone;
}

} // namespace

Command showCommand()
{
    return {.name = u"show"_s,
            .summary = tr("Show everything about one scan."),
            .synopsis = u"SCAN"_s,
            .help = tr("SCAN is the id, the uid or the beginning of the uid. Shows state, times, "
                       "what was said about it, its columns, its instruments with the version of "
                       "their definition, their settings at its start and what of them was "
                       "different at its end, and its log."),
            .options = {{u"timing"_s, tr("Where its time went, by part, node and instrument.")},
                        {u"definition"_s,
                         tr("The text of the definition that this instrument of the scan was "
                            "driven by, and of what that extends."),
                         u"NICKNAME"_s}},
            .run = show};
}

} // namespace birch::cli
