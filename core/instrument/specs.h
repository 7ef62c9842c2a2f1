#pragma once

#include "core/base/call.h"
#include "core/base/column.h"
#include "core/base/unit.h"
#include "core/instrument/calibration.h"

#include <QStringList>
#include <QVariant>

#include <cmath>
#include <limits>
#include <optional>

namespace birch {

/// Inclusive, in the unit of what they limit.
struct Limits {
    double low = -std::numeric_limits<double>::infinity();
    double high = std::numeric_limits<double>::infinity();

    bool contain(double value) const { return value >= low && value <= high; } // false for NaN
    bool operator==(const Limits &) const = default;
};

/// What happens to a movement when its scan has completed.
enum class AfterScan : quint8 { Hold, Safe, Start };

/// True where \a value is a whole multiple of \a step, as far as doubles can tell.
inline bool isOnGrid(double value, double step)
{
    return step <= 0 || std::abs(value / step - std::nearbyint(value / step)) < 1e-6;
}

/// When a movement counts as arrived: not moving, and the readback within tolerance for dwell.
struct SettleRule {
    double tolerance = 0; ///< in the movement's unit; 0: only "not moving"
    Nanoseconds dwell = Nanoseconds::zero();
    Nanoseconds timeout = std::chrono::seconds(60); ///< for the whole move, ramp included
    Nanoseconds poll = std::chrono::milliseconds(20);

    bool operator==(const SettleRule &) const = default;
};

/// Something an instrument can set. Constant while connected.
struct MovementSpec {
    QString name; ///< "voltage"; the tree says "smu.voltage"
    QString label;
    QString unit;
    Limits limits;
    double step = 0;                ///< in unit: only whole multiples can be set; 0: anything
    std::optional<double> rampRate; ///< in unit per second: as fast as it goes
    SettleRule settle;
    std::optional<double> safeValue; ///< none: nothing is driven on make safe
    int safeOrder = 0;               ///< lower first
    std::optional<double> pauseValue;
    int pauseOrder = 0;
    AfterScan after = AfterScan::Hold;
    bool hasStop = false; ///< the instrument can halt it on its way
    bool hasRamp = false; ///< it can be told how fast to go: see Instrument::ramp()
    Nanoseconds setTime =
        std::chrono::milliseconds(2); ///< typical time of one command, for estimates
    /// What a move took in earlier scans, travel at the ramp rate and dwell aside.
    std::optional<Nanoseconds> learned = {};

    bool operator==(const MovementSpec &) const = default;
};

/// Something an instrument can read: one or more columns in one go.
struct MeasurementSpec {
    QString name; ///< "iv"; the tree says "smu.iv"
    QString label;
    QList<ColumnSpec> columns; ///< names without nickname, e.g. "current"
    Nanoseconds timeout = std::chrono::seconds(5);
    Nanoseconds readTime = std::chrono::milliseconds(5); ///< typical, for estimates

    bool operator==(const MeasurementSpec &) const = default;
};

enum class ParameterType : quint8 { Number, Integer, Bool, Choice, Text };

/// A setting of an instrument: its panel, its snapshot and its checks come from this.
struct ParameterSpec {
    QString key;
    QString label;
    QString group;
    QString help;
    ParameterType type = ParameterType::Number;
    QString unit;
    Limits limits;
    double step = 0;      ///< in unit: only whole multiples can be set; 0: anything
    QStringList choices;  ///< for Choice
    double tolerance = 0; ///< in unit: readings this close are the same setting
    bool isReadOnly = false;
    bool isVolatile = false; ///< changes by itself: another value is no surprise
    bool inSnapshot = true;
    bool isSecret = false; ///< can be set; is never asked for, shown or kept
    QVariant safeValue;    ///< as Instrument::setParameter() takes it; null: not set on make safe
    int safeOrder = 0;     ///< one order with the movements': lower first
    QVariant pauseValue;
    int pauseOrder = 0;

    bool operator==(const ParameterSpec &) const = default;
};

/// Something an instrument can be told to do without a value: home, zero, clear.
struct ActionSpec {
    QString name; ///< "home"
    QString label;
    QString help;
    QString confirm;  ///< what a person is to make sure of before; "": it is done at once
    QString movement; ///< that travels by it, and whose rest is its end; "": none
    Nanoseconds timeout = std::chrono::seconds(60); ///< for all of it

    bool operator==(const ActionSpec &) const = default;
};

/// What an instrument offers. Positions in these lists are the handles used at run time.
struct InstrumentSpec {
    QString definitionId;      ///< "keithley-2400"
    QString definitionVersion; ///< hash of the definition's text
    QString manufacturer;
    QString model;
    QList<MovementSpec> movements;
    QList<MeasurementSpec> measurements;
    QList<ParameterSpec> parameters;
    QList<ActionSpec> actions = {};
    QList<Calibration> calibrations = {}; ///< as the bench says; the instrument's own first
    /// How commands begin whose rest is secret: see SecretMask.
    QList<QByteArray> secretCommands = {};
    Nanoseconds scanTime{}; ///< what its part in a scan's beginning and ending took in earlier ones

    int movementIndex(const QString &name) const;             ///< -1: none
    int measurementIndex(const QString &name) const;          ///< -1: none
    int actionIndex(const QString &name) const;               ///< -1: none
    const ParameterSpec *parameter(const QString &key) const; ///< null: none
    bool operator==(const InstrumentSpec &) const = default;
};

} // namespace birch
