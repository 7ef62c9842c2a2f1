#pragma once

#include "core/base/call.h"
#include "core/base/result.h"

#include <QString>

namespace birch {

/// How long after its deadline a call may come back before it is a fault of its driver.
inline constexpr std::chrono::milliseconds kDeadlineMargin{100};

/// Notes how long after their deadlines calls come back: a later one than kDeadlineMargin is a
/// warning that names it, because it holds up whoever waits, an abort too. The count of calls and
/// the latest of them are logged (debug) in the end. On the thread that makes the calls.
class CallWatch
{
public:
    explicit CallWatch(QString whose); ///< e.g. "smu", for people
    ~CallWatch();
    Q_DISABLE_COPY_MOVE(CallWatch)

    /// Passes the \a result of a call through that has just come back. \a name: of the call, for
    /// people; asked for only where it was the latest so far.
    template<typename T, typename Name>
    Result<T> back(const Call &call, Name name, Result<T> result)
    {
        ++m_calls;
        if (const Nanoseconds late = call.deadline.overrun(); late > m_latest)
            noteLatest(late, name());
        return result;
    }

private:
    void noteLatest(Nanoseconds late, const QString &name);

    QString m_whose;
    quint64 m_calls = 0;
    Nanoseconds m_latest{};
    QString m_latestCall;
};

} // namespace birch
