#include "core/data/scan_backlog.h"

namespace birch {

ScanBacklog::ScanBacklog(OpenedScan scan, SpoolHeader header, std::shared_ptr<SpoolLock> lock,
                         const RecorderSettings &settings)
    : m_scan(std::move(scan))
    , m_header(std::move(header))
    , m_lock(std::move(lock))
    , m_memoryBytes(settings.memoryBytes)
    , m_flushRows(settings.flushRows)
{
}

void ScanBacklog::Total::add(const Record &record)
{
    ++records;
    rows += record.rows;
    bytes += record.bytes;
}

/// True when \a record, which is not kept in memory, may be counted as one with the last: a
/// database that is away for a day must not cost memory per point.
bool ScanBacklog::joinsLast(const Record &record) const
{
    if (m_pushed.records == std::max(m_syncing.records, m_dropped.records))
        return false; // the last one is with the sync or store thread already
    const Record &last = m_records.back();
    return record.frame.isEmpty() && last.frame.isEmpty() &&
           last.position.segment == record.position.segment &&
           last.position.offset + last.bytes == record.position.offset &&
           last.rows + record.rows <= m_flushRows && last.bytes + record.bytes <= (1 << 20);
}

void ScanBacklog::push(Record record, const std::shared_ptr<const SpoolSegment> &segment)
{
    const std::lock_guard guard(m_recordsMutex);
    pushLocked(std::move(record), segment);
}

void ScanBacklog::pushLocked(Record record, const std::shared_ptr<const SpoolSegment> &segment)
{
    record.since = SteadyClock::now();
    if (m_refusal || m_inMemory + record.bytes > m_memoryBytes)
        record.frame = QByteArray();
    m_inMemory += record.frame.size();
    m_rows += record.rows;
    m_currentSegment = segment->number;
    if (m_dirty.empty() || m_dirty.back() != segment)
        m_dirty.push_back(segment);
    m_pushed.rows += record.rows;
    m_pushed.bytes += record.bytes;
    if (joinsLast(record)) {
        m_records.back().rows += record.rows;
        m_records.back().bytes += record.bytes;
    } else {
        m_records.push_back(std::move(record));
        ++m_pushed.records;
    }
}

void ScanBacklog::pushEnding(Record record, const std::shared_ptr<const SpoolSegment> &segment,
                             std::function<void(const FinishOutcome &)> done)
{
    {
        const std::lock_guard guard(m_recordsMutex);
        pushLocked(std::move(record), segment);
        m_isFinished = true;
        m_finishedAt = SteadyClock::now();
        if (!m_refusal) {
            m_done = std::move(done);
            return;
        }
    }
    done(*m_refusal); // set once and for all
}

void ScanBacklog::refuse(const FinishOutcome &outcome)
{
    const std::lock_guard guard(m_recordsMutex);
    m_refusal = outcome;
}

void ScanBacklog::abandon()
{
    const std::lock_guard guard(m_recordsMutex);
    m_isAbandoned = true;
}

bool ScanBacklog::takeSegmentFault()
{
    const std::lock_guard guard(m_recordsMutex);
    return std::exchange(m_hasSegmentFault, false);
}

std::vector<std::shared_ptr<const SpoolSegment>> ScanBacklog::beginSync()
{
    const std::lock_guard guard(m_recordsMutex);
    m_syncing = m_pushed;
    return std::exchange(m_dirty, {});
}

void ScanBacklog::endSync(bool isFault)
{
    const std::lock_guard guard(m_recordsMutex);
    m_synced = m_syncing;
    m_hasSegmentFault = m_hasSegmentFault || isFault;
}

bool ScanBacklog::hasUnsynced() const
{
    const std::lock_guard guard(m_recordsMutex);
    return m_synced.bytes != m_pushed.bytes;
}

ScanBacklog::Pending ScanBacklog::pending() const
{
    const std::lock_guard guard(m_recordsMutex);
    Pending pending;
    pending.isAny = m_synced.records != m_dropped.records;
    const bool isDrained = m_isAbandoned && m_pushed.records == m_dropped.records;
    pending.isUrgent = isDrained || ((m_isFinished || m_isAbandoned) && pending.isAny);
    if (pending.isAny) {
        pending.since = m_records.front().since;
        pending.rows = m_synced.rows - m_dropped.rows;
        pending.bytes = m_synced.bytes - m_dropped.bytes;
    }
    return pending;
}

ScanBacklog::Taken ScanBacklog::take(qint64 mostRows) const
{
    const std::lock_guard guard(m_recordsMutex);
    Taken taken;
    const size_t ready = size_t(m_synced.records - m_dropped.records);
    qint64 rows = 0;
    for (size_t i = 0; i < ready; ++i) {
        rows += m_records[i].rows;
        if (rows > mostRows && i > 0)
            break;
        taken.records.push_back(m_records[i]);
    }
    const size_t count = taken.records.size();
    taken.lastNeededSegment =
        count < m_records.size() ? m_records[count].position.segment : m_currentSegment;
    taken.isFinished = m_isFinished && count == m_records.size();
    return taken;
}

void ScanBacklog::drop(size_t records)
{
    const std::lock_guard guard(m_recordsMutex);
    for (size_t i = 0; i < records; ++i) {
        m_rows -= m_records.front().rows;
        m_inMemory -= m_records.front().frame.size();
        m_dropped.add(m_records.front());
        m_records.pop_front();
    }
}

std::function<void(const FinishOutcome &)> ScanBacklog::takeDone()
{
    const std::lock_guard guard(m_recordsMutex);
    return std::exchange(m_done, nullptr);
}

bool ScanBacklog::isFinished() const
{
    const std::lock_guard guard(m_recordsMutex);
    return m_isFinished;
}

bool ScanBacklog::isAbandoned() const
{
    const std::lock_guard guard(m_recordsMutex);
    return m_isAbandoned;
}

std::optional<ScanBacklog::SteadyClock::time_point> ScanBacklog::finishedAt() const
{
    const std::lock_guard guard(m_recordsMutex);
    return m_isFinished ? std::optional(m_finishedAt) : std::nullopt;
}

} // namespace birch
