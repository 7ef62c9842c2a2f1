#pragma once

#include "core/base/call.h"
#include "core/plan/scan_plan.h"

#include <QJsonObject>

#include <vector>

namespace birch {

/// What a lane of a scan spends its time on. InProcess: moves and reads of in-process instruments
/// that are too fast to be timed one by one. Branches: other lanes run meanwhile, which have their
/// own parts. Watch: monitors and guards begin and end.
enum class TimePart : quint8 {
    Move,
    Settle,
    Read,
    InProcess,
    Store,
    Wait,
    Pause,
    Retry,
    Restore,
    Branches,
    Watch,
    Overhead
};

/// "move" …; what JSON and tables show.
QString timePartName(TimePart part);

/// Where the time of one scan went, continuations included. In every lane a moment belongs to one
/// part, so the parts of the main lane "" add up to the wall time; those of branches ("0", "1.0" …)
/// run beside "branches" of the lane around them. Engine thread.
class ScanTiming
{
public:
    struct Entry {
        QString lane;
        NodeId node; ///< null: of no node
        TimePart part = TimePart::Overhead;
        QStringList instruments; ///< that were used together
        qint64 ns = 0;
        qint64 count = 0; ///< stretches of time
    };

    /// The place of such an entry, made where there is none; \a instruments is asked for then.
    template<typename Instruments>
    size_t entry(const QString &lane, const NodeId &node, TimePart part, Instruments instruments)
    {
        for (size_t i = 0; i < m_entries.size(); ++i) {
            const Entry &known = m_entries[i];
            if (known.part == part && known.node == node && known.lane == lane)
                return i;
        }
        m_entries.push_back({lane, node, part, instruments(), 0, 0});
        return m_entries.size() - 1;
    }
    void add(size_t entry, qint64 ns)
    {
        m_entries[entry].ns += ns;
        ++m_entries[entry].count;
    }
    /// The wall time goes on from here.
    void begin(qint64 bootNs) { m_beganNs = bootNs; }
    void end(qint64 bootNs);

    const std::vector<Entry> &entries() const { return m_entries; }
    qint64 wallNs(qint64 bootNs) const;
    /// Of the main lane, of \a wallNs.
    qint64 unattributedNs(qint64 wallNs) const;

    /// Nanoseconds as numbers: exact up to 104 days.
    QJsonObject toJson(qint64 bootNs) const;
    /// What it can not read it leaves out: none of it decides how a scan goes on.
    static ScanTiming fromJson(const QJsonObject &json);
    /// Of a stored position of a scan; empty where it has none.
    static QJsonObject ofPosition(const QJsonObject &position);
    static void putInto(QJsonObject &position, const QJsonObject &timing);

private:
    std::vector<Entry> m_entries;
    qint64 m_wallBeforeNs = 0;
    qint64 m_beganNs = -1; ///< -1: the wall time stands still
};

} // namespace birch
