#include "core/exchange/import/pickle_text.h"

#include <QStringDecoder>

#include <algorithm>

namespace birch {

namespace {

/// Value of \a count hexadecimal digits at \a from; nothing where they are none.
std::optional<char32_t> hexAt(QByteArrayView text, qsizetype from, qsizetype count)
{
    if (count > text.size() - from)
        return std::nullopt;
    bool isNumber = false;
    const uint value = text.sliced(from, count).toByteArray().toUInt(&isNumber, 16);
    if (!isNumber || text[from] == '+' || text[from] == '-' || text[from] == ' ')
        return std::nullopt;
    return char32_t(value);
}

char simpleEscape(char letter)
{
    switch (letter) {
    case 'a':
        return '\a';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    case '\\':
    case '\'':
    case '"':
        return letter;
    default:
        return '\0';
    }
}

/// One escape that begins behind the backslash at \a *at, which is moved behind it.
std::optional<QByteArray> unescaped(QByteArrayView body, qsizetype *at)
{
    const char letter = body[*at];
    if (const char simple = simpleEscape(letter)) {
        ++*at;
        return QByteArray(1, simple);
    }
    if (letter == 'x') {
        const auto value = hexAt(body, *at + 1, 2);
        *at += 3;
        return value ? std::optional(QByteArray(1, char(*value))) : std::nullopt;
    }
    if (letter < '0' || letter > '7')
        return QByteArray("\\"); // an unknown escape stands for itself, as in Python
    int value = 0;
    for (int digits = 0; digits < 3 && *at < body.size() && body[*at] >= '0' && body[*at] <= '7';
         ++digits)
        value = value * 8 + (body[(*at)++] - '0');
    return QByteArray(1, char(value));
}

/// A surrogate pair, or a lone half, from three-byte sequences: Python's "surrogatepass".
std::optional<QString> withSurrogates(QByteArrayView utf8)
{
    QByteArray clean;
    QString text;
    const auto flush = [&clean, &text] {
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        text += QString(decoder.decode(clean));
        clean.clear();
        return !decoder.hasError();
    };
    for (qsizetype i = 0; i < utf8.size(); ++i) {
        const bool isSurrogate = quint8(utf8[i]) == 0xed && i + 2 < utf8.size() &&
                                 (quint8(utf8[i + 1]) & 0xe0) == 0xa0 &&
                                 (quint8(utf8[i + 2]) & 0xc0) == 0x80;
        if (!isSurrogate) {
            clean += utf8[i];
            continue;
        }
        if (!flush())
            return std::nullopt;
        text += QChar(
            char16_t(0xd000 | ((quint8(utf8[i + 1]) & 0x3f) << 6) | (quint8(utf8[i + 2]) & 0x3f)));
        i += 2;
    }
    return flush() ? std::optional(text) : std::nullopt;
}

} // namespace

std::optional<QString> pickleText(QByteArrayView utf8)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless |
                                                     QStringDecoder::Flag::ConvertInitialBom);
    QString text = decoder.decode(utf8);
    if (!decoder.hasError())
        return text;
    return withSurrogates(utf8);
}

std::optional<QByteArray> unquoted(QByteArrayView literal)
{
    literal = literal.trimmed();
    if (literal.size() < 2 || literal.front() != literal.back() ||
        (literal.front() != '\'' && literal.front() != '"'))
        return std::nullopt;
    const QByteArrayView body = literal.sliced(1, literal.size() - 2);
    QByteArray result;
    result.reserve(body.size());
    for (qsizetype i = 0; i < body.size();) {
        if (body[i] != '\\') {
            result += body[i++];
            continue;
        }
        if (++i == body.size())
            return std::nullopt;
        const auto escape = unescaped(body, &i);
        if (!escape)
            return std::nullopt;
        result += *escape;
    }
    return result;
}

std::optional<QString> rawUnicodeUnescaped(QByteArrayView text)
{
    QString result;
    result.reserve(text.size());
    for (qsizetype i = 0; i < text.size();) {
        const bool isEscape =
            text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 'u' || text[i + 1] == 'U');
        if (!isEscape) {
            result += QLatin1Char(text[i++]);
            continue;
        }
        const qsizetype digits = text[i + 1] == 'u' ? 4 : 8;
        const auto value = hexAt(text, i + 2, digits);
        if (!value || *value > 0x10ffff)
            return std::nullopt;
        if (*value < 0x10000)
            result += QChar(char16_t(*value));
        else
            result += QString::fromUcs4(&*value, 1);
        i += 2 + digits;
    }
    return result;
}

bool isDecimalInteger(QByteArrayView text)
{
    if (!text.isEmpty() && (text.front() == '-' || text.front() == '+'))
        text = text.sliced(1);
    return !text.isEmpty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace birch
