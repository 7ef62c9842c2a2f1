#pragma once

#include "core/store/upkeep/cell.h"

#include <QList>

namespace birch {

/// A checksum of rows by value, the same on both engines and in whatever order they come: true is
/// 1, JSON counts without the order of its keys and the way its numbers are spelt, -0.0 is 0.0,
/// and a NaN is nothing (SQLite keeps it as NULL). A value.
class TableDigest
{
public:
    TableDigest() = default;
    TableDigest(qint64 rows, quint64 low, quint64 high)
        : m_rows(rows)
        , m_low(low)
        , m_high(high)
    {
    }

    /// \a types one for each cell.
    void add(const Row &row, const QList<CellType> &types);

    qint64 rows() const { return m_rows; }
    quint64 low() const { return m_low; }
    quint64 high() const { return m_high; }
    QString text() const; ///< 32 hexadecimal digits
    bool operator==(const TableDigest &other) const
    {
        return m_rows == other.m_rows && m_low == other.m_low && m_high == other.m_high;
    }

private:
    qint64 m_rows = 0;
    quint64 m_low = 0; ///< sum of the rows' XXH3, 128 bits
    quint64 m_high = 0;
    QByteArray m_buffer; ///< kept between rows
};

} // namespace birch
