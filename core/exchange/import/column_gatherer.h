#pragma once

#include "core/base/column_values.h"

#include <QJsonObject>
#include <QStringList>

#include <vector>

namespace birch {

/// Rows whose values come as JSON, name by name, as typed columns. Two passes over the same rows:
/// look() finds out what the columns are, add() fills them. A value; one thread.
///
/// Numbers are float64, but int64 where all are whole and some would lose digits; all true or
/// false: bool; all texts: utf8; lists of numbers of one length: float64 arrays; anything else is
/// utf8 as JSON. NaN (as the text "NaN") is flagged as not a number; what is null or missing as
/// skipped.
class ColumnGatherer
{
public:
    /// \a names: columns in their order; others are put behind them as they turn up.
    explicit ColumnGatherer(const QStringList &names = {});

    void look(const QJsonObject &row);
    /// What look() has found; "name (unit)" is split, PyBirch's "M(unit)" marks a setpoint.
    QList<ColumnSpec> columns() const;

    /// Empty columns of the right types, for add().
    std::vector<ColumnValues> emptyColumns() const;
    /// One row behind \a columns.
    void add(const QJsonObject &row, std::span<ColumnValues> columns) const;

private:
    enum class Shape : quint8 { Unknown, Number, Bool, Text, List, Mixed };
    struct Column {
        QString name;
        Shape shape = Shape::Unknown;
        bool isWhole = true;  ///< every number so far
        bool isLarge = false; ///< some number is beyond what a double holds
        qint64 length = 0;    ///< of the lists
    };
    Column &column(const QString &name);
    static Shape shapeOf(const QJsonValue &value, Column &column);
    static ColumnType typeOf(const Column &column);
    static void append(const Column &column, const QJsonValue &value, ColumnValues &values);
    static void appendNumber(const QJsonValue &value, bool isWhole, ColumnValues &values);

    std::vector<Column> m_columns;
};

/// What a column is called and measured in, from a heading such as "x position M(mm)".
struct ColumnHeading {
    QString name;
    QString unit;
    bool isSetpoint = false;
};
ColumnHeading columnHeading(const QString &text);

} // namespace birch
