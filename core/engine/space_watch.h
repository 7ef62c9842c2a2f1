#pragma once

#include "core/base/clock.h"
#include "core/engine/space_check.h"

#include <QObject>
#include <QSet>

namespace birch {

/// How little space is too little.
struct SpaceLevels {
    qint64 warnBytes = 0;  ///< 0: never
    qint64 pauseBytes = 0; ///< of the spool's disk; 0: never
    Nanoseconds interval = std::chrono::seconds(5);
};

/// Looks at the disks of the points while scans run, and says in time when one gets short. The
/// database's may fill up: points stay in the spool then, which is told and no reason to stop; that
/// of the spool may not. A warning comes once, and again after there was space in between. Belongs
/// to one thread; the look takes a system call.
class SpaceWatch : public QObject
{
    Q_OBJECT
public:
    using SpaceOf = std::function<std::optional<DiskSpace>(const QString &)>;

    /// \a clock outlives it.
    SpaceWatch(DataPlaces places, SpaceLevels levels, Clock &clock, SpaceOf spaceOf = diskSpaceOf,
               QObject *parent = nullptr);

    /// Looks at once and from time to time while \a isRunning.
    void setRunning(bool isRunning);

signals:
    void warned(const QString &message);
    /// At every look: scans have to pause, what is acquired must not meet a full disk.
    void exhausted(const QString &message);
    /// There is space again.
    void relieved();

private:
    void look();
    void warn(const QString &folder, const DiskSpace &space);
    void pause(const QString &folder, const DiskSpace &space);

    const DataPlaces m_places;
    const SpaceLevels m_levels;
    Clock &m_clock;
    const SpaceOf m_spaceOf;
    bool m_isRunning = false;
    int m_round = 0; ///< looks of an earlier run are void
    QSet<QString> m_warned;
    bool m_isExhausted = false;
};

} // namespace birch
