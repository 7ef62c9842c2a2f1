#include "core/engine/queue_engine.h"

using namespace Qt::StringLiterals;

namespace birch {

QueueEngine::QueueEngine(EnginePorts ports, QueueWorker::SafeFactory safe, QObject *parent)
    : QObject(parent)
    , m_bench(ports.bench)
    , m_stopSwitch(std::make_shared<StopSwitch>())
    , m_worker(new QueueWorker(std::move(ports), std::move(safe), m_stopSwitch))
    , m_calls(new CallQueue(m_worker))
    , m_news(new CallQueue(this))
{
    m_thread.setObjectName(u"engine"_s);
    for (InstrumentHost *host : m_bench.hosts()) {
        if (!host->inlineInstrument())
            continue;
        m_inlineHosts.append(host);
        host->moveToThread(&m_thread);
    }
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    mirror();
    m_thread.start();
    post([worker = m_worker] { worker->begin(); });
}

QueueEngine::~QueueEngine()
{
    // In this order: what is cancelled finds nobody left who would take it for a failed scan.
    post([worker = m_worker, hosts = m_inlineHosts, home = thread()] {
        worker->discard();
        for (InstrumentHost *host : hosts)
            host->moveToThread(home);
        QThread::currentThread()->quit();
    });
    m_stopSwitch->requestAll();
    cancelHosts();
    m_thread.wait();
}

void QueueEngine::mirror()
{
    hear(&QueueWorker::itemAdded, [this](int row, const QueueItem &item) {
        m_items.insert(row, item);
        emit itemAdded(row, item);
    });
    hear(&QueueWorker::itemRemoved, [this](int row, const QUuid &id) {
        m_items.removeAt(row);
        emit itemRemoved(row, id);
    });
    hear(&QueueWorker::itemMoved, [this](int row, int to) {
        m_items.move(row, to);
        emit itemMoved(row, to);
    });
    hear(&QueueWorker::itemChanged, [this](int row, const QueueItem &item) {
        m_items[row] = item;
        emit itemChanged(row, item);
    });
    hear(&QueueWorker::queueStateChanged, [this](QueueState state) {
        m_state = state;
        emit queueStateChanged(state);
    });
    hear(&QueueWorker::progress, [this](const auto &...told) { emit progress(told...); });
    hear(&QueueWorker::logged, [this](const auto &...told) { emit logged(told...); });
    hear(&QueueWorker::safeStateChanged,
         [this](const auto &...told) { emit safeStateChanged(told...); });
    hear(&QueueWorker::scanStored, [this](const auto &...told) { emit scanStored(told...); });
    hear(&QueueWorker::refused, [this](const auto &...told) { emit refused(told...); });
    hear(&QueueWorker::promptAsked, [this](const auto &...told) { emit promptAsked(told...); });
    hear(&QueueWorker::promptClosed, [this](const auto &...told) { emit promptClosed(told...); });
    hear(&QueueWorker::promptRefused, [this](const auto &...told) { emit promptRefused(told...); });
    hear(&QueueWorker::finished, [this](const auto &...told) { emit finished(told...); });
}

void QueueEngine::cancelHosts()
{
    for (InstrumentHost *host : m_bench.hosts())
        host->cancel();
}

void QueueEngine::add(const QueueItem &item)
{
    post([worker = m_worker, item] { worker->add(item, {}); });
}

void QueueEngine::resumeScan(const QueueItem &item, const Continuation &continuation)
{
    post([worker = m_worker, item, continuation] { worker->add(item, continuation); });
}

void QueueEngine::remove(const QUuid &id)
{
    post([worker = m_worker, id] { worker->remove(id); });
}

void QueueEngine::move(const QUuid &id, int to)
{
    post([worker = m_worker, id, to] { worker->move(id, to); });
}

void QueueEngine::updateDetails(const QUuid &id, const ScanDetails &details)
{
    post([worker = m_worker, id, details] { worker->updateDetails(id, details); });
}

void QueueEngine::setTurn(const QUuid &id, const ItemTurn &turn)
{
    post([worker = m_worker, id, turn] { worker->setTurn(id, turn); });
}

void QueueEngine::replace(const QueueItem &item)
{
    post([worker = m_worker, item] { worker->replace(item); });
}

void QueueEngine::runNow(const QUuid &id)
{
    post([worker = m_worker, id] { worker->runNow(id); });
}

void QueueEngine::requeue(const QUuid &id)
{
    post([worker = m_worker, id] { worker->requeue(id); });
}

void QueueEngine::removeEnded()
{
    post([worker = m_worker] { worker->removeEnded(); });
}

void QueueEngine::setParallel(int scans)
{
    post([worker = m_worker, scans] { worker->setParallel(scans); });
}

void QueueEngine::startOnly(const QList<QUuid> &ids)
{
    post([worker = m_worker, ids] { worker->startOnly(ids); });
}

void QueueEngine::pauseOne(const QUuid &id, PauseKind kind)
{
    post([worker = m_worker, id, kind] { worker->pauseOne(id, kind); });
}

void QueueEngine::resumeOne(const QUuid &id)
{
    post([worker = m_worker, id] { worker->resumeOne(id); });
}

void QueueEngine::abortOne(const QUuid &id)
{
    post([worker = m_worker, id] { worker->abortOne(id); });
    m_stopSwitch->request(id);
}

void QueueEngine::setFailedScanPolicy(FailedScan policy)
{
    post([worker = m_worker, policy] { worker->setFailedScanPolicy(policy); });
}

void QueueEngine::setName(const QString &name)
{
    post([worker = m_worker, name] { worker->setName(name); });
}

void QueueEngine::shareQueues()
{
    post([worker = m_worker] { worker->shareQueues(); });
}

void QueueEngine::start()
{
    post([worker = m_worker] { worker->start(); });
}

void QueueEngine::pause(PauseKind kind)
{
    post([worker = m_worker, kind] { worker->pause(kind); });
}

void QueueEngine::resume()
{
    post([worker = m_worker] { worker->resume(); });
}

void QueueEngine::stopAfterScan()
{
    post([worker = m_worker] { worker->stopAfterScan(); });
}

void QueueEngine::abort()
{
    // In this order: whoever hears "cancelled" finds the reason in its event queue already.
    post([worker = m_worker] { worker->abort(); });
    m_stopSwitch->requestAll();
}

void QueueEngine::makeSafe()
{
    post([worker = m_worker] { worker->makeSafe(); });
    m_stopSwitch->requestAll();
    cancelHosts();
}

void QueueEngine::dismissSafe(const QString &nickname)
{
    post([worker = m_worker, nickname] { worker->dismissSafe(nickname); });
}

void QueueEngine::setPromptsAttended(bool isAttended)
{
    post([worker = m_worker, isAttended] { worker->setPromptsAttended(isAttended); });
}

void QueueEngine::answerPrompt(const QUuid &prompt, const QStringList &answers)
{
    post([worker = m_worker, prompt, answers] { worker->answerPrompt(prompt, answers); });
}

void QueueEngine::declinePrompt(const QUuid &prompt)
{
    post([worker = m_worker, prompt] { worker->declinePrompt(prompt); });
}

void QueueEngine::shutdown(ScanState ending, Nanoseconds limit)
{
    post([worker = m_worker, ending, limit] { worker->shutdown(ending, limit); });
    m_stopSwitch->requestAll();
}

} // namespace birch
