#pragma once

#include <QByteArrayView>
#include <QtEndian>

#include <optional>

namespace birch {

/// The bytes of a pickle, front to back. Every read says whether there was enough left.
class PickleInput
{
public:
    explicit PickleInput(QByteArrayView bytes)
        : m_bytes(bytes)
    {
    }

    qsizetype position() const { return m_position; }
    qsizetype left() const { return m_bytes.size() - m_position; }

    std::optional<QByteArrayView> take(quint64 count)
    {
        if (count > quint64(left()))
            return std::nullopt;
        const QByteArrayView taken = m_bytes.sliced(m_position, qsizetype(count));
        m_position += qsizetype(count);
        return taken;
    }
    /// Little-endian, as all binary arguments but that of BINFLOAT are.
    template<typename Number>
    std::optional<Number> number()
    {
        const auto taken = take(sizeof(Number));
        if (!taken)
            return std::nullopt;
        return qFromLittleEndian<Number>(taken->data());
    }
    /// Up to a line end, which is skipped and not part of it; nothing when there is none.
    std::optional<QByteArrayView> line()
    {
        const qsizetype end = m_bytes.indexOf('\n', m_position);
        if (end < 0)
            return std::nullopt;
        const QByteArrayView found = m_bytes.sliced(m_position, end - m_position);
        m_position = end + 1;
        return found;
    }

private:
    QByteArrayView m_bytes;
    qsizetype m_position = 0;
};

} // namespace birch
