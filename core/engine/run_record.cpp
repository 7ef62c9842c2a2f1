#include "core/engine/run_record.h"

namespace birch {

RunRecord::RunRecord(std::shared_ptr<RunWriter> writer, QList<RunObserver *> observers,
                     Clock &clock, LogSink sink)
    : m_writer(std::move(writer))
    , m_observers(std::move(observers))
    , m_clock(clock)
    , m_sink(std::move(sink))
{
}

void RunRecord::started(const NewScan &scan)
{
    for (RunObserver *observer : std::as_const(m_observers))
        observer->started(opened(), scan);
}

Status RunRecord::append(const PointBatch &rows, const QJsonObject &cursor)
{
    if (Status written = m_writer->append(rows, cursor); !written)
        return written;
    m_points += rows.rowCount();
    for (RunObserver *observer : std::as_const(m_observers))
        observer->batch(opened().uid, rows);
    return ok();
}

void RunRecord::log(const QString &level, const QString &message)
{
    log({m_clock.wallNs(), level, message});
}

void RunRecord::log(const ScanLogEntry &entry)
{
    // A log line that can not be written is still shown; the next append says that the disk is
    // full.
    (void)m_writer->log(entry);
    for (RunObserver *observer : std::as_const(m_observers))
        observer->log(opened().uid, entry);
    m_sink(opened().uid, entry);
}

Status RunRecord::keepEndSettings(const QJsonObject &settings)
{
    Status kept = m_writer->setEndSettings(settings);
    for (RunObserver *observer : std::as_const(m_observers))
        observer->endSettings(opened().uid, settings);
    return kept;
}

Status RunRecord::pause()
{
    if (Status stored = m_writer->setState(ScanState::Paused); !stored)
        return stored;
    for (RunObserver *observer : std::as_const(m_observers))
        observer->paused(opened().uid);
    return ok();
}

Status RunRecord::resume()
{
    if (Status stored = m_writer->setState(ScanState::Running); !stored)
        return stored;
    for (RunObserver *observer : std::as_const(m_observers))
        observer->resumed(opened().uid);
    return ok();
}

Status RunRecord::finish(ScanState state, const QString &reason, QObject *context,
                         std::function<void(const FinishOutcome &)> stored)
{
    Status written =
        m_writer->finish(state, reason, m_clock.wallNs() / 1000, context, std::move(stored));
    for (RunObserver *observer : std::as_const(m_observers))
        observer->ended(opened().uid, state, reason);
    return written;
}

} // namespace birch
