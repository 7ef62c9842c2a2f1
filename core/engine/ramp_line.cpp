#include "core/engine/ramp_line.h"

#include <algorithm>
#include <cmath>

namespace birch {

namespace {
constexpr Nanoseconds kShortestDelay = std::chrono::milliseconds(1);
} // namespace

RampLine::RampLine(double from, double to, double rate, qint64 startNs, Nanoseconds interval)
    : m_anchor(from)
    , m_to(to)
    , m_rate(rate)
    , m_anchorNs(startNs)
    , m_interval(interval)
    , m_last(from)
{
}

double RampLine::next(qint64 nowNs)
{
    const double direction = m_to > m_anchor ? 1 : -1;
    const double elapsed = double(nowNs - m_anchorNs) / 1e9;
    const double widest = 2 * m_rate * std::chrono::duration<double>(m_interval).count();
    double way = std::max(0.0, m_rate * elapsed);
    if (const double behind = std::abs(m_last - m_anchor); way - behind > widest) {
        way = behind + widest;
        if (way < std::abs(m_to - m_anchor)) {
            m_anchor += direction * way;
            m_anchorNs = nowNs;
            return m_last = m_anchor;
        }
    }
    return m_last = way >= std::abs(m_to - m_anchor) ? m_to : m_anchor + direction * way;
}

Nanoseconds RampLine::delay() const
{
    const double left = std::abs(m_to - m_last) / m_rate * 1e9;
    const double longest = double(m_interval.count());
    return std::max(kShortestDelay, Nanoseconds(qint64(std::ceil(std::min(left, longest)))));
}

} // namespace birch
