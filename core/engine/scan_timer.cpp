#include "core/engine/scan_timer.h"

#include <algorithm>

namespace birch {

ScanTimer::ScanTimer(const Clock &clock)
    : m_clock(clock)
    , m_beganNs(clock.bootNs())
    , m_main(std::make_unique<LaneTimer>(*this, QString()))
{
    m_main->to(TimePart::Setup);
}

ScanTimer::~ScanTimer() = default;

/// Lanes go through the same steps again and again, so the entry after \a before is mostly known.
size_t ScanTimer::place(size_t before, int lane, const QUuid &node, int operation, TimePart part)
{
    const auto isIt = [&](const Entry &entry) {
        return entry.part == part && entry.operation == operation && entry.lane == lane &&
               entry.node == node;
    };
    if (before < m_entries.size() && isIt(m_entries[m_entries[before].next]))
        return m_entries[before].next;
    const auto at = std::find_if(m_entries.begin(), m_entries.end(), isIt);
    const auto found = size_t(at - m_entries.begin());
    if (at == m_entries.end())
        m_entries.push_back({lane, node, operation, part});
    if (before < m_entries.size())
        m_entries[before].next = found;
    return found;
}

void ScanTimer::addTo(Entry &entry, qint64 ns)
{
    if (ns <= 0)
        return;
    ++entry.count;
    entry.ns += ns;
    entry.longestNs = std::max(entry.longestNs, ns);
}

void ScanTimer::add(size_t entry, qint64 ns)
{
    ++m_stretches;
    addTo(m_entries[entry], ns);
}

int ScanTimer::laneNumber(const QString &name)
{
    if (const qsizetype known = m_lanes.indexOf(name); known >= 0)
        return int(known);
    m_lanes.append(name);
    return int(m_lanes.size()) - 1;
}

ScanTiming ScanTimer::timing() const
{
    const qint64 now = m_clock.bootNs();
    std::vector<Entry> entries = m_entries;
    for (const LaneTimer *lane : m_running) {
        if (lane->m_sinceNs >= 0)
            addTo(entries[lane->m_entry], now - lane->m_sinceNs - lane->m_givenNs);
    }
    ScanTiming timing;
    timing.wallNs = now - m_beganNs;
    for (const Entry &entry : entries) {
        if (entry.count > 0)
            timing.add({m_lanes.at(entry.lane), entry.node, m_operations.value(entry.operation),
                        entry.part, entry.count, entry.ns, entry.longestNs});
    }
    return timing;
}

PartTimes ScanTimer::mainParts() const
{
    PartTimes parts{};
    for (const Entry &entry : m_entries) {
        if (entry.lane == m_main->m_lane)
            parts[size_t(entry.part)] += entry.ns;
    }
    if (m_main->m_sinceNs >= 0)
        parts[size_t(m_entries[m_main->m_entry].part)] +=
            m_clock.bootNs() - m_main->m_sinceNs - m_main->m_givenNs;
    return parts;
}

LaneTimer::LaneTimer(ScanTimer &scan, const QString &name)
    : m_scan(scan)
    , m_name(name)
    , m_lane(scan.laneNumber(name))
{
    scan.m_running.push_back(this);
}

/// What is under way is nobody's any more; the clock may be gone already.
LaneTimer::~LaneTimer()
{
    std::erase(m_scan.m_running, this);
}

void LaneTimer::charge(qint64 nowNs)
{
    if (m_sinceNs >= 0)
        m_scan.add(m_entry, nowNs - m_sinceNs - m_givenNs);
    m_sinceNs = nowNs;
    m_givenNs = 0;
}

void LaneTimer::isOf(int operation)
{
    const ScanTimer::Entry entry = m_scan.m_entries[m_entry];
    m_entry = m_scan.place(m_entry, m_lane, entry.node, operation, entry.part);
}

void LaneTimer::give(TimePart part, Nanoseconds duration)
{
    if (m_sinceNs < 0)
        return;
    const qint64 left = nowNs() - m_sinceNs - m_givenNs;
    const qint64 given = std::clamp<qint64>(duration.count(), 0, std::max<qint64>(left, 0));
    const ScanTimer::Entry entry = m_scan.m_entries[m_entry];
    m_scan.add(m_scan.place(m_entry, m_lane, entry.node, entry.operation, part), given);
    m_givenNs += given;
}

void LaneTimer::took(int operation, std::optional<Nanoseconds> planned, Nanoseconds settling)
{
    StepTime &step = m_scan.m_steps[size_t(operation)];
    const qint64 ns = elapsed().count();
    if (planned) {
        ++step.count;
        step.ns += ns;
        step.plannedNs += planned->count();
    } else {
        step.firstNs += ns;
    }
    if (m_lane == 0)
        step.mainLaneNs += ns + settling.count();
}

void LaneTimer::stop()
{
    charge(nowNs());
    m_sinceNs = -1;
}

} // namespace birch
