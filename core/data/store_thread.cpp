#include "core/data/store_thread.h"

#include "core/base/log.h"
#include "core/data/reply_relay.h"
#include "core/data/store_worker.h"

namespace birch {

StoreThread::StoreThread(RunStoreFactory factory, RecorderSettings settings, QObject *parent,
                         const SpoolDisk *disk)
    : QObject(parent)
    , m_worker(std::make_unique<StoreWorker>(
          std::move(factory), std::move(settings), disk ? *disk : systemDisk(),
          StoreWorker::Events{[this](const QString &problem) { emit problemChanged(problem); },
                              [this](const QUuid &scan, const QString &message) {
                                  emit scanFault(scan, message);
                              }}))
{
}

StoreThread::~StoreThread() = default;

const RecorderSettings &StoreThread::settings() const
{
    return m_worker->settings();
}

void StoreThread::createScan(const NewScan &scan, QObject *context, StoreReply<OpenedScan> reply)
{
    m_worker->post(
        [worker = m_worker.get(), scan,
         answer = onThreadOf<Result<OpenedScan>>(context, std::move(reply))](
            const Result<RunStore *> &store) {
            const auto opened = worker->createScan(store, scan);
            answer(opened);
            // The scan need not wait for the disk: no row of it is there before this is.
            worker->makeDurable();
        },
        StoreWorker::Patience::None);
}

void StoreThread::continueScan(const QUuid &scan, QObject *context, StoreReply<OpenedScan> reply)
{
    m_worker->post([worker = m_worker.get(), scan,
                    answer = onThreadOf<Result<OpenedScan>>(context, std::move(reply))](
                       const Result<RunStore *> &store) {
        answer(store ? worker->continueScan(*store.value(), scan) : store.error());
    });
}

void StoreThread::createQueue(const QString &name, const QString &mode, QObject *context,
                              StoreReply<QUuid> reply)
{
    m_worker->post(
        [worker = m_worker.get(), name, mode,
         answer = onThreadOf<Result<QUuid>>(context, std::move(reply))](
            const Result<RunStore *> &store) { answer(worker->createQueue(store, name, mode)); },
        StoreWorker::Patience::None);
}

void StoreThread::setQueueState(const QUuid &queue, QueueState state)
{
    m_worker->post(
        [worker = m_worker.get(), queue, state](const Result<RunStore *> &store) {
            if (const Status done = worker->setQueueState(store, queue, state); !done)
                qCWarning(lcData).noquote()
                    << "The queue's state is not stored:" << done.error().message;
        },
        StoreWorker::Patience::None);
}

void StoreThread::run(std::function<void(Result<RunStore *>)> work)
{
    m_worker->post(std::move(work));
}

qint64 StoreThread::backlogRows() const
{
    return m_worker->backlogRows();
}

std::chrono::milliseconds StoreThread::backlogAge() const
{
    return m_worker->backlogAge();
}

QString StoreThread::problem() const
{
    return m_worker->problem();
}

} // namespace birch
