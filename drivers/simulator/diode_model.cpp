#include "drivers/simulator/diode_model.h"

#include <algorithm>
#include <cmath>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
constexpr double kBoltzmannEv = 8.617333262e-5; // eV/K
constexpr double kReference = 300;              // K, where the saturation current is given
constexpr double kColdest = 4;                  // K; keeps the exponents finite
constexpr double kWaferCentre = 50;             // mm
constexpr double kWaferSpread = 18;             // mm
} // namespace

double DiodeModel::saturationCurrent(const World &world) const
{
    const double temperature = std::max(world.signal(u"temperature"_s), kColdest);
    const double gap = option(u"band_gap"_s, 1.12);
    const double scale = std::pow(temperature / kReference, 3) *
                         std::exp(-gap / kBoltzmannEv * (1 / temperature - 1 / kReference));
    const double dx = world.signal(u"x"_s) - kWaferCentre;
    const double dy = world.signal(u"y"_s) - kWaferCentre;
    const double place = 1 + option(u"spread"_s, 3.0) *
                                 std::exp(-(dx * dx + dy * dy) / (2 * kWaferSpread * kWaferSpread));
    // The floor keeps the logarithm below finite where a cold diode has no carriers left.
    return std::max(option(u"saturation_current"_s, 1e-9) * scale * place, 1e-60);
}

double DiodeModel::forwardCurrent(double voltage, double saturation, double thermal) const
{
    const double resistance = option(u"series_resistance"_s, 200);
    double low = 0;
    double high = voltage / resistance;
    for (int i = 0; i < 90;
         ++i) { // halved until a double can not tell: V = I R + n Vt ln(1 + I/Is)
        const double middle = 0.5 * (low + high);
        const double drop = middle * resistance + thermal * std::log1p(middle / saturation);
        (drop < voltage ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

DiodeModel::Point DiodeModel::operatingPoint(const ModelInputs &inputs) const
{
    if (inputs.parameter(u"output"_s).value_or(1) == 0)
        return {0, 0};
    const World &world = inputs.world;
    const double voltage = world.signal(u"bias"_s);
    const double temperature = std::max(world.signal(u"temperature"_s), kColdest);
    const double thermal = option(u"ideality"_s, 1.6) * kBoltzmannEv * temperature;
    const double saturation = saturationCurrent(world);
    const double shunt = voltage / option(u"shunt_resistance"_s, 5e6);
    const double diode = voltage > 0 ? forwardCurrent(voltage, saturation, thermal)
                                     : saturation * std::expm1(voltage / thermal);
    const double current = diode + shunt;
    const double compliance = inputs.parameter(u"compliance"_s).value_or(1);
    if (std::abs(current) <= compliance)
        return {voltage, current};
    // Limited: the voltage is what the diode needs for that current.
    const double limited = std::copysign(compliance, current);
    const double needed = limited * option(u"series_resistance"_s, 200) +
                          thermal * std::log1p(std::abs(limited) / saturation);
    return {voltage > 0 ? std::min(needed, voltage) : voltage, limited};
}

bool DiodeModel::compute(const QString &output, const ModelInputs &inputs,
                         std::span<double> values) const
{
    const bool isCurrent = output == u"current";
    if (!isCurrent && output != u"voltage")
        return false;
    const Point point = operatingPoint(inputs);
    const double nplc = std::max(inputs.parameter(u"nplc"_s).value_or(1), 1e-3);
    const double sigma =
        (option(u"noise"_s, 2e-9) + option(u"relative_noise"_s, 2e-4) * std::abs(point.current)) /
        std::sqrt(nplc);
    for (double &value : values) {
        value = isCurrent ? rounded(point.current + sigma * inputs.noise.normal(), 7)
                          : point.voltage; // exactly what was asked for, unless limited
    }
    return true;
}

} // namespace birch
