#include "drivers/scpi/block.h"

#include "drivers/scpi/number.h"

#include <QCoreApplication>
#include <QtEndian>

#include <cmath>
#include <limits>
#include <type_traits>

namespace birch::scpi {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Scpi", text);
}

Error malformed(const QString &what)
{
    return {ErrorCode::Protocol,
            tr("The instrument's block of data %1; check the data format it is set to").arg(what)};
}

template<typename T>
T load(const char *from, ByteOrder order)
{
    return order == ByteOrder::BigEndian ? qFromBigEndian<T>(from) : qFromLittleEndian<T>(from);
}

template<typename T>
void store(T value, char *to, ByteOrder order)
{
    if (order == ByteOrder::BigEndian)
        qToBigEndian(value, to);
    else
        qToLittleEndian(value, to);
}

/// Calls \a action with a value of the C++ type behind \a format.
template<typename Action>
auto withType(BlockFormat format, Action &&action)
{
    switch (format) {
    case BlockFormat::Int8:
        return action(qint8());
    case BlockFormat::UInt8:
        return action(quint8());
    case BlockFormat::Int16:
        return action(qint16());
    case BlockFormat::UInt16:
        return action(quint16());
    case BlockFormat::Int32:
        return action(qint32());
    case BlockFormat::UInt32:
        return action(quint32());
    case BlockFormat::Int64:
        return action(qint64());
    case BlockFormat::Float32:
        return action(float());
    case BlockFormat::Float64:
        return action(double());
    }
    Q_UNREACHABLE();
}

/// The count of numbers of \a size bytes in \a payload.
Result<size_t> countOf(QByteArrayView payload, size_t size)
{
    const auto bytes = size_t(payload.size());
    if (bytes % size != 0)
        return malformed(tr("has %1 bytes, which is no multiple of %2").arg(bytes).arg(size));
    return bytes / size;
}

bool isExact(qint64 value)
{
    constexpr qint64 kExact = qint64(1) << 53;
    return value >= -kExact && value <= kExact;
}

template<typename T>
T nearest(double value)
{
    if constexpr (std::is_floating_point_v<T>) {
        return T(value);
    } else {
        using Limit = std::numeric_limits<T>;
        const double rounded = std::nearbyint(value);
        if (!(rounded > double(Limit::min()))) // also what is no number
            return Limit::min();
        return rounded >= double(Limit::max()) ? Limit::max() : T(rounded);
    }
}

template<typename T>
Result<BlockNumbers> decode(QByteArrayView payload, ByteOrder order)
{
    const auto count = countOf(payload, sizeof(T));
    if (!count)
        return count.error();
    BlockNumbers numbers;
    numbers.values.reserve(count.value());
    const char *from = payload.data();
    for (size_t i = 0; i < count.value(); ++i, from += sizeof(T)) {
        const T raw = load<T>(from, order);
        if constexpr (std::is_same_v<T, qint64>) {
            if (!isExact(raw))
                return malformed(tr("holds %1, which is too large to be kept exactly").arg(raw));
        }
        Number number{double(raw), ValueState::Ok};
        if constexpr (std::is_floating_point_v<T>)
            number = fromMarks(number.value);
        numbers.values.push_back(number.value);
        if (number.state != ValueState::Ok && numbers.states.empty())
            numbers.states.resize(count.value(), ValueState::Ok);
        if (!numbers.states.empty())
            numbers.states[i] = number.state;
    }
    return numbers;
}

} // namespace

int bytesPerNumber(BlockFormat format)
{
    return withType(format, [](auto type) { return int(sizeof type); });
}

Result<QByteArrayView> blockPayload(QByteArrayView reply)
{
    if (reply.size() < 2 || reply[0] != '#' || reply[1] < '1' || reply[1] > '9')
        return malformed(
            tr("begins with %1 instead of # and its length").arg(quotedForMessage(reply)));
    const qsizetype digits = reply[1] - '0';
    if (reply.size() < 2 + digits)
        return malformed(tr("ends within its length"));
    qsizetype length = 0;
    for (const char c : reply.sliced(2, digits)) {
        if (c < '0' || c > '9')
            return malformed(tr("has no number as its length: %1").arg(quotedForMessage(reply)));
        length = length * 10 + (c - '0');
    }
    QByteArrayView rest = reply.sliced(2 + digits);
    if (rest.size() < length)
        return malformed(tr("has %1 bytes of the %2 it promises").arg(rest.size()).arg(length));
    for (const char c : rest.sliced(length)) {
        if (c != '\r' && c != '\n')
            return malformed(tr("goes on behind the %1 bytes it promises").arg(length));
    }
    return rest.first(length);
}

QByteArray makeBlock(QByteArrayView payload)
{
    Q_ASSERT(payload.size() <= 999'999'999);
    const QByteArray length = QByteArray::number(payload.size());
    QByteArray block;
    block.reserve(2 + length.size() + payload.size());
    block.append('#').append(char('0' + length.size())).append(length).append(payload);
    return block;
}

Result<BlockNumbers> decodeNumbers(QByteArrayView payload, BlockFormat format, ByteOrder order)
{
    return withType(format, [&](auto type) { return decode<decltype(type)>(payload, order); });
}

Result<std::vector<qint64>> decodeIntegers(QByteArrayView payload, BlockFormat format,
                                           ByteOrder order)
{
    return withType(format, [&](auto type) -> Result<std::vector<qint64>> {
        using T = decltype(type);
        if constexpr (std::is_floating_point_v<T>) {
            return malformed(tr("holds floating-point numbers where whole ones are due"));
        } else {
            const auto count = countOf(payload, sizeof(T));
            if (!count)
                return count.error();
            std::vector<qint64> values(count.value());
            for (size_t i = 0; i < values.size(); ++i)
                values[i] = qint64(load<T>(payload.data() + i * sizeof(T), order));
            return values;
        }
    });
}

QByteArray encodeNumbers(std::span<const double> values, BlockFormat format, ByteOrder order)
{
    return withType(format, [&](auto type) {
        using T = decltype(type);
        QByteArray payload(qsizetype(values.size() * sizeof(T)), Qt::Uninitialized);
        char *to = payload.data();
        for (const double value : values) {
            store<T>(nearest<T>(value), to, order);
            to += sizeof(T);
        }
        return payload;
    });
}

} // namespace birch::scpi
