#include "app/cli/timing_report.h"

#include "app/cli/text_table.h"
#include "core/base/id.h"
#include "core/plan/duration_text.h"
#include "core/plan/node_titles.h"
#include "core/plan/standard_nodes.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("TimingReport", text);
}

double shareOf(qint64 ns, qint64 wallNs)
{
    return wallNs > 0 ? double(ns) / double(wallNs) : 0.0;
}

QString percent(qint64 ns, qint64 wallNs)
{
    return QString::number(100 * shareOf(ns, wallNs), 'f', 2) + u" %"_s;
}

QString seconds(qint64 ns)
{
    return QString::number(double(ns) * 1e-9, 'f', 6);
}

TextTable tableOf(const ScanTiming &timing, const QHash<QUuid, QString> &titles)
{
    TextTable table({tr("Lane"), tr("Part"), tr("Time (s)"), tr("Share"), tr("Count"),
                     tr("Longest"), tr("Operation"), tr("Node")});
    for (const TimingEntry &entry : timing.entries)
        table.add({entry.lane, timePartLabel(entry.part), seconds(entry.ns),
                   percent(entry.ns, timing.wallNs), QString::number(entry.count),
                   durationText(Nanoseconds(entry.longestNs)), entry.operation,
                   titles.value(entry.node)});
    table.add({{},
               tr("unattributed"),
               seconds(timing.unattributedNs()),
               percent(timing.unattributedNs(), timing.wallNs),
               {},
               {},
               {},
               {}});
    table.add({{}, tr("wall time"), seconds(timing.wallNs), {}, {}, {}, {}, {}});
    return table.withoutEmptyColumns();
}
} // namespace

QJsonObject timingJson(const ScanReport &report)
{
    const QHash<QUuid, QString> titles = nodeTitles(report.tree, standardNodes());
    QJsonArray runs;
    for (const TimedRun &run : report.timings) {
        QJsonArray parts;
        for (const TimingEntry &entry : run.timing.entries)
            parts.append(
                QJsonObject{{u"lane"_s, entry.lane},
                            {u"node"_s, entry.node.isNull() ? QString() : uidText(entry.node)},
                            {u"title"_s, titles.value(entry.node)},
                            {u"instrument"_s, entry.instrument()},
                            {u"operation"_s, entry.operation},
                            {u"part"_s, timePartName(entry.part)},
                            {u"count"_s, entry.count},
                            {u"ns"_s, entry.ns},
                            {u"longest_ns"_s, entry.longestNs},
                            {u"share"_s, shareOf(entry.ns, run.timing.wallNs)}});
        runs.append(QJsonObject{{u"run"_s, run.epoch},
                                {u"wall_ns"_s, run.timing.wallNs},
                                {u"unattributed_ns"_s, run.timing.unattributedNs()},
                                {u"parts"_s, parts}});
    }
    return {{u"runs"_s, runs}};
}

QStringList timingLines(const ScanReport &report, int width)
{
    if (report.timings.isEmpty())
        return {tr("No times are stored with this scan: it was recorded by an older version, or "
                   "imported.")};
    const QHash<QUuid, QString> titles = nodeTitles(report.tree, standardNodes());
    QStringList lines;
    for (const TimedRun &run : report.timings) {
        if (report.timings.size() > 1)
            lines << tr("Run %1").arg(run.epoch);
        lines << tableOf(run.timing, titles).lines(width);
    }
    return lines;
}

} // namespace birch::cli
