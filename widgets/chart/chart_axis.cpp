#include "widgets/chart/chart_axis.h"

#include <QDateTime>
#include <QtCharts/QDateTimeAxis>
#include <QtCharts/QLogValueAxis>
#include <QtCharts/QValueAxis>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr double kMargin = 0.03;  // part of the range left free around followed data
constexpr double kFinest = 1e-12; // of the magnitude; finer, ticks run into a double's last digit
constexpr int kTicks = 6;

double magnitude(ValueRange range)
{
    return std::max(std::abs(range.low), std::abs(range.high));
}

ValueRange paddedLog(ValueRange range)
{
    if (!(range.high > 0))
        return {0.1, 1};
    if (!(range.low > 0))
        range.low = range.high * 1e-6;
    return range.low < range.high ? ValueRange{range.low / 1.1, range.high * 1.1}
                                  : ValueRange{range.low / 2, range.high * 2};
}

/// 1, 2 or 5 times a power of ten: about \a ticks of them in \a span.
double niceInterval(double span, int ticks)
{
    const double rough = span / ticks;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double part = rough / power;
    return (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10) * power;
}

/// As many decimals as the ticks need. Qt Charts adds the interval up from the lowest tick, so zero
/// may come out as -2.8e-17: a fixed number of decimals does not show that.
QString labelFormat(double interval, ValueRange range)
{
    if (interval < 1e-4 || magnitude(range) >= 1e7)
        return u"%.4g"_s;
    const int decimals = std::max(0, -int(std::floor(std::log10(interval) + 1e-9)));
    return u"%.%1f"_s.arg(decimals);
}

QDateTime atNanoseconds(double ns)
{
    return QDateTime::fromMSecsSinceEpoch(qint64(ns / 1e6));
}

/// Qt Charts counts the ticks as range over interval after each of both is set, and makes an item
/// for each: the wider interval has to stand while the wider range does.
void setLinearRange(QValueAxis *axis, ValueRange range)
{
    const double interval = niceInterval(range.high - range.low, kTicks);
    if (interval > axis->tickInterval())
        axis->setTickInterval(interval);
    axis->setRange(range.low, range.high);
    if (interval < axis->tickInterval())
        axis->setTickInterval(interval);
    if (const QString format = labelFormat(interval, range); format != axis->labelFormat())
        axis->setLabelFormat(format);
}

} // namespace

QAbstractAxis *makeAxis(const AxisLook &look)
{
    QAbstractAxis *axis = nullptr;
    if (look.scale == AxisScale::Log) {
        auto *log = new QLogValueAxis;
        log->setBase(10);
        log->setLabelFormat(u"%.0e"_s);
        log->setMinorTickCount(8);
        axis = log;
    } else if (look.scale == AxisScale::Time) {
        auto *time = new QDateTimeAxis;
        time->setFormat(u"HH:mm:ss"_s);
        time->setTickCount(5);
        axis = time;
    } else {
        auto *value = new QValueAxis;
        value->setLabelFormat(u"%.4g"_s);
        value->setTickType(QValueAxis::TicksDynamic);
        value->setTickAnchor(0);
        axis = value;
    }
    axis->setTitleText(look.title);
    return axis;
}

ValueRange padded(ValueRange range, AxisScale scale)
{
    // Beyond this Qt Charts computes infinite ticks.
    range = {std::max(range.low, -1e300), std::min(range.high, 1e300)};
    if (scale == AxisScale::Log)
        return paddedLog(range);
    const double span = range.high - range.low;
    if (!(span > 0)) {
        const double half = range.low == 0 ? 0.5 : std::abs(range.low) * 0.05;
        return {range.low - half, range.high + half};
    }
    const double room =
        std::max(span * kMargin, scale == AxisScale::Time ? 0 : magnitude(range) * kFinest);
    return {range.low - room, range.high + room};
}

bool isDrawable(ValueRange range, AxisScale scale)
{
    const double span = range.high - range.low;
    if (!(span > 0) || !std::isfinite(span))
        return false;
    if (scale == AxisScale::Log)
        return range.low > 0;
    return scale == AxisScale::Time || span > magnitude(range) * kFinest;
}

void setAxisRange(QAbstractAxis *axis, AxisScale scale, ValueRange range)
{
    if (scale == AxisScale::Time)
        axis->setRange(atNanoseconds(range.low), atNanoseconds(range.high));
    else if (scale == AxisScale::Linear)
        setLinearRange(static_cast<QValueAxis *>(axis), range);
    else
        axis->setRange(range.low, range.high);
}

} // namespace birch
