#include "core/data/scan_drain.h"

#include "core/data/spool_reader.h"
#include "core/data/spooled_scan.h"

#include <QCoreApplication>
#include <QFile>

#include <algorithm>

namespace birch {

namespace {
constexpr std::chrono::milliseconds kForTheNext{20};

QString text(const char *source)
{
    return QCoreApplication::translate("ScanDrain", source);
}

/// True for an answer that will be the same tomorrow.
bool isRefusal(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Conflict:
    case ErrorCode::NotFound:
    case ErrorCode::BadInput:
    case ErrorCode::OutOfRange:
    case ErrorCode::Denied:
    case ErrorCode::Internal:
        return true;
    default:
        return false;
    }
}

/// True when a database holds no more of any object, and less of one.
bool holdsFewer(const QList<qint64> &actual, const QList<qint64> &expected)
{
    if (actual.size() != expected.size() || actual == expected)
        return false;
    return std::equal(actual.begin(), actual.end(), expected.begin(),
                      [](qint64 has, qint64 should) { return has <= should; });
}

} // namespace

ScanDrain::ScanDrain(std::shared_ptr<ScanBacklog> backlog, const RecorderSettings &settings)
    : m_backlog(std::move(backlog))
    , m_settings(settings)
    , m_stored(m_backlog->scan())
    , m_isUnborn(hasSpooledScan(m_backlog->lock().folder()))
{
}

std::optional<ScanBacklog::SteadyClock::time_point>
ScanDrain::dueAt(ScanBacklog::SteadyClock::time_point now) const
{
    const auto pending = m_backlog->pending();
    if (pending.isUrgent) {
        // It is safe in the spool; the next scan of the queue is about to begin and goes first.
        const auto finished = m_backlog->finishedAt();
        return finished ? std::max(now, *finished + kForTheNext) : now;
    }
    if (!pending.isAny)
        return {};
    if (pending.rows >= m_settings.flushRows || pending.bytes >= m_settings.flushBytes)
        return now;
    return pending.since + m_settings.flushInterval;
}

Result<ScanDrain::Step> ScanDrain::step(RunStore &store, ChunkEncoder &encoder)
{
    if (m_isUnborn) {
        auto begun = begin(store);
        if (!begun || begun.value() != Step::Idle)
            return begun;
    }
    if (m_inDoubt) {
        auto settled = settleDoubt(store, encoder);
        if (!settled || settled.value() != Step::Idle)
            return settled;
    }
    const auto taken = m_backlog->take(m_settings.maxRowsPerCommit);
    if (!taken.records.empty())
        return commit(store, encoder, taken);
    // The order matters: a sync may tick off the last records between the two questions.
    if (m_backlog->isAbandoned() && !m_backlog->hasUnsynced() && !m_backlog->pending().isAny)
        return Step::Released;
    return Step::Idle;
}

Result<ScanDrain::Step> ScanDrain::begin(RunStore &store)
{
    const QString folder = m_backlog->lock().folder();
    const auto scan = readSpooledScan(folder);
    if (!scan && scan.error().code == ErrorCode::NotFound) { // it was on its way there already
        m_isUnborn = false;
        return Step::Idle;
    }
    if (!scan)
        return refuse(scan.error());
    const auto opened = store.createScan(scan.value());
    if (!opened && isRefusal(opened.error().code))
        return refuse(opened.error());
    if (!opened)
        return opened.error();
    m_stored = opened.value();
    m_stored.rowsStored.resize(m_backlog->objects().size());
    if (Status durable = store.makeDurable(m_stored.uid); !durable)
        return durable.error();
    m_isUnborn = false;
    removeSpooledScan(folder);
    return Step::Idle;
}

/// Did the commit that was answered with an error go through all the same?
Result<ScanDrain::Step> ScanDrain::settleDoubt(RunStore &store, ChunkEncoder &encoder)
{
    const auto found = store.openForRecovery(m_stored.uid);
    if (!found)
        return isRefusal(found.error().code) ? Result<Step>(refuse(found.error())) : found.error();
    const OpenedScan &actual = found.value();
    const bool hadRows = m_inDoubt->rowsAfter != m_stored.rowsStored;
    if (actual.epoch == m_stored.epoch && hadRows && actual.rowsStored == m_inDoubt->rowsAfter) {
        m_stored.state = actual.state;
        return accept(*std::exchange(m_inDoubt, {}));
    }
    if (actual.epoch == m_stored.epoch && holdsFewer(actual.rowsStored, m_stored.rowsStored)) {
        auto stored = storeAgain(store, encoder, actual);
        if (stored && stored.value() == Step::Idle)
            m_inDoubt.reset();
        return stored;
    }
    if (actual.epoch != m_stored.epoch || actual.rowsStored != m_stored.rowsStored) {
        return refuse({ErrorCode::Conflict,
                       text("Another program writes to scan %1: its points are kept in %2")
                           .arg(m_stored.scanId, m_backlog->lock().folder())});
    }
    m_stored.state = actual.state;
    m_inDoubt.reset();
    return Step::Idle;
}

/// A server that crashed has forgotten commits that were not on its disk. Their segments are still
/// there: the rows are read once more, up to where the backlog begins.
Result<ScanDrain::Step> ScanDrain::storeAgain(RunStore &store, ChunkEncoder &encoder,
                                              const OpenedScan &actual)
{
    auto reader = SpoolReader::open(m_backlog->lock().folder());
    if (!reader)
        return refuse(reader.error());
    OpenedScan reached = actual;
    while (reached.rowsStored != m_stored.rowsStored) {
        CommitBuilder builder(reached, m_backlog->objects(), encoder);
        QList<qint64> next = reached.rowsStored;
        while (builder.rows() < m_settings.maxRowsPerCommit && next != m_stored.rowsStored) {
            auto record = reader.value().next();
            if (!record)
                return refuse(record.error());
            if (!record.value())
                return refuse({ErrorCode::Conflict,
                               text("The database has lost rows that the spool has no more")});
            const auto *rows = std::get_if<RowsRecord>(&*record.value());
            if (!rows) // log and states are durable in the database
                continue;
            qint64 &reachedRow = next[rows->batch.object];
            reachedRow = std::max(reachedRow, rows->batch.firstRow + rows->batch.rowCount());
            if (Status added = builder.add(std::move(*record.value())); !added)
                return refuse(added.error());
        }
        ScanCommit commit = builder.build();
        commit.isDurable = true;
        if (Status stored = store.commit(commit); !stored)
            return stored.error();
        reached.rowsStored = commit.rowsAfter;
        reached.state = commit.state.value_or(reached.state);
    }
    m_stored.state = reached.state;
    return Step::Idle;
}

Result<ScanDrain::Step> ScanDrain::commit(RunStore &store, ChunkEncoder &encoder,
                                          const ScanBacklog::Taken &taken)
{
    CommitBuilder builder(m_stored, m_backlog->objects(), encoder);
    if (Status gathered = gather(taken, builder); !gathered)
        return refuse(gathered.error());
    ScanCommit commit = builder.build();
    commit.isDurable = taken.isFinished || taken.lastNeededSegment > m_firstSegment;
    const Status stored = store.commit(commit);
    m_inDoubt =
        InDoubt{taken.records.size(), commit.rowsAfter, taken.isFinished, taken.lastNeededSegment};
    if (stored) {
        m_stored.state = commit.state.value_or(m_stored.state);
        return accept(*std::exchange(m_inDoubt, {}));
    }
    if (isRefusal(stored.error().code) && ++m_refusals > 1)
        return refuse(stored.error());
    return stored.error();
}

Status ScanDrain::gather(const ScanBacklog::Taken &taken, CommitBuilder &builder) const
{
    for (const ScanBacklog::Record &record : taken.records) {
        QByteArray frames = record.frame;
        if (frames.isEmpty()) {
            auto read = readFramesAt(m_backlog->lock().folder(), record.position, record.bytes);
            if (!read)
                return read.error();
            frames = std::move(read).value();
        }
        for (QByteArrayView rest = frames; !rest.isEmpty();) {
            const qint64 size = announcedPayload(rest).value_or(0) + kFrameOverhead;
            auto decoded =
                decodeFrame(rest.first(std::min<qint64>(size, rest.size())), m_backlog->objects());
            if (!decoded)
                return decoded.error();
            if (Status added = builder.add(std::move(decoded).value()); !added)
                return added;
            rest = rest.sliced(size);
        }
    }
    return ok();
}

Result<ScanDrain::Step> ScanDrain::accept(const InDoubt &stored)
{
    m_refusals = 0;
    m_stored.rowsStored = stored.rowsAfter;
    m_backlog->drop(stored.records);
    for (; m_firstSegment < stored.lastNeededSegment; ++m_firstSegment)
        QFile::remove(segmentPath(m_backlog->lock().folder(), m_firstSegment));
    if (!stored.isFinished)
        return Step::Stored;
    // A folder that can not be deleted is found and deleted by the next recovery: all is stored.
    (void)m_backlog->lock().removeFolder();
    if (auto done = m_backlog->takeDone())
        done({true, {}});
    return Step::Released;
}

ScanDrain::Step ScanDrain::refuse(const Error &error)
{
    m_refusal = text("Scan %1 can not be stored: %2").arg(m_stored.scanId, error.message);
    m_backlog->refuse(left(m_refusal));
    reportLeft(m_refusal);
    return Step::Refused;
}

FinishOutcome ScanDrain::left(const QString &why) const
{
    return {false,
            text("%1. Its points are safe in %2 and are stored as soon as that is solved, or at "
                 "the next start")
                .arg(why, m_backlog->lock().folder())};
}

void ScanDrain::reportLeft(const QString &why)
{
    if (auto done = m_backlog->takeDone())
        done(left(why));
}

} // namespace birch
