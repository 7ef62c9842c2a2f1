#include "core/data/spool_syncer.h"

#include "core/base/file_io.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <cerrno>

namespace birch {

SpoolSyncer::SpoolSyncer(std::chrono::milliseconds interval, const SpoolDisk &disk, Events events)
    : m_interval(interval)
    , m_disk(disk)
    , m_events(std::move(events))
    , m_thread([this] { loop(); })
{
}

SpoolSyncer::~SpoolSyncer()
{
    {
        const std::lock_guard guard(m_scansMutex);
        m_isStopping = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void SpoolSyncer::attach(std::shared_ptr<ScanBacklog> backlog)
{
    {
        const std::lock_guard guard(m_scansMutex);
        m_scans.push_back(std::move(backlog));
    }
    m_wake.notify_all();
}

void SpoolSyncer::detach(const std::shared_ptr<ScanBacklog> &backlog)
{
    const std::lock_guard guard(m_scansMutex);
    std::erase(m_scans, backlog);
}

void SpoolSyncer::syncNow()
{
    {
        const std::lock_guard guard(m_scansMutex);
        m_isWanted = true;
    }
    m_wake.notify_all();
}

void SpoolSyncer::loop()
{
    std::unique_lock lock(m_scansMutex);
    while (!m_isStopping) {
        const auto isWanted = [this] { return m_isWanted || m_isStopping; };
        if (m_scans.empty())
            m_wake.wait(lock, [&] { return isWanted() || !m_scans.empty(); });
        else
            m_wake.wait_until(lock, std::chrono::steady_clock::now() + m_interval, isWanted);
        m_isWanted = false;
        lock.unlock();
        syncAll();
        lock.lock();
    }
    lock.unlock();
    syncAll();
}

void SpoolSyncer::syncAll()
{
    std::vector<std::shared_ptr<ScanBacklog>> scans;
    {
        const std::lock_guard guard(m_scansMutex);
        scans = m_scans;
    }
    for (const auto &scan : scans) {
        if (!scan->hasUnsynced())
            continue;
        const Status synced = syncOne(*scan);
        scan->endSync(!synced);
        if (!synced)
            m_events.fault(scan->scan().uid, synced.error().message);
        m_events.synced();
    }
    if (scans.empty())
        m_named.clear();
}

Status SpoolSyncer::syncOne(ScanBacklog &backlog)
{
    Status result = ok();
    for (const auto &segment : backlog.beginSync()) {
        if (Status synced = sync(*segment, backlog.lock().folder()); !synced)
            result = synced;
    }
    return result;
}

Status SpoolSyncer::sync(const SpoolSegment &segment, const QString &folder)
{
    const bool isNew = m_named.emplace(folder, segment.number).second;
    if (isNew) { // a new file is there after a power cut only when its folder is synced as well
        Status named = syncFolder(folder);
        if (named && segment.number == 1)
            named = syncFolder(QFileInfo(folder).path());
        if (!named)
            return named;
    }
    if (m_disk.sync(segment.file.get()) == 0)
        return ok();
    const QString path = segmentPath(folder, segment.number);
    return Error{ErrorCode::Io,
                 QCoreApplication::translate(
                     "SpoolSyncer", "%1 could not be brought to the disk (%2): the scan is paused; "
                                    "check the disk, then resume")
                     .arg(path, QString::fromLocal8Bit(strerrordesc_np(errno)))};
}

} // namespace birch
