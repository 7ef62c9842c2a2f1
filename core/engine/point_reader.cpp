#include "core/engine/point_reader.h"

#include <algorithm>

namespace birch {

PointReader::PointReader(const std::vector<ReadHandle> &reads, PointTable &table, Priority priority)
    : m_reads(reads)
    , m_table(table)
    , m_priority(priority)
    , m_isInline(std::all_of(reads.begin(), reads.end(),
                             [](const ReadHandle &read) { return read.inlined != nullptr; }))
{
}

Status PointReader::readNow(const Call &call)
{
    if (!m_table.direct().empty()) {
        const ReadHandle &read = m_reads.front();
        Status status = read.inlined->read(read.index, m_table.direct(), call);
        return status ? std::move(status)
                      : Status(status.error().within(tr("Reading %1").arg(read.name)));
    }
    m_table.beginRow();
    for (int round = 0; round < m_table.averages(); ++round) {
        m_table.beginRound();
        for (size_t read = 0; read < m_reads.size(); ++read) {
            if (Status status = readScratch(read, call); !status)
                return status;
        }
        m_table.finishRound();
    }
    m_table.takeRounds();
    return ok();
}

Status PointReader::readScratch(size_t read, const Call &call)
{
    const ReadHandle &handle = m_reads[read];
    Status status = handle.inlined->read(handle.index, m_table.scratch(int(read)), call);
    return status ? std::move(status)
                  : Status(status.error().within(tr("Reading %1").arg(handle.name)));
}

void PointReader::read(Nanoseconds timeout, bool failFast, std::function<void(const Status &)> done)
{
    m_timeout = timeout;
    m_isFailFast = failFast;
    m_done = std::move(done);
    m_roundsLeft = m_table.averages();
    m_failure.reset();
    m_times = {};
    m_lastAnswered = -1;
    m_table.beginRow();
    beginRound();
}

void PointReader::drop()
{
    ++m_round;
    m_done = nullptr;
}

void PointReader::beginRound()
{
    m_table.beginRound();
    m_pending = m_reads.size();
    const quint64 round = ++m_round;
    for (size_t read = 0; read < m_reads.size(); ++read) {
        const ReadHandle &handle = m_reads[read];
        if (handle.inlined)
            continue;
        const Nanoseconds timeout = m_timeout > Nanoseconds::zero() ? m_timeout : handle.timeout;
        handle.host->read(m_priority, handle.index, timeout, this,
                          [this, read, round](const Result<Reading> &reading) {
                              if (round == m_round)
                                  take(read, reading);
                          });
    }
    // In-process ones while the others are on their way; one reply is still to come by the event
    // loop, because a point of in-process instruments alone goes through readNow().
    for (size_t read = 0; read < m_reads.size(); ++read) {
        if (!m_reads[read].inlined)
            continue;
        --m_pending;
        if (Status status = readScratch(read, Call::within(m_reads[read].timeout)); !status)
            m_failure = status.error();
    }
}

void PointReader::take(size_t read, const Result<Reading> &reading)
{
    --m_pending;
    m_lastAnswered = int(read);
    m_roundTimes = reading ? reading.value().times : ReadTimes();
    const Status taken = reading ? takeReading(read, reading.value()) : Status(reading.error());
    if (!taken && !m_failure)
        m_failure = taken.error().within(tr("Reading %1").arg(m_reads[read].name));
    if (m_failure && (m_isFailFast || m_pending == 0))
        return answer(*m_failure);
    if (m_pending == 0)
        finishRound();
}

Status PointReader::takeReading(size_t read, const Reading &reading)
{
    const auto columns = m_table.scratch(int(read));
    bool isFitting = reading.size() == columns.size();
    for (size_t i = 0; isFitting && i < columns.size(); ++i) {
        isFitting = reading[i].type() == columns[i]->type() && reading[i].rowCount() == 1 &&
                    reading[i].valuesPerRow() == columns[i]->valuesPerRow();
    }
    if (!isFitting)
        return Error{ErrorCode::Protocol, tr("The reading has other columns than the definition "
                                             "says: correct the instrument's definition")};
    for (size_t i = 0; i < columns.size(); ++i)
        columns[i]->append(reading[i]);
    return ok();
}

void PointReader::finishRound()
{
    m_table.finishRound();
    m_times += m_roundTimes;
    if (--m_roundsLeft > 0)
        return beginRound();
    m_table.takeRounds();
    answer(ok());
}

void PointReader::answer(const Status &status)
{
    ++m_round;
    const auto done = std::exchange(m_done, nullptr);
    if (done)
        done(status);
}

} // namespace birch
