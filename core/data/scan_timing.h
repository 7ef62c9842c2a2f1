#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QUuid>

#include <array>
#include <optional>

namespace birch {

/// What a lane of a scan spends its time on.
///
/// Move: from the command until it stands still. Settle: the time it stands before the step is
/// over, whether a tolerance or a settle time asks for it. Trigger: commands that start a reading
/// and the sending of its query. Read: until the first byte of the answer, or all of a reading that
/// says no more about itself. Transfer: from there to its last byte. Store: writing to the spool.
/// Branches: other lanes run meanwhile, which have parts of their own. Overhead: everything else.
enum class TimePart : quint8 {
    Setup, ///< leases, connections, snapshot, the record
    Restore,
    Move,
    Settle,
    Trigger,
    Read,
    Transfer,
    Store,
    Wait,
    Pause,
    Retry,
    Branches,
    Overhead,
    Ending ///< movements after the scan, safe values
};
inline constexpr int kTimeParts = int(TimePart::Ending) + 1;

/// Nanoseconds of each part, by TimePart.
using PartTimes = std::array<qint64, size_t(kTimeParts)>;

/// "move" …; what JSON and tables hold.
QString timePartName(TimePart part);
std::optional<TimePart> timePartFromName(const QString &name);
/// For people.
QString timePartLabel(TimePart part);
/// Time in which nothing is moved, read or waited for on purpose.
bool isDeadTime(TimePart part);

/// The time of one part, at one node, of one instrument.
struct TimingEntry {
    QString lane;      ///< "" for the main one, "0", "1.0" … for branches
    QUuid node;        ///< null: of no node
    QString operation; ///< "smu.bias", "smu.iv": that the lane waited for; "" for none
    TimePart part = TimePart::Overhead;
    qint64 count = 0; ///< stretches of time
    qint64 ns = 0;
    qint64 longestNs = 0;

    QString instrument() const { return operation.section(u'.', 0, 0); }
    bool operator==(const TimingEntry &) const = default;
};

/// Where the time of one run of a scan went, from its start or continuation on. In a lane a moment
/// belongs to one part, so those of the main lane add up to the wall time.
struct ScanTiming {
    qint64 wallNs = 0;
    QList<TimingEntry> entries;

    /// To the entry of the same lane, node, operation and part, where there is one.
    void add(const TimingEntry &more);
    bool isEmpty() const { return wallNs == 0 && entries.isEmpty(); }
    qint64 sumNs(TimePart part) const; ///< of the main lane
    qint64 unattributedNs() const;     ///< of the main lane
    bool operator==(const ScanTiming &) const = default;
};

/// A run of a scan: its epoch counts starts and continuations.
struct TimedRun {
    int epoch = 0;
    ScanTiming timing;
};

/// Times as numbers: exact up to 104 days.
QJsonObject scanTimingToJson(const ScanTiming &timing);
/// What it can not read it leaves out: none of it decides how a scan goes on.
ScanTiming scanTimingFromJson(const QJsonObject &json);

} // namespace birch
