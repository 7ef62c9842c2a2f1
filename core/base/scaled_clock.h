#pragma once

#include "core/base/clock.h"

namespace birch {

/// Another clock, \a speed times as fast since this one was made. Thread-safe as that is.
class ScaledClock final : public Clock
{
public:
    /// \a real outlives it; \a speed is positive.
    ScaledClock(Clock &real, double speed);

    qint64 bootNs() const override;
    qint64 wallNs() const override;
    void after(Nanoseconds delay, QObject *context, std::function<void()> action) override;

private:
    Clock &m_real;
    const double m_speed;
    const qint64 m_boot;
    const qint64 m_wall;
};

} // namespace birch
