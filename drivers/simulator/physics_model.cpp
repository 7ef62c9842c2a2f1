#include "drivers/simulator/physics_model.h"

#include "drivers/simulator/diode_model.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
/// Three lines of luminescence over a dark background. The first moves with temperature, the second
/// with the place on the wafer, the third with the bias. Looks at the setting integration_time
/// (ms). Output: intensity (counts) over the column's axis (nm).
class SpectrometerModel final : public PhysicsModel
{
public:
    using PhysicsModel::PhysicsModel;

protected:
    bool compute(const QString &output, const ModelInputs &inputs,
                 std::span<double> values) const override
    {
        if (output != u"intensity")
            return false;
        const World &world = inputs.world;
        const double temperature = world.signal(u"temperature"_s);
        const double x = world.signal(u"x"_s);
        const double y = world.signal(u"y"_s);
        const double bias = world.signal(u"bias"_s);
        const double exposure = inputs.parameter(u"integration_time"_s).value_or(100) / 100;
        const double place = 1 + 0.6 * std::sin(x / 18) * std::cos(y / 23);
        const double width = 5 + 0.025 * temperature; // nm; lines broaden when warm
        const double centres[] = {500 + 0.08 * (temperature - 295), 600 + 0.3 * (x - 50),
                                  700 + 4 * bias};
        const double heights[] = {6000 * place, 9000, 3000 + 500 * std::abs(bias)};
        for (size_t i = 0; i < values.size(); ++i) {
            const double wavelength = wavelengthAt(inputs, i, values.size());
            double counts = option(u"dark"_s, 200) * exposure;
            for (size_t line = 0; line < 3; ++line) {
                const double distance = (wavelength - centres[line]) / width;
                counts += heights[line] * exposure / (1 + distance * distance);
            }
            const double noisy = counts + std::sqrt(counts) * inputs.noise.normal();
            values[i] = std::round(std::clamp(noisy, 0.0, option(u"full_scale"_s, 1e6)));
        }
        return true;
    }

private:
    static double wavelengthAt(const ModelInputs &inputs, size_t i, size_t count)
    {
        if (inputs.axis && size_t(inputs.axis->values.size()) == count)
            return inputs.axis->values[qsizetype(i)];
        return 400 + 400 * double(i) / double(std::max<size_t>(count - 1, 1));
    }
};

/// A sample in a cryostat. Outputs: the shared temperature (K) and the heater's power (%), which
/// holds against the cold finger and works harder while it warms up.
class HeaterModel final : public PhysicsModel
{
public:
    using PhysicsModel::PhysicsModel;

protected:
    bool compute(const QString &output, const ModelInputs &inputs,
                 std::span<double> values) const override
    {
        const double temperature = inputs.world.signal(u"temperature"_s);
        if (output == u"temperature") {
            std::fill(values.begin(), values.end(), temperature);
            return true;
        }
        if (output != u"power")
            return false;
        const double holding = 0.15 * std::max(temperature - 4, 0.0);
        const double ramping = inputs.isMoving(u"temperature"_s).value_or(0) != 0 ? 30 : 0;
        for (double &value : values) {
            const double noisy = holding + ramping + 0.05 * inputs.noise.normal();
            value = rounded(std::clamp(noisy, 0.0, 100.0), 5);
        }
        return true;
    }
};

class GenericModel final : public PhysicsModel
{
public:
    using PhysicsModel::PhysicsModel;

protected:
    bool compute(const QString &, const ModelInputs &, std::span<double>) const override
    {
        return false;
    }
};

std::optional<double> levelOf(const QString &output, const ModelInputs &inputs)
{
    if (const auto position = inputs.movement(output))
        return position;
    if (const auto setting = inputs.parameter(output))
        return setting;
    if (output == u"temperature" || output == u"x" || output == u"y" || output == u"bias")
        return inputs.world.signal(output);
    if (output == u"zero")
        return 0.0;
    if (output == u"unmeasured")
        return std::nan("");
    return std::nullopt;
}
} // namespace

bool PhysicsModel::read(const QString &output, const ModelInputs &inputs,
                        std::span<double> values) const
{
    if (compute(output, inputs, values))
        return true;
    if (const auto level = levelOf(output, inputs)) {
        std::fill(values.begin(), values.end(), *level);
        return true;
    }
    if (output != u"noise" && dynamic_cast<const GenericModel *>(this) == nullptr)
        return false;
    for (double &value : values)
        value = rounded(option(u"noise"_s, 1) * inputs.noise.normal(), 7);
    return true;
}

double rounded(double value, int digits)
{
    if (value == 0 || !std::isfinite(value))
        return value;
    return QByteArray::number(value, 'e', digits - 1).toDouble();
}

Result<std::unique_ptr<PhysicsModel>> makePhysicsModel(const QString &name,
                                                       const QMap<QString, double> &options)
{
    if (name == u"diode")
        return std::unique_ptr<PhysicsModel>(std::make_unique<DiodeModel>(options));
    if (name == u"spectrometer")
        return std::unique_ptr<PhysicsModel>(std::make_unique<SpectrometerModel>(options));
    if (name == u"heater")
        return std::unique_ptr<PhysicsModel>(std::make_unique<HeaterModel>(options));
    if (name == u"generic" || name.isEmpty())
        return std::unique_ptr<PhysicsModel>(std::make_unique<GenericModel>(options));
    return Error{ErrorCode::BadInput,
                 QCoreApplication::translate(
                     "birch::PhysicsModel",
                     "There is no model \"%1\": write diode, spectrometer, heater or generic")
                     .arg(name)};
}

} // namespace birch
