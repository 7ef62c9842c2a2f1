#include "drivers/discovery/discovery_search.h"

#include "drivers/discovery/discovery_worker.h"

#include <QThread>

namespace birch {

DiscoverySearch::DiscoverySearch(DiscoveryOptions options, QList<DefinitionPtr> definitions,
                                 QObject *parent)
    : QObject(parent)
    , m_options(std::move(options))
    , m_definitions(std::move(definitions))
{
}

DiscoverySearch::~DiscoverySearch()
{
    if (!m_thread)
        return;
    m_stop.request_stop();
    m_thread->quit();
    m_thread->wait();
}

void DiscoverySearch::start()
{
    if (m_thread)
        return;
    m_thread = std::make_unique<QThread>();
    auto *worker = new DiscoveryWorker(m_options, m_definitions, m_stop.get_token());
    worker->moveToThread(m_thread.get());
    connect(m_thread.get(), &QThread::started, worker, &DiscoveryWorker::start);
    connect(m_thread.get(), &QThread::finished, worker, &QObject::deleteLater);
    connect(worker, &DiscoveryWorker::found, this, &DiscoverySearch::found);
    connect(worker, &DiscoveryWorker::gone, this, &DiscoverySearch::gone);
    connect(worker, &DiscoveryWorker::finished, this, &DiscoverySearch::finished);
    m_thread->start();
}

void DiscoverySearch::stop()
{
    m_stop.request_stop();
}

} // namespace birch
