#include "core/engine/stored_runs.h"

#include "core/data/store_thread.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class StoredRun final : public RunWriter
{
public:
    explicit StoredRun(std::unique_ptr<RunRecorder> recorder)
        : m_recorder(std::move(recorder))
    {
    }

    const OpenedScan &opened() const override { return m_recorder->scan(); }
    qint64 nextRow(int object) const override { return m_recorder->nextRow(object); }
    Status append(const PointBatch &rows, const QJsonObject &cursor) override
    {
        return m_recorder->append(rows, cursor);
    }
    Status log(const ScanLogEntry &entry) override { return m_recorder->log(entry); }
    Status setEndSettings(const QJsonObject &settings) override
    {
        return m_recorder->setEndSettings(settings);
    }
    Status setTiming(const ScanTiming &timing) override { return m_recorder->setTiming(timing); }
    Status setState(ScanState state) override { return m_recorder->setState(state); }
    Status finish(ScanState state, const QString &reason, qint64 endedUs, QObject *context,
                  std::function<void(const FinishOutcome &)> stored) override
    {
        return m_recorder->finish(state, reason, endedUs, context, std::move(stored));
    }

private:
    std::unique_ptr<RunRecorder> m_recorder;
};

/// Opens the spool of a scan that the database has just handed over.
StoreReply<OpenedScan> openRecorder(StoreThread &store, const NewScan &scan,
                                    RunArchive::Reply<std::shared_ptr<RunWriter>> reply)
{
    return [&store, station = scan.station, hash = scan.planHash, objects = scan.objects,
            reply = std::move(reply)](const Result<OpenedScan> &opened) {
        if (!opened)
            return reply(opened.error());
        auto recorder = RunRecorder::open(store, opened.value(), station, hash, objects);
        if (!recorder)
            return reply(recorder.error());
        reply(std::shared_ptr<RunWriter>(std::make_shared<StoredRun>(std::move(recorder).value())));
    };
}

} // namespace

void StoredRuns::create(const NewScan &scan, QObject *context,
                        Reply<std::shared_ptr<RunWriter>> reply)
{
    m_store.createScan(scan, context, openRecorder(m_store, scan, std::move(reply)));
}

void StoredRuns::resume(const NewScan &scan, QObject *context,
                        Reply<std::shared_ptr<RunWriter>> reply)
{
    m_store.continueScan(scan.uid, context, openRecorder(m_store, scan, std::move(reply)));
}

void StoredRuns::createQueue(const QString &name, QObject *context, Reply<QUuid> reply)
{
    m_store.createQueue(name, u"serial"_s, context, std::move(reply));
}

void StoredRuns::setQueueState(const QUuid &queue, QueueState state)
{
    m_store.setQueueState(queue, state);
}

void StoredRuns::watchFaults(QObject *context,
                             std::function<void(const QUuid &, const QString &)> report)
{
    QObject::connect(&m_store, &StoreThread::scanFault, context, std::move(report));
}

void StoredRuns::tellFault(const QUuid &scan, const QString &message)
{
    emit m_store.scanFault(scan, message);
}

} // namespace birch
