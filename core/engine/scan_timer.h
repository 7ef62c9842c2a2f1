#pragma once

#include "core/base/clock.h"
#include "core/data/scan_timing.h"

#include <QStringList>

#include <vector>

namespace birch {

class LaneTimer;

/// How long the steps took of which an operation was the last to be done.
struct StepTime {
    qint64 count = 0;
    qint64 ns = 0;
    qint64 plannedNs = 0;  ///< of that: travel at the declared rate and dwell
    qint64 firstNs = 0;    ///< beside these: of moves from where nobody had seen it stand
    qint64 mainLaneNs = 0; ///< in the main lane, with the settle times that nodes ask for
};

/// Counts where the time of one run of a scan goes, for its record. Reading the clock and adding is
/// all that is done per step. Engine thread; outlives its lanes.
class ScanTimer
{
public:
    /// The wall time begins.
    explicit ScanTimer(const Clock &clock);
    ~ScanTimer();

    LaneTimer &main() { return *m_main; }
    /// As operations of a lane, from here on counted from 0.
    void setOperations(const QStringList &names)
    {
        m_operations = names;
        m_steps.assign(size_t(names.size()), {});
    }
    /// Until now, what is under way included.
    ScanTiming timing() const;
    /// Of the main lane until now: what a window shows ten times a second.
    PartTimes mainParts() const;
    /// Per operation, as set by setOperations().
    const std::vector<StepTime> &steps() const { return m_steps; }
    /// Stretches that have ended so far, of all lanes.
    qint64 stretches() const { return m_stretches; }

private:
    friend class LaneTimer;
    struct Entry {
        int lane;
        QUuid node;
        int operation; ///< -1: none
        TimePart part;
        qint64 count = 0;
        qint64 ns = 0;
        qint64 longestNs = 0;
        size_t next = 0; ///< the entry that came after it last
    };
    size_t place(size_t before, int lane, const QUuid &node, int operation, TimePart part);
    void add(size_t entry, qint64 ns);
    int laneNumber(const QString &name);
    static void addTo(Entry &entry, qint64 ns);

    const Clock &m_clock;
    qint64 m_beganNs;
    qint64 m_stretches = 0;
    QStringList m_lanes{QString()};
    QStringList m_operations;
    std::vector<StepTime> m_steps;
    std::vector<Entry> m_entries;
    std::vector<const LaneTimer *> m_running;
    std::unique_ptr<LaneTimer> m_main;
};

/// The time of one lane: a moment belongs to the stretch that is under way.
class LaneTimer
{
public:
    LaneTimer(ScanTimer &scan, const QString &name);
    ~LaneTimer();
    LaneTimer(const LaneTimer &) = delete;

    const QString &name() const { return m_name; }
    /// Ends the stretch under way and begins another.
    void to(TimePart part, const QUuid &node = {}, int operation = -1)
    {
        charge(m_scan.m_clock.bootNs());
        m_entry = m_scan.place(m_entry, m_lane, node, operation, part);
    }
    /// The stretch under way is of that operation.
    void isOf(int operation);
    /// \a duration of the stretch under way, at most what is left of it, is of \a part instead.
    void give(TimePart part, Nanoseconds duration);
    /// The stretch under way is a step that \a operation has ended; \a settling comes after it.
    /// \a planned: none - how long it should have taken is not known, and it tells nothing.
    void took(int operation, std::optional<Nanoseconds> planned, Nanoseconds settling = {});
    Nanoseconds elapsed() const { return Nanoseconds(nowNs() - m_sinceNs - m_givenNs); }
    /// Nothing is counted any more until to().
    void stop();
    qint64 nowNs() const { return m_scan.m_clock.bootNs(); }

private:
    friend class ScanTimer;
    void charge(qint64 nowNs);

    ScanTimer &m_scan;
    QString m_name;
    int m_lane;
    size_t m_entry = 0;
    qint64 m_sinceNs = -1; ///< -1: nothing is under way
    qint64 m_givenNs = 0;  ///< of the stretch
};

} // namespace birch
