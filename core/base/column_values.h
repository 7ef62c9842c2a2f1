#pragma once

#include "core/base/column.h"

#include <QByteArray>

#include <cstring>
#include <span>
#include <vector>

namespace birch {

/// The values of one column, row after row, as they travel from a driver to spool and chunks.
///
/// Bytes are little-endian and bit-exact: float64 and int64 take 8 bytes, bool 1, utf8 a 4-byte
/// length and the bytes. An array row is valuesPerRow() consecutive values. The flag stream is
/// empty while every value is Ok, else one ValueState per value. A value: copy and move freely.
/// Not thread-safe.
class ColumnValues
{
public:
    explicit ColumnValues(ColumnType type = ColumnType::Float64, qint64 valuesPerRow = 1)
        : m_type(type)
        , m_valuesPerRow(valuesPerRow)
    {
    }

    ColumnType type() const { return m_type; }
    qint64 valuesPerRow() const { return m_valuesPerRow; }
    qint64 valueCount() const { return m_count; }
    qint64 rowCount() const { return m_count / m_valuesPerRow; }
    bool isEmpty() const { return m_count == 0; }
    bool hasFlags() const { return !m_flags.empty(); }

    void appendDouble(double value, ValueState state = ValueState::Ok)
    {
        appendRaw(&value, sizeof value, state);
    }
    void appendInt(qint64 value, ValueState state = ValueState::Ok)
    {
        appendRaw(&value, sizeof value, state);
    }
    void appendBool(bool value, ValueState state = ValueState::Ok)
    {
        const char byte = value ? 1 : 0;
        appendRaw(&byte, 1, state);
    }
    void appendText(const QString &text, ValueState state = ValueState::Ok);
    void appendDoubles(std::span<const double> values); ///< whole rows, all Ok
    /// One row of nothing (0, false or "") with \a state on every value: a skipped point.
    void appendMissingRow(ValueState state);
    /// All rows of \a other, which has the same type and shape.
    void append(const ColumnValues &other);
    /// Takes the stored form back, e.g. from a spool record or a chunk. False, with this unchanged,
    /// when sizes do not fit each other.
    bool assign(QByteArray bytes, QByteArray flags, qint64 valueCount);
    /// Float64 only: factor * value + offset for every value that is Ok; the others stay as the
    /// instrument gave them.
    void calibrate(double factor, double offset);
    void clear();
    void reserveRows(qint64 rows);

    double doubleAt(qint64 index) const
    {
        double value;
        std::memcpy(&value, m_bytes.data() + index * 8, 8);
        return value;
    }
    qint64 intAt(qint64 index) const
    {
        qint64 value;
        std::memcpy(&value, m_bytes.data() + index * 8, 8);
        return value;
    }
    bool boolAt(qint64 index) const { return m_bytes[size_t(index)] != 0; }
    QString textAt(qint64 index) const; ///< walks the lengths: O(index)
    ValueState stateAt(qint64 index) const
    {
        return m_flags.empty() ? ValueState::Ok : ValueState(m_flags[size_t(index)]);
    }

    std::span<const char> bytes() const { return m_bytes; }
    std::span<const quint8> flags() const { return m_flags; } ///< empty: all Ok

    bool operator==(const ColumnValues &) const = default;

private:
    void appendRaw(const void *data, size_t size, ValueState state)
    {
        const auto *first = static_cast<const char *>(data);
        m_bytes.insert(m_bytes.end(), first, first + size);
        if (state != ValueState::Ok || !m_flags.empty())
            appendFlag(state);
        ++m_count;
    }
    void appendFlag(ValueState state);

    ColumnType m_type;
    qint64 m_valuesPerRow;
    qint64 m_count = 0;
    std::vector<char> m_bytes;
    std::vector<quint8> m_flags;
};

} // namespace birch
