#pragma once

#include "drivers/simulator/physics_model.h"

namespace birch {

/// A diode behind a source meter: Shockley's law with series and shunt resistance. The saturation
/// current follows the shared temperature and the place of the stage on an uneven wafer.
/// Outputs voltage (V) and current (A). Looks at the settings compliance (A), nplc and output.
/// Options: saturation_current (A at 300 K), ideality, series_resistance, shunt_resistance (Ω),
/// band_gap (eV), spread (relative, over the wafer), noise (A), relative_noise.
class DiodeModel final : public PhysicsModel
{
public:
    using PhysicsModel::PhysicsModel;

protected:
    bool compute(const QString &output, const ModelInputs &inputs,
                 std::span<double> values) const override;

private:
    struct Point {
        double voltage;
        double current;
    };
    Point operatingPoint(const ModelInputs &inputs) const;
    double saturationCurrent(const World &world) const;
    double forwardCurrent(double voltage, double saturation, double thermal) const;
};

} // namespace birch
