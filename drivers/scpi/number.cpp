#include "drivers/scpi/number.h"

#include <QCoreApplication>

#include <charconv>
#include <cmath>

namespace birch::scpi {

namespace {

constexpr double kOverload = 9.9e37;
constexpr double kNotANumber = 9.91e37;
constexpr double kSinglePrecision = 1e-6; // relative; a mark keeps seven digits through a float32

QString tr(const char *text)
{
    return QCoreApplication::translate("Scpi", text);
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

QByteArrayView withoutBlanks(QByteArrayView text)
{
    while (!text.isEmpty() && isBlank(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && isBlank(text.back()))
        text.chop(1);
    return text;
}

qsizetype digitsAt(QByteArrayView text, qsizetype at)
{
    qsizetype end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9')
        ++end;
    return end - at;
}

bool isSign(QByteArrayView text, qsizetype at)
{
    return at < text.size() && (text[at] == '+' || text[at] == '-');
}

/// The numeric response data of IEEE 488.2, lenient where instruments are: "1." and ".5" pass.
bool isDecimal(QByteArrayView text)
{
    qsizetype at = isSign(text, 0) ? 1 : 0;
    const qsizetype whole = digitsAt(text, at);
    at += whole;
    qsizetype fraction = 0;
    if (at < text.size() && text[at] == '.') {
        fraction = digitsAt(text, at + 1);
        at += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (at < text.size() && (text[at] == 'E' || text[at] == 'e')) {
        at += isSign(text, at + 1) ? 2 : 1;
        const qsizetype exponent = digitsAt(text, at);
        if (exponent == 0)
            return false;
        at += exponent;
    }
    return at == text.size();
}

bool isNear(double value, double mark)
{
    return std::abs(value / mark - 1) < kSinglePrecision;
}

Error notANumber(QByteArrayView reply)
{
    return {ErrorCode::Protocol,
            tr("The instrument answered %1 where a number was due; check that its model is the one "
               "set")
                .arg(quotedForMessage(reply))};
}

} // namespace

QString quotedForMessage(QByteArrayView reply)
{
    constexpr qsizetype kShown = 60;
    QString text;
    for (const char c : reply.first(std::min(reply.size(), kShown)))
        text += c >= ' ' && c < 0x7f ? QChar::fromLatin1(c) : QChar(u'.');
    if (reply.size() > kShown)
        text += u'…';
    return u'"' + text + u'"';
}

Number fromMarks(double value)
{
    const double magnitude = std::abs(value);
    if (std::isnan(value) || isNear(magnitude, kNotANumber))
        return {0, ValueState::NotANumber};
    if (magnitude > kOverload * (1 - kSinglePrecision))
        return {0, ValueState::Overload};
    return {value, ValueState::Ok};
}

Result<Number> parseNumber(QByteArrayView reply)
{
    QByteArrayView text = withoutBlanks(reply);
    if (!isDecimal(text))
        return notANumber(reply);
    if (text.front() == '+')
        text = text.sliced(1);
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc()) // more than a double holds, or less
        return notANumber(reply);
    return fromMarks(value);
}

Result<qint64> parseInteger(QByteArrayView reply)
{
    QByteArrayView text = withoutBlanks(reply);
    const bool hasPlus = !text.isEmpty() && text.front() == '+';
    qint64 exact = 0;
    if (hasPlus && !isSign(text, 1))
        text = text.sliced(1);
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), exact);
    if (parsed.ec == std::errc() && parsed.ptr == text.data() + text.size())
        return exact;
    const auto number = parseNumber(reply);
    constexpr double kExact = 9007199254740992.0; // 2^53: beyond it doubles skip integers
    if (!number || number.value().state != ValueState::Ok ||
        std::abs(number.value().value) > kExact ||
        number.value().value != std::trunc(number.value().value))
        return Error{ErrorCode::Protocol,
                     tr("The instrument answered %1 where a whole number was due; check that its "
                        "model is the one set")
                         .arg(quotedForMessage(reply))};
    return qint64(number.value().value);
}

Result<bool> parseBool(QByteArrayView reply)
{
    const QByteArrayView text = withoutBlanks(reply);
    if (text.compare("ON", Qt::CaseInsensitive) == 0)
        return true;
    if (text.compare("OFF", Qt::CaseInsensitive) == 0)
        return false;
    const auto number = parseInteger(text);
    if (!number)
        return Error{ErrorCode::Protocol,
                     tr("The instrument answered %1 where ON or OFF was due; check that its model "
                        "is the one set")
                         .arg(quotedForMessage(reply))};
    return number.value() != 0;
}

QList<QByteArrayView> splitList(QByteArrayView reply, char separator)
{
    QList<QByteArrayView> parts;
    const QByteArrayView whole = withoutBlanks(reply);
    if (whole.isEmpty())
        return parts;
    char quote = 0;
    qsizetype begin = 0;
    for (qsizetype at = 0; at < whole.size(); ++at) {
        const char c = whole[at];
        if (quote != 0) {
            if (c == quote)
                quote = 0; // a doubled one opens again at once
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == separator) {
            parts.append(withoutBlanks(whole.sliced(begin, at - begin)));
            begin = at + 1;
        }
    }
    parts.append(withoutBlanks(whole.sliced(begin)));
    return parts;
}

Result<QList<Number>> parseNumbers(QByteArrayView reply, char separator)
{
    const QList<QByteArrayView> parts = splitList(reply, separator);
    if (parts.isEmpty())
        return notANumber(reply);
    QList<Number> numbers;
    numbers.reserve(parts.size());
    for (const QByteArrayView part : parts) {
        auto number = parseNumber(part);
        if (!number)
            return number.error().within(
                tr("Value %1 of %2").arg(numbers.size() + 1).arg(parts.size()));
        numbers.append(number.value());
    }
    return numbers;
}

} // namespace birch::scpi
