#include "drivers/definition/register_command.h"

#include <QCoreApplication>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::RegisterCommand)
};

constexpr std::array<const char *, 5> kTypes{"int16", "uint16", "int32", "uint32", "float32"};

Error bad(const QString &sentence)
{
    return {ErrorCode::BadInput, sentence};
}

Error unknown(const QByteArray &word)
{
    return bad(Text::tr("\"%1\" does not belong into a register command: write for example read 1 "
                        "int16 0.1, or write 2 int16 0.1 = 25")
                   .arg(QString::fromLatin1(word)));
}

template<typename Number>
QByteArray shortest(Number value)
{
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return QByteArray(text.data(), end - text.data());
}

bool readOption(const QByteArray &word, RegisterCommand *command)
{
    if (word == "input")
        return command->isInput = !command->isWrite; // input registers can not be written
    if (word == "holding")
        return true;
    if (word == "low-first")
        return command->isLowFirst = true;
    if (word == "multiple")
        return command->isMultiple = command->isWrite;
    bool isNumber = false;
    command->scale = word.toDouble(&isNumber);
    return isNumber && std::isfinite(command->scale) && command->scale > 0;
}

/// Scales are written as decimal fractions: divided by their inverse, 253 tenths are 25.3.
double scaled(double raw, double scale)
{
    const double inverse = std::nearbyint(1 / scale);
    return inverse >= 1 && std::abs(inverse * scale - 1) < 1e-12 ? raw / inverse : raw * scale;
}
} // namespace

Result<RegisterCommand> RegisterCommand::parse(QByteArrayView text)
{
    RegisterCommand command;
    const qsizetype equals = text.indexOf('=');
    const QByteArrayView head = equals < 0 ? text : text.first(equals);
    QList<QByteArray> words = head.toByteArray().simplified().toLower().split(' ');
    command.isWrite = words.first() == "write";
    if (words.size() < 3 || (!command.isWrite && words.first() != "read"))
        return unknown(text.toByteArray());
    if (command.isWrite != (equals >= 0))
        return unknown(text.toByteArray());
    if (command.isWrite)
        command.value = text.sliced(equals + 1).trimmed().toByteArray();
    bool isNumber = false;
    command.address = words[1].toUShort(&isNumber, words[1].startsWith("0x") ? 16 : 10);
    if (!isNumber)
        return unknown(words[1]);
    const auto type = std::find(kTypes.begin(), kTypes.end(), words[2]);
    if (type == kTypes.end())
        return unknown(words[2]);
    command.type = Type(type - kTypes.begin());
    for (const QByteArray &word : words.mid(3)) {
        if (!readOption(word, &command))
            return unknown(word);
    }
    if (command.registerCount() == 2 && command.address == 0xffff)
        return unknown(words[1]);
    return command;
}

Result<QList<quint16>> RegisterCommand::registersFor(QByteArrayView number) const
{
    bool isNumber = false;
    const double wanted = number.toDouble(&isNumber);
    if (!isNumber || !std::isfinite(wanted))
        return bad(Text::tr("\"%1\" is no number for a register: write one")
                       .arg(QString::fromLatin1(number)));
    const double raw = type == Type::Float32 ? wanted / scale : std::nearbyint(wanted / scale);
    const auto fits = [raw](double low, double high) { return raw >= low && raw <= high; };
    constexpr double kMost32 = std::numeric_limits<quint32>::max();
    const bool isWithin = type == Type::Int16    ? fits(-32768, 32767)
                          : type == Type::UInt16 ? fits(0, 65535)
                          : type == Type::Int32  ? fits(-2147483648.0, 2147483647.0)
                          : type == Type::UInt32 ? fits(0, kMost32)
                                                 : std::isfinite(float(raw));
    if (!isWithin)
        return Error{ErrorCode::OutOfRange,
                     Text::tr("%1 does not fit into register %2: choose a smaller number")
                         .arg(QString::fromLatin1(number))
                         .arg(address)};
    if (registerCount() == 1)
        return QList<quint16>{quint16(qint32(raw))};
    const quint32 bits =
        type == Type::Float32 ? std::bit_cast<quint32>(float(raw)) : quint32(qint64(raw));
    const quint16 high = quint16(bits >> 16), low = quint16(bits & 0xffff);
    return isLowFirst ? QList<quint16>{low, high} : QList<quint16>{high, low};
}

QByteArray RegisterCommand::numberFrom(const QList<quint16> &registers) const
{
    const quint16 first = registers.value(0), second = registers.value(1);
    const quint32 bits = isLowFirst ? quint32(second) << 16 | first : quint32(first) << 16 | second;
    switch (type) {
    case Type::Int16:
        return shortest(scaled(qint16(first), scale));
    case Type::UInt16:
        return shortest(scaled(first, scale));
    case Type::Int32:
        return shortest(scaled(qint32(bits), scale));
    case Type::UInt32:
        return shortest(scaled(bits, scale));
    case Type::Float32:
        break;
    }
    const float raw = std::bit_cast<float>(bits);
    return scale == 1 ? shortest(raw) : shortest(double(raw) * scale);
}

} // namespace birch
