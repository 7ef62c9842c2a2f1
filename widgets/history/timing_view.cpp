#include "widgets/history/timing_view.h"

#include "core/plan/duration_text.h"
#include "core/plan/node_titles.h"
#include "core/plan/standard_nodes.h"
#include "widgets/history/time_bar.h"

#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Part {
    TimePart part;
    qint64 ns = 0;
    QList<TimingEntry> entries; ///< of the main lane, over all runs
};

ScanTiming allRuns(const QList<TimedRun> &runs)
{
    ScanTiming all;
    for (const TimedRun &run : runs) {
        all.wallNs += run.timing.wallNs;
        for (const TimingEntry &entry : run.timing.entries) {
            if (entry.lane.isEmpty())
                all.add(entry);
        }
    }
    return all;
}

QList<Part> partsOf(const ScanTiming &timing)
{
    QList<Part> parts;
    for (int i = 0; i < kTimeParts; ++i) {
        Part part{TimePart(i), timing.sumNs(TimePart(i)), {}};
        for (const TimingEntry &entry : timing.entries) {
            if (entry.part == part.part)
                part.entries << entry;
        }
        std::sort(part.entries.begin(), part.entries.end(),
                  [](const TimingEntry &a, const TimingEntry &b) { return a.ns > b.ns; });
        if (part.ns > 0)
            parts << part;
    }
    std::sort(parts.begin(), parts.end(), [](const Part &a, const Part &b) { return a.ns > b.ns; });
    return parts;
}

QTreeWidgetItem *itemFor(const QString &name, qint64 ns, qint64 wallNs, qint64 count)
{
    const double share = wallNs > 0 ? 100 * double(ns) / double(wallNs) : 0;
    auto *item = new QTreeWidgetItem({name, durationText(Nanoseconds(ns)),
                                      QString::number(share, 'f', 1) + u" %"_s,
                                      count > 0 ? QString::number(count) : QString()});
    for (int column = 1; column < 4; ++column)
        item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

QString entryName(const TimingEntry &entry, const QHash<QUuid, QString> &titles)
{
    const QString node = titles.value(entry.node);
    if (entry.operation.isEmpty())
        return node.isEmpty() ? TimingView::tr("the scan itself") : node;
    return node.isEmpty() ? entry.operation : entry.operation + u" · "_s + node;
}
} // namespace

TimingView::TimingView(QWidget *parent)
    : QWidget(parent)
    , m_head(new QLabel(this))
    , m_bar(new TimeBar(this))
    , m_parts(new QTreeWidget(this))
{
    m_head->setWordWrap(true);
    m_head->setObjectName(u"timing-head"_s);
    m_parts->setObjectName(u"timing-parts"_s);
    m_parts->setAccessibleName(tr("Time by part"));
    m_parts->setHeaderLabels({tr("Part"), tr("Time"), tr("Share"), tr("Count")});
    m_parts->header()->setStretchLastSection(false);
    m_parts->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_parts->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    for (int column = 1; column < 4; ++column)
        m_parts->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 8, 0, 0);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_head, m_bar, m_parts})
        layout->addWidget(widget);
}

void TimingView::setReport(const ScanReport &report)
{
    const ScanTiming timing = allRuns(report.timings);
    const QList<Part> parts = partsOf(timing);
    m_parts->clear();
    m_bar->setVisible(!parts.isEmpty());
    m_parts->setVisible(!parts.isEmpty());
    if (parts.isEmpty()) {
        m_head->setText(
            tr("No times are stored with this scan: it has not got so far, was recorded "
               "by an older version, or was imported."));
        return m_bar->setStretches({});
    }
    const QHash<QUuid, QString> titles = nodeTitles(report.tree, standardNodes());
    QList<TimeBar::Stretch> stretches;
    qint64 dead = std::max<qint64>(0, timing.unattributedNs());
    for (const Part &part : parts) {
        dead += isDeadTime(part.part) ? part.ns : 0;
        auto *item = itemFor(timePartLabel(part.part), part.ns, timing.wallNs, 0);
        item->setData(0, Qt::DecorationRole, TimeBar::colorOf(stretches.size()));
        stretches.append({timePartLabel(part.part), part.ns});
        for (const TimingEntry &entry : part.entries)
            item->addChild(itemFor(entryName(entry, titles), entry.ns, timing.wallNs, entry.count));
        m_parts->addTopLevelItem(item);
    }
    m_bar->setStretches(stretches);
    m_head->setText(
        tr("Dead time %1 % of %2: neither reading nor waiting on purpose.")
            .arg(100 * double(dead) / double(std::max<qint64>(timing.wallNs, 1)), 0, 'f', 0)
            .arg(durationText(Nanoseconds(timing.wallNs))));
}

} // namespace birch
