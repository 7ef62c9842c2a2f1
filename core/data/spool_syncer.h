#pragma once

#include "core/data/scan_backlog.h"

#include <condition_variable>
#include <set>
#include <thread>

namespace birch {

/// Syncs the spools of all running scans on a thread of its own: at an interval, and at once when
/// asked to.
class SpoolSyncer
{
public:
    struct Events {
        std::function<void()> synced; ///< records have become ready to be stored
        std::function<void(const QUuid &scan, const QString &message)> fault;
    };

    /// Both are called on the sync thread. \a disk outlives this.
    SpoolSyncer(std::chrono::milliseconds interval, const SpoolDisk &disk, Events events);
    /// Syncs once more, then joins the thread.
    ~SpoolSyncer();

    void attach(std::shared_ptr<ScanBacklog> backlog);
    void detach(const std::shared_ptr<ScanBacklog> &backlog);
    void syncNow();

private:
    void loop();
    void syncAll();
    Status syncOne(ScanBacklog &backlog);
    Status sync(const SpoolSegment &segment, const QString &folder);

    const std::chrono::milliseconds m_interval;
    const SpoolDisk &m_disk;
    const Events m_events;
    std::mutex m_scansMutex; // guards the next three
    std::vector<std::shared_ptr<ScanBacklog>> m_scans;
    bool m_isWanted = false;
    bool m_isStopping = false;
    std::condition_variable m_wake;
    std::set<std::pair<QString, qint64>> m_named; // sync thread: segments whose names are on disk
    std::thread m_thread;
};

} // namespace birch
