#pragma once

#include "core/data/run_observer.h"
#include "core/notify/notice.h"

#include <functional>
#include <map>
#include <optional>

namespace birch {

/// Makes notices of what the engine tells. Engine thread; \a sink returns at once.
class RunNotices final : public RunObserver
{
public:
    RunNotices(QString station, std::function<void(const Notice &)> sink)
        : m_station(std::move(station))
        , m_sink(std::move(sink))
    {
    }

    void started(const OpenedScan &opened, const NewScan &scan) override;
    void batch(const QUuid &scan, const PointBatch &batch) override;
    void paused(const QUuid &scan) override;
    void resumed(const QUuid &scan) override;
    void log(const QUuid &scan, const ScanLogEntry &entry) override;
    void ended(const QUuid &scan, ScanState state, const QString &reason) override;

private:
    struct Running {
        QString scanId;
        ScanDetails details;
        qint64 startedUs = 0;
        qint64 points = 0;
        qint64 pointsPlanned = 0;
        ScanLogEntry complaint; ///< the last warning or error
    };
    Notice about(const QUuid &uid, const Running &scan, NoticeEvent event) const;

    const QString m_station;
    const std::function<void(const Notice &)> m_sink;
    std::map<QUuid, Running> m_running;
};

} // namespace birch
