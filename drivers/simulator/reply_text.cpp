#include "drivers/simulator/reply_text.h"

#include "core/base/unit.h"

#include <cmath>

namespace birch {

QByteArray numberReply(double value)
{
    if (std::isnan(value))
        return "9.91E37";
    if (std::isinf(value))
        return value > 0 ? "9.9E37" : "-9.9E37";
    return numberToText(value).toLatin1();
}

QByteArray replyIn(const ReplyFormat &format, std::span<const double> values)
{
    if (format.kind == ReplyFormat::Kind::Block)
        return scpi::makeBlock(scpi::encodeNumbers(values, format.blockFormat, format.byteOrder));
    QByteArray text;
    for (const double value : values) {
        if (!text.isEmpty())
            text += ',';
        text += numberReply(value);
    }
    if (format.kind == ReplyFormat::Kind::Pattern)
        return withValue(format, format.example, text);
    return format.kind == ReplyFormat::Kind::Template ? format.pattern.filled(text) : text;
}

QByteArray withValue(const ReplyFormat &format, const QByteArray &text, const QByteArray &value)
{
    const auto match = format.capture.match(QString::fromLatin1(text));
    if (!match.hasMatch())
        return text;
    return QByteArray(text).replace(match.capturedStart(1), match.capturedLength(1), value);
}

} // namespace birch
