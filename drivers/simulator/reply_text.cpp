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
    return format.kind == ReplyFormat::Kind::Template ? format.pattern.filled(text) : text;
}

} // namespace birch
