#pragma once

#include <cmath>

namespace birch {

enum class AxisScale { Linear, Log, Time };

/// Values to pixels along one axis and back; logarithmic for AxisScale::Log. A value.
class AxisMap
{
public:
    AxisMap() = default;
    /// \a firstPixel shows \a low and \a lastPixel shows \a high; for y the first is the lower
    /// edge.
    AxisMap(AxisScale scale, double low, double high, double firstPixel, double lastPixel)
        : m_isLog(scale == AxisScale::Log)
        , m_low(transformed(low))
        , m_first(firstPixel)
        , m_perUnit((lastPixel - firstPixel) / (transformed(high) - m_low))
    {
    }

    double toPixel(double value) const
    {
        return m_first + (transformed(value) - m_low) * m_perUnit;
    }
    double toValue(double pixel) const
    {
        const double at = m_low + (pixel - m_first) / m_perUnit;
        return m_isLog ? std::pow(10.0, at) : at;
    }

private:
    double transformed(double value) const { return m_isLog ? std::log10(value) : value; }

    bool m_isLog = false;
    double m_low = 0;
    double m_first = 0;
    double m_perUnit = 1;
};

} // namespace birch
