#pragma once

#include "core/base/call.h"

#include <QtGlobal>

namespace birch {

/// The setpoints of a ramp: on a straight line in time, never ahead of it, nor further apart than
/// two intervals make; a late one slows the rest of the ramp down instead. A value; any thread.
class RampLine
{
public:
    /// \a rate: positive, per second. \a startNs: when it stands at \a from.
    RampLine(double from, double to, double rate, qint64 startNs, Nanoseconds interval);

    /// What to send at \a nowNs.
    double next(qint64 nowNs);
    /// The last next() was the end of the ramp, or there is no way to go.
    bool isAtEnd() const { return m_last == m_to; }
    /// How long after the last next() to ask again.
    Nanoseconds delay() const;

private:
    double m_anchor; ///< where the line was at m_anchorNs
    double m_to;
    double m_rate;
    qint64 m_anchorNs;
    Nanoseconds m_interval;
    double m_last;
};

} // namespace birch
