#include "core/data/live_data.h"

#include <algorithm>

namespace birch {

namespace {
bool isOver(ScanState state)
{
    return isFinal(state) || state == ScanState::Interrupted;
}
} // namespace

std::optional<LiveScan> LiveData::find(const QUuid &scan) const
{
    const std::lock_guard guard(m_scansMutex);
    for (const Entry &entry : m_scans) {
        if (entry.shown.scan == scan)
            return entry.shown;
    }
    return {};
}

std::vector<LiveScan> LiveData::scans() const
{
    const std::lock_guard guard(m_scansMutex);
    std::vector<LiveScan> scans;
    for (const Entry &entry : m_scans)
        scans.push_back(entry.shown);
    return scans;
}

LiveData::Entry *LiveData::entry(const QUuid &scan)
{
    const auto found =
        std::ranges::find_if(m_scans, [&](const Entry &e) { return e.shown.scan == scan; });
    return found == m_scans.end() ? nullptr : &*found;
}

void LiveData::started(const OpenedScan &opened, const NewScan &scan)
{
    Entry entry;
    entry.shown = {opened.uid, opened.scanId, scan.details.name, ScanState::Running, {}};
    for (qsizetype i = 0; i < scan.objects.size(); ++i) {
        auto series = std::make_shared<LiveSeries>(scan.objects.at(i), opened.rowsStored.value(i));
        entry.shown.objects.push_back(series);
        entry.objects.push_back(std::move(series));
    }
    const std::lock_guard guard(m_scansMutex);
    std::erase_if(m_scans, [&](const Entry &e) { return e.shown.scan == opened.uid; });
    m_scans.push_back(std::move(entry));
    dropOldest();
}

void LiveData::batch(const QUuid &scan, const PointBatch &batch)
{
    std::shared_ptr<LiveSeries> series;
    {
        const std::lock_guard guard(m_scansMutex);
        const Entry *found = entry(scan);
        if (found && batch.object >= 0 && size_t(batch.object) < found->objects.size())
            series = found->objects[size_t(batch.object)];
    }
    if (series)
        series->append(batch);
}

void LiveData::paused(const QUuid &scan)
{
    setState(scan, ScanState::Paused);
}

void LiveData::resumed(const QUuid &scan)
{
    setState(scan, ScanState::Running);
}

void LiveData::ended(const QUuid &scan, ScanState state, const QString &)
{
    setState(scan, state);
}

void LiveData::setState(const QUuid &scan, ScanState state)
{
    const std::lock_guard guard(m_scansMutex);
    if (Entry *found = entry(scan))
        found->shown.state = state;
    dropOldest();
}

/// Memory goes with the last chart that still holds the series.
void LiveData::dropOldest()
{
    auto ended =
        std::ranges::count_if(m_scans, [](const Entry &e) { return isOver(e.shown.state); });
    while (ended > m_keptScans) {
        m_scans.erase(
            std::ranges::find_if(m_scans, [](const Entry &e) { return isOver(e.shown.state); }));
        --ended;
    }
}

} // namespace birch
