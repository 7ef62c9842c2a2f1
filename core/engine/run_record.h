#pragma once

#include "core/base/clock.h"
#include "core/data/run_observer.h"
#include "core/engine/run_archive.h"

#include <QList>

#include <functional>

namespace birch {

/// What everybody learns about one running scan, in order: the spool first, then the observers.
/// Engine thread.
class RunRecord
{
public:
    using LogSink = std::function<void(const QUuid &scan, const ScanLogEntry &)>;

    RunRecord(std::shared_ptr<RunWriter> writer, QList<RunObserver *> observers, Clock &clock,
              LogSink sink);

    const OpenedScan &opened() const { return m_writer->opened(); }
    RunWriter &writer() { return *m_writer; }
    qint64 pointsAcquired() const { return m_points; } ///< of this run, over all objects

    void started(const NewScan &scan);
    /// Observers hear of the rows only when they are acquired.
    Status append(const PointBatch &rows, const QJsonObject &cursor);
    void log(const QString &level, const QString &message);
    void log(const ScanLogEntry &entry);
    Status keepEndSettings(const QJsonObject &settings);
    Status pause();
    Status resume();
    Status finish(ScanState state, const QString &reason, QObject *context,
                  std::function<void(const FinishOutcome &)> stored);

private:
    std::shared_ptr<RunWriter> m_writer;
    QList<RunObserver *> m_observers;
    Clock &m_clock;
    LogSink m_sink;
    qint64 m_points = 0;
};

} // namespace birch
