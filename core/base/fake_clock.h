#pragma once

#include "core/base/clock.h"

#include <QPointer>

#include <map>

namespace birch {

/// A clock that stands still until told; for tests. Single-threaded: use it on the thread of the
/// objects under test.
class FakeClock final : public Clock
{
public:
    explicit FakeClock(qint64 wallNs = 1'800'000'000'000'000'000)
        : m_wallNs(wallNs)
    {
    }

    qint64 bootNs() const override { return m_bootNs; }
    qint64 wallNs() const override { return m_wallNs; }
    void after(Nanoseconds delay, QObject *context, std::function<void()> action) override;

    /// Moves both clocks on and runs what falls due, in order of time, then of request.
    void advance(Nanoseconds by);
    /// Runs the earliest pending action, moving the clock to it; false when nothing is pending.
    bool advanceToNext();
    /// Steps the wall clock only, as an administrator or NTP would.
    void stepWall(Nanoseconds by) { m_wallNs += by.count(); }

private:
    struct Pending {
        QPointer<QObject> context;
        std::function<void()> action;
    };
    qint64 m_bootNs = 1'000'000'000;
    qint64 m_wallNs;
    std::multimap<qint64, Pending> m_pending; // by boot time
};

} // namespace birch
