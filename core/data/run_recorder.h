#pragma once

#include "core/data/finish_outcome.h"
#include "core/data/run_store.h"

#include <functional>
#include <memory>

class QObject;

namespace birch {

class ScanBacklog;
class SpoolWriter;
class StoreThread;

/// The engine's side of one running scan: what append() has accepted is acquired.
///
/// Belongs to the engine thread; every call is one write to the spool (no database, no sync).
/// After append() returned ok() the rows may be shown. Order of the records is the order of calls.
///
/// Destroying it without finish() leaves the scan as a kill would: what is in the spool is stored
/// as far as the store thread gets, and recovery makes it `interrupted`.
class RunRecorder
{
public:
    /// Starts the spool of a scan that \a store has just created or continued.
    ///
    /// \a objects, \a station, \a planHash as in NewScan. Errors: Full, Io - the scan can not be
    /// recorded; nothing was started (recovery will call it interrupted). \a store must outlive it.
    static Result<std::unique_ptr<RunRecorder>> open(StoreThread &store, const OpenedScan &scan,
                                                     const QString &station,
                                                     const QByteArray &planHash,
                                                     const QList<TableSchema> &objects);
    ~RunRecorder();

    /// Rows and the cursor after them, in one record. The batch joins on: firstRow is nextRow().
    ///
    /// Errors: Full - no space; not acquired, the record may be appended again after space was
    ///                made (the reserve keeps log(), setState() and finish() working);
    ///         Io - the spool can not be written; not acquired;
    ///         BadInput - the batch does not fit the schema or does not join on: a bug, not
    ///         acquired.
    Status append(const PointBatch &batch, const QJsonObject &cursor);
    /// The cursor moved without rows (a wait or a move done); optional, kept by the next record.
    Status setCursor(const QJsonObject &cursor);
    Status log(const ScanLogEntry &entry);
    /// Settings of the instruments as the scan leaves them: nickname -> {parameter: value}.
    Status setEndSettings(const QJsonObject &settings);
    /// Where the time of this run went until now.
    Status setTiming(const ScanTiming &timing);
    /// Paused or Running.
    Status setState(ScanState state);
    /// The ending; nothing can be appended after it. \a done is called once, on the thread of
    /// \a context through its event loop: when everything is stored durably, or when that is left
    /// to recovery (the database has been away for RecorderSettings::giveUpAfter, or the program
    /// ends). Interrupted is allowed: a program that leaves on purpose, so that the scan can be
    /// continued.
    Status finish(ScanState state, const QString &reason, qint64 endedUs, QObject *context,
                  std::function<void(const FinishOutcome &)> done);

    const OpenedScan &scan() const;
    qint64 nextRow(int object) const; ///< also the rows acquired so far

private:
    RunRecorder(StoreThread &store, OpenedScan scan, std::unique_ptr<SpoolWriter> spool,
                std::shared_ptr<ScanBacklog> backlog);
    Status write(QByteArray frame, qint64 rows,
                 std::function<void(const FinishOutcome &)> done = {});
    Status checkBatch(const PointBatch &batch) const;

    StoreThread &m_store;
    OpenedScan m_scan;
    std::unique_ptr<SpoolWriter> m_spool;
    std::shared_ptr<ScanBacklog> m_backlog;
    QList<qint64> m_nextRow;
    qint64 m_logSequence = 0;
    ScanState m_state = ScanState::Running;
};

} // namespace birch
