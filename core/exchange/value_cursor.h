#pragma once

#include "core/base/column_values.h"

#include <QByteArrayView>
#include <QtEndian>

namespace birch {

/// Walks the values of a chunk from first to last; unlike textAt() each step is O(1).
class ValueCursor
{
public:
    ValueCursor() = default;
    explicit ValueCursor(const ColumnValues &values)
        : m_values(&values)
        , m_text(values.bytes().data())
    {
    }

    ColumnType type() const { return m_values->type(); }
    ValueState state() const { return m_values->stateAt(m_index); }
    double number() const { return m_values->doubleAt(m_index); }
    qint64 integer() const { return m_values->intAt(m_index); }
    bool boolean() const { return m_values->boolAt(m_index); }
    QByteArrayView text() const { return {m_text + 4, textLength()}; } ///< UTF-8

    void next()
    {
        if (m_values->type() == ColumnType::Utf8)
            m_text += 4 + textLength();
        ++m_index;
    }

private:
    qsizetype textLength() const { return qsizetype(qFromLittleEndian<quint32>(m_text)); }

    const ColumnValues *m_values = nullptr;
    const char *m_text = nullptr; // of the current value, length first
    qint64 m_index = 0;
};

} // namespace birch
