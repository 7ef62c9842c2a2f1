#pragma once

#include "core/data/run_recorder.h"

#include <QJsonObject>

#include <functional>
#include <memory>

class QObject;

namespace birch {

/// The record of one running scan as the engine writes it. Engine thread; nothing here takes longer
/// than a write to the spool. Destroying it without finish() leaves the scan as a kill would.
class RunWriter
{
public:
    virtual ~RunWriter() = default;

    virtual const OpenedScan &opened() const = 0;
    virtual qint64 nextRow(int object) const = 0;

    /// Rows and the position in the plan after them, both or neither. Once this returns ok the
    /// points are acquired: they survive the process.
    /// Errors: Full, Io - nothing of this call is kept; the scan has to end.
    virtual Status append(const PointBatch &rows, const QJsonObject &cursor) = 0;
    virtual Status log(const ScanLogEntry &entry) = 0;
    /// Settings of the instruments as the scan leaves them, before finish().
    virtual Status setEndSettings(const QJsonObject &settings) = 0;
    /// Where the time of this run went until now. Says nothing about where the scan stands.
    virtual Status setTiming(const ScanTiming &timing) = 0;
    /// Running or Paused; an ending goes through finish().
    virtual Status setState(ScanState state) = 0;
    /// The one ending; after ok it survives the process. \a stored is called once, on the thread of
    /// \a context through its event loop, when the database has everything or when that is left to
    /// recovery.
    virtual Status finish(ScanState state, const QString &reason, qint64 endedUs, QObject *context,
                          std::function<void(const FinishOutcome &)> stored) = 0;
};

/// Makes the records of scans. Every call returns at once; its reply comes once, through the event
/// loop, on the thread of \a context, and is dropped when \a context is gone. Outlives the engine.
class RunArchive
{
public:
    template<typename T>
    using Reply = std::function<void(Result<T>)>;

    virtual ~RunArchive() = default;

    /// A new scan in state `running`.
    virtual void create(const NewScan &scan, QObject *context,
                        Reply<std::shared_ptr<RunWriter>> reply) = 0;
    /// Takes the interrupted scan \a scan.uid over; of the rest station, plan hash and objects
    /// count. Conflict: it runs elsewhere, its spool waits for recovery, or somebody was faster.
    virtual void resume(const NewScan &scan, QObject *context,
                        Reply<std::shared_ptr<RunWriter>> reply) = 0;

    virtual void createQueue(const QString &name, QObject *context, Reply<QUuid> reply) = 0;
    virtual void setQueueState(const QUuid &queue, QueueState state) = 0;

    /// \a report is called on the thread of \a context whenever what was written for a scan turns
    /// out not to be safe: the scan pauses.
    virtual void watchFaults(QObject *context,
                             std::function<void(const QUuid &, const QString &)> report) = 0;
};

} // namespace birch
