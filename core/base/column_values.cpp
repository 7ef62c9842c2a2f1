#include "core/base/column_values.h"

#include <QtEndian>

#include <bit>

namespace birch {

static_assert(std::endian::native == std::endian::little,
              "values are stored as they lie in memory: a big-endian port needs byte swaps here");

namespace {
size_t bytesPerValue(ColumnType type)
{
    switch (type) {
    case ColumnType::Float64:
    case ColumnType::Int64:
        return 8;
    case ColumnType::Bool:
        return 1;
    case ColumnType::Utf8:
        return 0; // varies
    }
    return 0;
}

/// True when \a bytes is exactly \a count length-prefixed texts.
bool holdsTexts(QByteArrayView bytes, qint64 count)
{
    qsizetype at = 0;
    for (qint64 i = 0; i < count; ++i) {
        if (bytes.size() - at < 4)
            return false;
        const auto length = qFromLittleEndian<quint32>(bytes.data() + at);
        at += 4;
        if (quint64(bytes.size() - at) < length)
            return false;
        at += length;
    }
    return at == bytes.size();
}
} // namespace

void ColumnValues::appendText(const QString &text, ValueState state)
{
    const QByteArray utf8 = text.toUtf8();
    const auto length = quint32(utf8.size());
    const auto *prefix = reinterpret_cast<const char *>(&length);
    m_bytes.insert(m_bytes.end(), prefix, prefix + sizeof length);
    appendRaw(utf8.constData(), size_t(utf8.size()), state);
}

void ColumnValues::appendDoubles(std::span<const double> values)
{
    const auto *first = reinterpret_cast<const char *>(values.data());
    m_bytes.insert(m_bytes.end(), first, first + values.size_bytes());
    if (!m_flags.empty())
        m_flags.insert(m_flags.end(), values.size(), quint8(ValueState::Ok));
    m_count += qint64(values.size());
}

void ColumnValues::appendMissingRow(ValueState state)
{
    static constexpr char kZeros[8] = {};
    for (qint64 i = 0; i < m_valuesPerRow; ++i) {
        if (m_type == ColumnType::Utf8)
            appendText({}, state);
        else
            appendRaw(kZeros, bytesPerValue(m_type), state);
    }
}

void ColumnValues::append(const ColumnValues &other)
{
    if (other.hasFlags() || hasFlags()) {
        m_flags.resize(size_t(m_count), quint8(ValueState::Ok));
        if (other.hasFlags())
            m_flags.insert(m_flags.end(), other.m_flags.begin(), other.m_flags.end());
        else
            m_flags.resize(size_t(m_count + other.m_count), quint8(ValueState::Ok));
    }
    m_bytes.insert(m_bytes.end(), other.m_bytes.begin(), other.m_bytes.end());
    m_count += other.m_count;
}

void ColumnValues::calibrate(double factor, double offset)
{
    Q_ASSERT(m_type == ColumnType::Float64);
    for (qint64 i = 0; i < m_count; ++i) {
        if (stateAt(i) != ValueState::Ok)
            continue;
        const double value = factor * doubleAt(i) + offset;
        std::memcpy(m_bytes.data() + i * 8, &value, 8);
    }
}

bool ColumnValues::assign(QByteArray bytes, QByteArray flags, qint64 valueCount)
{
    if (valueCount < 0 || valueCount % m_valuesPerRow != 0)
        return false;
    if (!flags.isEmpty() && flags.size() != valueCount)
        return false;
    for (const char flag : flags) {
        if (quint8(flag) > quint8(ValueState::Skipped))
            return false;
    }
    // Divided, not multiplied: a count from a torn record must not overflow into a fit.
    const auto width = qsizetype(bytesPerValue(m_type));
    const bool fits = m_type == ColumnType::Utf8
                          ? holdsTexts(bytes, valueCount)
                          : bytes.size() % width == 0 && bytes.size() / width == valueCount;
    if (!fits)
        return false;
    m_bytes.assign(bytes.begin(), bytes.end());
    m_flags.assign(flags.begin(), flags.end());
    m_count = valueCount;
    return true;
}

void ColumnValues::clear()
{
    m_bytes.clear();
    m_flags.clear();
    m_count = 0;
}

void ColumnValues::reserveRows(qint64 rows)
{
    m_bytes.reserve(size_t(rows * m_valuesPerRow) * std::max<size_t>(bytesPerValue(m_type), 1));
}

QString ColumnValues::textAt(qint64 index) const
{
    size_t at = 0;
    for (qint64 i = 0;; ++i) {
        const auto length = qFromLittleEndian<quint32>(m_bytes.data() + at);
        at += 4;
        if (i == index)
            return QString::fromUtf8(m_bytes.data() + at, qsizetype(length));
        at += length;
    }
}

void ColumnValues::appendFlag(ValueState state)
{
    m_flags.resize(size_t(m_count), quint8(ValueState::Ok)); // first flag: all before were Ok
    m_flags.push_back(quint8(state));
}

} // namespace birch
