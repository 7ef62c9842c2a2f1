#pragma once

#include "core/base/column_values.h"

#include <QByteArray>
#include <QJsonArray>

namespace birch::cli {

/// The columns of one measurement over the same rows, as `data` prints them. Walks forward only.
class DataText
{
public:
    DataText(const QList<ColumnSpec> &columns, const std::vector<ColumnValues> &values)
        : m_columns(columns)
        , m_values(values)
    {
    }

    /// One line of CSV: "name (unit)", an array column as one cell per element.
    QByteArray header() const;
    /// A line per row; flagged values are empty, doubles the shortest digits that read back.
    QByteArray lines() const;
    /// A list per row; an array column is a list in it, a flagged value null.
    QJsonArray rows() const;
    /// Only where something is flagged: {"row" (of the whole measurement), "column", "element",
    /// "state"}.
    QJsonArray flagged(qint64 firstRow) const;

private:
    qint64 rowCount() const { return m_values.empty() ? 0 : m_values.front().rowCount(); }

    const QList<ColumnSpec> &m_columns;
    const std::vector<ColumnValues> &m_values;
};

} // namespace birch::cli
