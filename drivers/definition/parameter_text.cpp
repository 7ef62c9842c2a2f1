#include "drivers/definition/parameter_text.h"

#include "core/base/unit.h"
#include "drivers/definition/reply.h"
#include "drivers/scpi/number.h"

#include <QCoreApplication>
#include <QLocale>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::DefinitionInstrument)
};

Error badValue(const ParameterSpec &spec, const QString &expected)
{
    return {ErrorCode::BadInput, Text::tr("%1 takes %2: enter one").arg(spec.label, expected)};
}

Status checkRange(const ParameterSpec &spec, double value)
{
    if (!isOnGrid(value, spec.step))
        return Error{ErrorCode::OutOfRange,
                     Text::tr("%1 goes in steps of %2 %3: choose a multiple instead of %4")
                         .arg(spec.label, numberToText(spec.step), spec.unit, numberToText(value))};
    if (spec.limits.contain(value))
        return ok();
    return Error{ErrorCode::OutOfRange,
                 Text::tr("%1 is outside %2 … %3 %4 of %5: choose a value within the range")
                     .arg(numberToText(value), numberToText(spec.limits.low),
                          numberToText(spec.limits.high), spec.unit, spec.label)};
}

Result<QByteArray> choiceText(const ParameterSpec &spec, const ParameterCommands &commands,
                              const QVariant &value)
{
    const qsizetype index = spec.choices.indexOf(value.toString());
    if (index < 0)
        return badValue(spec, Text::tr("one of %1").arg(spec.choices.join(QStringLiteral(", "))));
    return commands.tokens[index];
}

Result<QByteArray> plainText(const ParameterSpec &spec, const QVariant &value)
{
    const QString text = value.toString();
    const QByteArray bytes = text.toLatin1();
    bool isOneLine = QString::fromLatin1(bytes) == text;
    for (const char c : bytes)
        isOneLine = isOneLine && quint8(c) >= 0x20;
    if (!isOneLine)
        return badValue(spec, Text::tr("one line of Latin-1 text"));
    return bytes;
}

QByteArray withoutQuotes(const QByteArray &text)
{
    const bool isQuoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                          text.back() == text.front();
    return isQuoted ? text.mid(1, text.size() - 2) : text;
}
} // namespace

QByteArray wireNumber(double value, bool isFixed)
{
    return isFixed ? QByteArray::number(value, 'f', QLocale::FloatingPointShortest)
                   : numberToText(value).toLatin1();
}

Result<QByteArray> parameterToText(const ParameterSpec &spec, const ParameterCommands &commands,
                                   const QVariant &value, bool hasFixedNumbers)
{
    if (spec.isReadOnly)
        return Error{ErrorCode::BadInput,
                     Text::tr("%1 can only be read: change what it depends on").arg(spec.label)};
    bool isNumber = false;
    switch (spec.type) {
    case ParameterType::Number: {
        const double number = value.toDouble(&isNumber);
        if (!isNumber)
            return badValue(spec, Text::tr("a number"));
        if (Status fits = checkRange(spec, number); !fits)
            return fits.error();
        return wireNumber(number, hasFixedNumbers);
    }
    case ParameterType::Integer: {
        const double number = value.toDouble(&isNumber);
        if (!isNumber || number != std::nearbyint(number) || std::abs(number) > 9e15)
            return badValue(spec, Text::tr("a whole number"));
        if (Status fits = checkRange(spec, number); !fits)
            return fits.error();
        return QByteArray::number(qlonglong(number));
    }
    case ParameterType::Bool:
        if (value.typeId() != QMetaType::Bool)
            return badValue(spec, Text::tr("on or off"));
        return commands.tokens[value.toBool() ? 1 : 0];
    case ParameterType::Choice:
        return choiceText(spec, commands, value);
    case ParameterType::Text:
        return plainText(spec, value);
    }
    return badValue(spec, Text::tr("another kind of value"));
}

Result<QVariant> parameterFromReply(const ParameterSpec &spec, const ParameterCommands &commands,
                                    QByteArrayView reply)
{
    if (spec.type == ParameterType::Number || spec.type == ParameterType::Integer) {
        const auto number = readbackFrom(commands.reply, reply);
        if (!number)
            return number.error();
        if (spec.type == ParameterType::Number)
            return QVariant(number.value());
        if (number.value() == std::nearbyint(number.value()) && std::abs(number.value()) < 9e15)
            return QVariant(qlonglong(number.value()));
    } else {
        const auto bare = valueText(commands.reply, reply);
        if (!bare)
            return bare.error();
        const QByteArray text = withoutQuotes(bare.value().trimmed());
        if (spec.type == ParameterType::Text)
            return QVariant(QString::fromLatin1(text));
        for (qsizetype i = 0; i < commands.tokens.size(); ++i) {
            if (!isSameToken(text, withoutQuotes(commands.tokens[i])))
                continue;
            return spec.type == ParameterType::Bool ? QVariant(i == 1) : QVariant(spec.choices[i]);
        }
        if (spec.type == ParameterType::Bool && isSameToken(text, "1"))
            return QVariant(true); // set by ON, told as 1
        if (spec.type == ParameterType::Bool && isSameToken(text, "0"))
            return QVariant(false);
    }
    return Error{ErrorCode::Protocol,
                 Text::tr("The reply %1 is none of its values: check the definition")
                     .arg(scpi::quotedForMessage(reply))};
}

} // namespace birch
