#include "drivers/definition/reply.h"

#include "drivers/scpi/number.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::DefinitionInstrument)
};

Error notUnderstood(QByteArrayView reply, const QString &expected)
{
    return {ErrorCode::Protocol,
            Text::tr("The reply %1 is not %2: check the definition and the instrument's mode")
                .arg(scpi::quotedForMessage(reply), expected)};
}

Result<scpi::Number> numberFrom(QByteArrayView text, const MeasurementCommands &commands)
{
    const QByteArrayView trimmed = text.trimmed();
    for (const QByteArray &token : commands.overloadTokens) {
        if (trimmed == token)
            return scpi::Number{0, ValueState::Overload};
    }
    for (const QByteArray &token : commands.notANumberTokens) {
        if (trimmed == token)
            return scpi::Number{0, ValueState::NotANumber};
    }
    return scpi::parseNumber(text);
}

Status appendBlock(const ReplyFormat &format, const ColumnSpec &spec, QByteArrayView reply,
                   ColumnValues &column, const BlockFactors &factors)
{
    const auto payload = scpi::blockPayload(reply);
    if (!payload)
        return payload.error();
    const qint64 expected = column.valuesPerRow() * scpi::bytesPerNumber(format.blockFormat);
    if (payload.value().size() != expected)
        return Error{
            ErrorCode::Protocol,
            Text::tr("The block holds %1 bytes instead of %2 for %3: check the data format "
                     "of the instrument")
                .arg(payload.value().size())
                .arg(expected)
                .arg(spec.name)};
    const bool isFloat = format.blockFormat == scpi::BlockFormat::Float32 ||
                         format.blockFormat == scpi::BlockFormat::Float64;
    if (spec.type == ColumnType::Int64 && !isFloat) {
        const auto whole =
            scpi::decodeIntegers(payload.value(), format.blockFormat, format.byteOrder);
        if (!whole)
            return whole.error();
        for (const qint64 value : whole.value())
            column.appendInt(value);
        return ok();
    }
    auto numbers = scpi::decodeNumbers(payload.value(), format.blockFormat, format.byteOrder);
    if (!numbers)
        return numbers.error();
    auto [values, states] = std::move(numbers).value();
    if (spec.type == ColumnType::Float64) {
        for (double &value : values)
            value = (value - factors.reference) * factors.factor + factors.offset;
    }
    if (spec.type == ColumnType::Float64 && states.empty()) {
        column.appendDoubles(values);
        return ok();
    }
    for (size_t i = 0; i < values.size(); ++i) {
        const ValueState state = states.empty() ? ValueState::Ok : states[i];
        if (spec.type == ColumnType::Int64)
            column.appendInt(qint64(std::llround(std::clamp(values[i], -9e18, 9e18))), state);
        else
            column.appendDouble(values[i], state);
    }
    return ok();
}

Status appendInteger(QByteArrayView text, const MeasurementCommands &commands, ColumnValues &column)
{
    const auto whole = scpi::parseInteger(text);
    if (whole) {
        column.appendInt(whole.value());
        return ok();
    }
    const auto number = numberFrom(text, commands);
    if (!number || number.value().state == ValueState::Ok)
        return whole.error();
    column.appendInt(0, number.value().state);
    return ok();
}

Status appendField(const ColumnSpec &spec, const MeasurementCommands &commands, QByteArrayView text,
                   ColumnValues &column)
{
    switch (spec.type) {
    case ColumnType::Float64: {
        const auto number = numberFrom(text, commands);
        if (!number)
            return number.error();
        column.appendDouble(number.value().value, number.value().state);
        return ok();
    }
    case ColumnType::Int64:
        return appendInteger(text, commands, column);
    case ColumnType::Bool:
        if (const auto isOn = scpi::parseBool(text)) {
            column.appendBool(isOn.value());
            return ok();
        } else {
            return isOn.error();
        }
    case ColumnType::Utf8: {
        QByteArray bare = text.trimmed().toByteArray();
        if (bare.size() >= 2 && bare.front() == '"' && bare.back() == '"')
            bare = bare.mid(1, bare.size() - 2);
        column.appendText(QString::fromLatin1(bare));
        return ok();
    }
    }
    return notUnderstood(text, Text::tr("a value"));
}

Status appendList(const MeasurementQuery &query, const MeasurementCommands &commands,
                  const MeasurementSpec &spec, QByteArrayView reply,
                  std::vector<ColumnValues> &scratch)
{
    const QList<QByteArrayView> fields = scpi::splitList(reply);
    if (fields.size() != query.fieldCount)
        return Error{ErrorCode::Protocol,
                     Text::tr("The reply holds %1 values instead of %2: check which elements the "
                              "instrument is set to send")
                         .arg(fields.size())
                         .arg(query.fieldCount)};
    for (qsizetype i = 0; i < query.columns.size(); ++i) {
        const int position = query.columns[i];
        ColumnValues &column = scratch[size_t(position)];
        for (qint64 k = 0; k < column.valuesPerRow(); ++k) {
            Status done =
                appendField(spec.columns[position], commands, fields[query.fields[i] + k], column);
            if (!done)
                return done.error().within(spec.columns[position].name);
        }
    }
    return ok();
}

} // namespace

Result<QByteArray> valueText(const ReplyFormat &format, QByteArrayView reply)
{
    if (format.kind == ReplyFormat::Kind::Pattern) {
        const auto match = format.capture.match(QString::fromLatin1(reply));
        if (match.hasMatch())
            return match.captured(1).toLatin1().trimmed();
        return notUnderstood(reply,
                             Text::tr("like %1").arg(scpi::quotedForMessage(format.example)));
    }
    if (format.kind != ReplyFormat::Kind::Template)
        return reply.toByteArray();
    if (auto value = format.pattern.valueIn(reply.toByteArray()))
        return *std::move(value);
    return notUnderstood(reply, scpi::quotedForMessage(format.pattern.filled("…")));
}

Result<BlockFactors> factorsFrom(const BlockScale &scale, QByteArrayView reply)
{
    const auto numbers = scpi::parseNumbers(reply);
    if (!numbers)
        return numbers.error();
    const QList<scpi::Number> &fields = numbers.value();
    if (fields.size() != scale.fieldCount)
        return notUnderstood(reply, Text::tr("a list of %1 numbers").arg(scale.fieldCount));
    BlockFactors factors;
    factors.factor = fields[scale.factor].value;
    factors.offset = scale.offset < 0 ? 0 : fields[scale.offset].value;
    for (const int field : scale.references)
        factors.reference += fields[field].value;
    return factors;
}

bool isSameToken(QByteArrayView reply, QByteArrayView token)
{
    const QByteArrayView a = reply.trimmed();
    const QByteArrayView b = token.trimmed();
    if (a == b)
        return true;
    bool isNumberA = false;
    bool isNumberB = false;
    const double valueA = a.toDouble(&isNumberA);
    const double valueB = b.toDouble(&isNumberB);
    return isNumberA && isNumberB && valueA == valueB;
}

Result<double> readbackFrom(const ReplyFormat &format, QByteArrayView reply)
{
    const auto text = valueText(format, reply);
    if (!text)
        return text.error();
    const auto number = numberFrom(text.value(), {});
    if (!number)
        return number.error();
    if (number.value().state != ValueState::Ok)
        return notUnderstood(reply, Text::tr("a position but an overload or NaN"));
    return number.value().value;
}

Result<QList<double>> axisFrom(const ReplyFormat &format, QByteArrayView reply, qsizetype count)
{
    ColumnSpec spec;
    spec.shape = {count};
    spec.name = Text::tr("the axis");
    std::vector<ColumnValues> scratch{ColumnValues(ColumnType::Float64, count)};
    MeasurementQuery query;
    query.reply = format;
    query.columns = {0};
    query.fields = {0};
    query.fieldCount = int(count);
    MeasurementSpec measurement;
    measurement.columns = {spec};
    if (Status done = appendReply(query, {}, measurement, reply, scratch); !done)
        return done.error();
    if (scratch[0].hasFlags())
        return notUnderstood(reply, Text::tr("an axis of finite numbers"));
    QList<double> values;
    values.reserve(count);
    for (qsizetype i = 0; i < count; ++i)
        values.append(scratch[0].doubleAt(i));
    return values;
}

Status appendReply(const MeasurementQuery &query, const MeasurementCommands &commands,
                   const MeasurementSpec &spec, QByteArrayView reply,
                   std::vector<ColumnValues> &scratch, const BlockFactors &factors)
{
    const int first = query.columns.first();
    switch (query.reply.kind) {
    case ReplyFormat::Kind::List:
        return appendList(query, commands, spec, reply, scratch);
    case ReplyFormat::Kind::Block:
        return appendBlock(query.reply, spec.columns[first], reply, scratch[size_t(first)],
                           factors);
    case ReplyFormat::Kind::Number:
    case ReplyFormat::Kind::Text:
    case ReplyFormat::Kind::Template:
    case ReplyFormat::Kind::Pattern:
        break;
    }
    const auto text = valueText(query.reply, reply);
    if (!text)
        return text.error();
    return appendField(spec.columns[first], commands, text.value(), scratch[size_t(first)]);
}

} // namespace birch
