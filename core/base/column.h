#pragma once

#include <QList>
#include <QMetaType>
#include <QString>

#include <optional>

namespace birch {

/// Stored as this number in spool and chunks: never renumber.
enum class ColumnType : quint8 { Float64 = 0, Int64 = 1, Bool = 2, Utf8 = 3 };

/// Stored per value where any is not Ok: never renumber.
enum class ValueState : quint8 { Ok = 0, Overload = 1, NotANumber = 2, Skipped = 3 };

/// What a column of a measurement object holds. Stored as text (roleName).
enum class ColumnRole : quint8 { Time, Index, Setpoint, Readback, Value };

/// The axis of an array column, e.g. the wavelengths of a spectrum.
struct ColumnAxis {
    QString name;         ///< "wavelength"
    QString unit;         ///< "nm"
    QList<double> values; ///< one per element along that dimension

    bool operator==(const ColumnAxis &) const = default;
};

/// What was made of the instrument's own numbers before they were recorded, both in the column's
/// unit: recorded = factor * raw + offset.
struct ColumnCalibration {
    double factor = 1;
    double offset = 0;
    QString date = {};        ///< yyyy-MM-dd; "": not said
    QString certificate = {}; ///< "": none

    bool operator==(const ColumnCalibration &) const = default;
};

/// One column: declared once by the instrument's measurement (or by the compiler for time, index,
/// setpoint and readback) and carried unchanged to spool, store, chart and export.
struct ColumnSpec {
    QString name; ///< unique in its measurement object, e.g. "smu.current"
    QString unit; ///< symbol; "" for none
    ColumnType type = ColumnType::Float64;
    QList<qint64> shape;    ///< empty: scalar; {1024}: a spectrum per row
    QList<ColumnAxis> axes; ///< empty, or one per dimension of shape
    ColumnRole role = ColumnRole::Value;
    std::optional<ColumnCalibration> calibration = {}; ///< none: as the instrument gave them

    /// Product of the shape; 1 for a scalar.
    qint64 valuesPerRow() const
    {
        qint64 count = 1;
        for (qint64 extent : shape)
            count *= extent;
        return count;
    }
    bool operator==(const ColumnSpec &) const = default;
};

QString columnTypeName(ColumnType type); ///< "float64" "int64" "bool" "utf8"
bool columnTypeFromName(const QString &name, ColumnType *type);
QString columnRoleName(ColumnRole role); ///< "time" "index" "setpoint" "readback" "value"
bool columnRoleFromName(const QString &name, ColumnRole *role);
QString valueStateName(ValueState state); ///< "ok" "overload" "nan" "skipped"

} // namespace birch
