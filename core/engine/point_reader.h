#pragma once

#include "core/engine/point_table.h"

#include <QObject>

#include <functional>
#include <optional>

namespace birch {

/// Reads the values of one point of one measurement object into its table: every measurement at the
/// same time where the instruments differ, as many rounds as are averaged. Engine thread.
class PointReader : public QObject
{
    Q_OBJECT
public:
    PointReader(const std::vector<ReadHandle> &reads, PointTable &table,
                Priority priority = Priority::Step);

    bool isInline() const { return m_isInline; } ///< every instrument is in-process

    /// For in-process instruments: the whole point now. After an error the table is as it was.
    Status readNow(const Call &call);

    /// \a done is called once, through the event loop, unless drop() comes first. After an error
    /// the table is as it was. \a timeout 0: each measurement's own. With \a failFast the first
    /// error is reported at once; else when every instrument has answered, so that all are free.
    void read(Nanoseconds timeout, bool failFast, std::function<void(const Status &)> done);
    /// Of the last read(): where its time went, for the measurements that answered last.
    const ReadTimes &times() const { return m_times; }
    int lastAnswered() const { return m_lastAnswered; } ///< in the object; -1: none
    /// Replies to come are ignored, and done is never called.
    void drop();

private:
    Status readScratch(size_t read, const Call &call);
    void beginRound();
    void take(size_t read, const Result<Reading> &reading);
    Status takeReading(size_t read, const Reading &reading);
    void finishRound();
    void answer(const Status &status);

    const std::vector<ReadHandle> &m_reads;
    PointTable &m_table;
    Priority m_priority;
    bool m_isInline;

    Nanoseconds m_timeout{};
    bool m_isFailFast = false;
    std::function<void(const Status &)> m_done;
    quint64 m_round = 0; ///< replies of an earlier one are late
    int m_roundsLeft = 0;
    size_t m_pending = 0;
    ReadTimes m_times;
    ReadTimes m_roundTimes;
    int m_lastAnswered = -1;
    std::optional<Error> m_failure;
};

} // namespace birch
