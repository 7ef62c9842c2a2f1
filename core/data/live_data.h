#pragma once

#include "core/data/live_series.h"
#include "core/data/run_observer.h"

#include <deque>
#include <mutex>

namespace birch {

/// A running scan, or one that has just ended, for the charts.
struct LiveScan {
    QUuid scan;
    QString scanId;
    QString name;
    ScanState state = ScanState::Running;
    std::vector<std::shared_ptr<const LiveSeries>> objects;
};

/// Keeps what the running scan has measured, so that charts can pull it at their own rate. Written
/// by the engine thread through RunObserver, asked on any thread.
class LiveData final : public RunObserver
{
public:
    /// \a keptScans: ended scans that stay in memory; the oldest goes first.
    explicit LiveData(int keptScans = 2)
        : m_keptScans(keptScans)
    {
    }

    /// Nothing: not in memory (any more), ask the store.
    std::optional<LiveScan> find(const QUuid &scan) const;
    /// Running ones and the last that ended, oldest first.
    std::vector<LiveScan> scans() const;

    void started(const OpenedScan &opened, const NewScan &scan) override;
    void batch(const QUuid &scan, const PointBatch &batch) override;
    void paused(const QUuid &scan) override;
    void resumed(const QUuid &scan) override;
    void ended(const QUuid &scan, ScanState state, const QString &reason) override;

private:
    struct Entry {
        LiveScan shown;
        std::vector<std::shared_ptr<LiveSeries>> objects;
    };
    Entry *entry(const QUuid &scan);
    void setState(const QUuid &scan, ScanState state);
    void dropOldest();

    const int m_keptScans;
    mutable std::mutex m_scansMutex; // guards m_scans, not what the series hold
    std::deque<Entry> m_scans;
};

} // namespace birch
