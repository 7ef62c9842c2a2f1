#pragma once

#include "core/base/column.h"
#include "core/base/result.h"
#include "drivers/simulator/world.h"

#include <QMap>

#include <memory>
#include <optional>
#include <span>

namespace birch {

/// What a model may look at while it computes a reading.
struct ModelInputs {
    const World &world;
    std::function<std::optional<double>(const QString &)> movement; ///< position of an own movement
    std::function<std::optional<double>(const QString &)> isMoving; ///< 1 or 0, of an own movement
    std::function<std::optional<double>(const QString &)> parameter; ///< of a numeric setting
    const ColumnAxis *axis = nullptr;                                ///< of an array column
    Noise &noise;
};

/// What stands in front of a simulated instrument: computes the values of its columns.
/// Single-threaded, without state of its own, so that a reading follows from its inputs.
class PhysicsModel
{
public:
    explicit PhysicsModel(QMap<QString, double> options)
        : m_options(std::move(options))
    {
    }
    virtual ~PhysicsModel() = default;

    /// Fills \a values with the quantity \a output: one of the model's own, else an own movement
    /// or setting, else a shared quantity, else "zero", "noise" or "unmeasured" (no number).
    /// False: there is none of that name.
    bool read(const QString &output, const ModelInputs &inputs, std::span<double> values) const;

protected:
    virtual bool compute(const QString &output, const ModelInputs &inputs,
                         std::span<double> values) const = 0;
    double option(const QString &key, double fallback) const
    {
        return m_options.value(key, fallback);
    }

private:
    QMap<QString, double> m_options;
};

/// The models by name: diode, spectrometer, heater, generic (nothing of its own: what it is not
/// told is noise around zero, of the option noise).
/// Errors: BadInput - no such model; names those there are.
Result<std::unique_ptr<PhysicsModel>> makePhysicsModel(const QString &name,
                                                       const QMap<QString, double> &options);

/// \a value to \a digits significant digits, as instruments print.
double rounded(double value, int digits);

} // namespace birch
