// The steps of PickleMachine that make numbers, texts and bytes.
#include "core/exchange/import/pickle_machine.h"
#include "core/exchange/import/pickle_text.h"

#include <bit>

using namespace Qt::StringLiterals;

namespace birch {

template<typename Length>
Result<QByteArrayView> PickleMachine::counted()
{
    const auto length = m_input.number<Length>();
    const auto bytes = length ? m_input.take(*length) : std::nullopt;
    if (!bytes)
        return damaged(tr("it ends in the middle"));
    return *bytes;
}

Result<QByteArrayView> PickleMachine::textLine()
{
    const auto line = m_input.line();
    if (!line)
        return damaged(tr("it ends in the middle"));
    if (line->size() > m_limits.line)
        return damaged(tr("a line is longer than %1 bytes").arg(m_limits.line));
    return *line;
}

Status PickleMachine::none()
{
    return push({});
}

Status PickleMachine::newTrue()
{
    return push({.kind = Kind::Bool, .integer = 1});
}

Status PickleMachine::newFalse()
{
    return push({.kind = Kind::Bool});
}

Status PickleMachine::pushInteger(qint64 value)
{
    return push({.kind = Kind::Integer, .integer = value});
}

Status PickleMachine::pushBigEnough(QByteArrayView twosComplement)
{
    if (twosComplement.size() > 8)
        return push({.kind = Kind::BigInteger, .bytes = twosComplement.toByteArray()});
    const bool isNegative = !twosComplement.isEmpty() && (quint8(twosComplement.back()) & 0x80);
    quint64 value = isNegative ? ~quint64(0) : 0;
    for (qsizetype i = twosComplement.size() - 1; i >= 0; --i)
        value = (value << 8) | quint8(twosComplement[i]);
    return pushInteger(qint64(value));
}

Status PickleMachine::pushDigits(QByteArrayView digits)
{
    bool isNumber = false;
    const qint64 value = digits.toByteArray().toLongLong(&isNumber);
    if (isNumber)
        return pushInteger(value);
    if (!isDecimalInteger(digits))
        return damaged(tr("\"%1\" is no whole number")
                           .arg(QString::fromLatin1(digits.first(qMin(40, digits.size())))));
    return push({.kind = Kind::BigInteger, .text = QString::fromLatin1(digits)});
}

Status PickleMachine::intLine()
{
    const auto line = textLine();
    if (!line)
        return line.error();
    if (line.value() == "01")
        return newTrue();
    if (line.value() == "00")
        return newFalse();
    return pushDigits(line.value());
}

Status PickleMachine::longLine()
{
    const auto line = textLine();
    if (!line)
        return line.error();
    const QByteArrayView digits = line.value();
    return pushDigits(digits.endsWith('L') ? digits.chopped(1) : digits);
}

Status PickleMachine::binInt()
{
    const auto value = m_input.number<qint32>();
    return value ? pushInteger(*value) : Status(damaged(tr("it ends in the middle")));
}

Status PickleMachine::binInt1()
{
    const auto value = m_input.number<quint8>();
    return value ? pushInteger(*value) : Status(damaged(tr("it ends in the middle")));
}

Status PickleMachine::binInt2()
{
    const auto value = m_input.number<quint16>();
    return value ? pushInteger(*value) : Status(damaged(tr("it ends in the middle")));
}

Status PickleMachine::long1()
{
    const auto bytes = counted<quint8>();
    return bytes ? pushBigEnough(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::long4()
{
    const auto bytes = counted<quint32>();
    return bytes ? pushBigEnough(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::floatLine()
{
    const auto line = textLine();
    if (!line)
        return line.error();
    bool isNumber = false;
    const double value = line.value().toByteArray().toDouble(&isNumber);
    if (!isNumber)
        return damaged(tr("a number can not be read"));
    return push({.kind = Kind::Real, .real = value});
}

Status PickleMachine::binFloat()
{
    const auto bytes = m_input.take(8);
    if (!bytes)
        return damaged(tr("it ends in the middle"));
    const auto bits = qFromBigEndian<quint64>(bytes->data());
    return push({.kind = Kind::Real, .real = std::bit_cast<double>(bits)});
}

Status PickleMachine::pushText(QByteArrayView utf8)
{
    auto text = pickleText(utf8);
    if (!text)
        return damaged(tr("a text is not in UTF-8"));
    return push({.kind = Kind::Text, .text = std::move(*text)});
}

Status PickleMachine::pushTextOrBytes(QByteArrayView bytes)
{
    // Python 2 had one type for both.
    if (auto text = pickleText(bytes))
        return push({.kind = Kind::Text, .text = std::move(*text)});
    return pushBytes(bytes);
}

Status PickleMachine::pushBytes(QByteArrayView bytes)
{
    return push({.kind = Kind::Bytes, .bytes = bytes.toByteArray()});
}

Status PickleMachine::stringLine()
{
    const auto line = textLine();
    if (!line)
        return line.error();
    const auto bytes = unquoted(line.value());
    return bytes ? pushTextOrBytes(*bytes) : Status(damaged(tr("a text is not quoted right")));
}

Status PickleMachine::unicodeLine()
{
    const auto line = textLine();
    if (!line)
        return line.error();
    auto text = rawUnicodeUnescaped(line.value());
    if (!text)
        return damaged(tr("a text has a broken \\u escape"));
    return push({.kind = Kind::Text, .text = std::move(*text)});
}

Status PickleMachine::binString()
{
    const auto bytes = counted<quint32>();
    return bytes ? pushTextOrBytes(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::shortBinString()
{
    const auto bytes = counted<quint8>();
    return bytes ? pushTextOrBytes(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::binUnicode()
{
    const auto bytes = counted<quint32>();
    return bytes ? pushText(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::shortBinUnicode()
{
    const auto bytes = counted<quint8>();
    return bytes ? pushText(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::binUnicode8()
{
    const auto bytes = counted<quint64>();
    return bytes ? pushText(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::binBytes()
{
    const auto bytes = counted<quint32>();
    return bytes ? pushBytes(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::shortBinBytes()
{
    const auto bytes = counted<quint8>();
    return bytes ? pushBytes(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::binBytes8()
{
    const auto bytes = counted<quint64>();
    return bytes ? pushBytes(bytes.value()) : Status(bytes.error());
}

Status PickleMachine::global()
{
    const auto module = textLine();
    const auto name = module ? textLine() : module;
    if (!name)
        return name.error();
    return pushClass(QString::fromUtf8(module.value()), QString::fromUtf8(name.value()));
}

Status PickleMachine::getLine()
{
    const auto line = textLine();
    if (!line)
        return line.error();
    bool isNumber = false;
    const uint key = line.value().toByteArray().toUInt(&isNumber);
    return isNumber ? get(key) : Status(damaged(tr("a reference can not be read")));
}

Status PickleMachine::putLine()
{
    const auto line = textLine();
    if (!line)
        return line.error();
    bool isNumber = false;
    const uint key = line.value().toByteArray().toUInt(&isNumber);
    return isNumber ? put(key) : Status(damaged(tr("a reference can not be read")));
}

} // namespace birch
