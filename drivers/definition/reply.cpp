#include "drivers/definition/reply.h"

#include <QCoreApplication>
#include <QtEndian>

#include <cmath>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::DefinitionInstrument)
};

struct FlaggedNumber {
    double value = 0;
    ValueState state = ValueState::Ok;
};

Error notUnderstood(QByteArrayView reply, const QString &expected)
{
    return {ErrorCode::Protocol,
            Text::tr("The reply %1 is not %2: check the definition and the instrument's mode")
                .arg(quoted(reply), expected)};
}

Result<FlaggedNumber> numberFrom(QByteArrayView text, const MeasurementCommands &commands)
{
    const QByteArrayView trimmed = text.trimmed();
    for (const QByteArray &token : commands.overloadTokens) {
        if (trimmed == token)
            return FlaggedNumber{std::nan(""), ValueState::Overload};
    }
    for (const QByteArray &token : commands.notANumberTokens) {
        if (trimmed == token)
            return FlaggedNumber{std::nan(""), ValueState::NotANumber};
    }
    bool isNumber = false;
    const double value = trimmed.toDouble(&isNumber);
    if (!isNumber)
        return notUnderstood(text, Text::tr("a number"));
    if (std::isnan(value) || value == 9.91e37)
        return FlaggedNumber{std::nan(""), ValueState::NotANumber};
    if (std::abs(value) >= 9.9e37)
        return FlaggedNumber{std::copysign(INFINITY, value), ValueState::Overload};
    return FlaggedNumber{value, ValueState::Ok};
}

/// Fields of a comma separated list; commas inside quotes do not separate.
QList<QByteArrayView> fieldsOf(QByteArrayView reply)
{
    QList<QByteArrayView> fields;
    qsizetype start = 0;
    char quote = 0;
    for (qsizetype i = 0; i < reply.size(); ++i) {
        const char c = reply[i];
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == ',') {
            fields.append(reply.sliced(start, i - start));
            start = i + 1;
        }
    }
    fields.append(reply.sliced(start));
    return fields;
}

template<typename T>
double elementAt(const char *at, bool isBigEndian)
{
    return double(isBigEndian ? qFromBigEndian<T>(at) : qFromLittleEndian<T>(at));
}

using ElementReader = double (*)(const char *, bool);

std::pair<ElementReader, qsizetype> elementReader(BlockType type)
{
    switch (type) {
    case BlockType::Float32:
        return {&elementAt<float>, 4};
    case BlockType::Float64:
        return {&elementAt<double>, 8};
    case BlockType::Int8:
        return {&elementAt<qint8>, 1};
    case BlockType::UInt8:
        return {&elementAt<quint8>, 1};
    case BlockType::Int16:
        return {&elementAt<qint16>, 2};
    case BlockType::UInt16:
        return {&elementAt<quint16>, 2};
    case BlockType::Int32:
        return {&elementAt<qint32>, 4};
    case BlockType::UInt32:
        return {&elementAt<quint32>, 4};
    }
    return {&elementAt<quint8>, 1};
}

/// What a block `#<digits><length><bytes>` carries.
Result<QByteArrayView> blockPayload(QByteArrayView reply)
{
    if (reply.size() < 2 || reply[0] != '#' || reply[1] < '1' || reply[1] > '9')
        return notUnderstood(reply, Text::tr("a definite-length block"));
    const qsizetype digits = reply[1] - '0';
    bool isNumber = false;
    const qlonglong length = reply.size() < 2 + digits
                                 ? -1
                                 : reply.sliced(2, digits).toLongLong(&isNumber);
    if (!isNumber || length < 0 || reply.size() < 2 + digits + length)
        return notUnderstood(reply, Text::tr("a whole definite-length block"));
    return reply.sliced(2 + digits, length);
}

Status appendBlock(const ReplyFormat &format, const ColumnSpec &spec, QByteArrayView reply,
                   ColumnValues &column)
{
    const auto payload = blockPayload(reply);
    if (!payload)
        return payload.error();
    const auto [read, size] = elementReader(format.blockType);
    const qint64 count = column.valuesPerRow();
    if (payload.value().size() != count * size)
        return Error{ErrorCode::Protocol,
                     Text::tr("The block holds %1 bytes instead of %2 for %3: check the data format "
                              "of the instrument")
                         .arg(payload.value().size()).arg(count * size).arg(spec.name)};
    const char *at = payload.value().data();
    for (qint64 i = 0; i < count; ++i, at += size) {
        const double value = read(at, format.isBigEndian);
        const ValueState state = std::isnan(value)   ? ValueState::NotANumber
                                 : std::isinf(value) ? ValueState::Overload
                                                     : ValueState::Ok;
        if (column.type() == ColumnType::Int64)
            column.appendInt(state == ValueState::Ok ? qint64(value) : 0, state);
        else
            column.appendDouble(value, state);
    }
    return ok();
}

Status appendInteger(QByteArrayView text, const MeasurementCommands &commands, ColumnValues &column)
{
    bool isNumber = false;
    const qlonglong whole = text.trimmed().toLongLong(&isNumber);
    if (isNumber) {
        column.appendInt(whole);
        return ok();
    }
    const auto number = numberFrom(text, commands);
    if (!number)
        return number.error();
    const auto [value, state] = number.value();
    if (state != ValueState::Ok)
        column.appendInt(0, state);
    else if (value == std::nearbyint(value) && std::abs(value) < 9e15)
        column.appendInt(qint64(value)); // "+1.200000E+01" is a whole number too
    else
        return notUnderstood(text, Text::tr("a whole number"));
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
        if (isSameToken(text, "1") || isSameToken(text, "ON"))
            column.appendBool(true);
        else if (isSameToken(text, "0") || isSameToken(text, "OFF"))
            column.appendBool(false);
        else
            return notUnderstood(text, Text::tr("0 or 1"));
        return ok();
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
    const QList<QByteArrayView> fields = fieldsOf(reply);
    if (fields.size() != query.fieldCount)
        return Error{ErrorCode::Protocol,
                     Text::tr("The reply holds %1 values instead of %2: check which elements the "
                              "instrument is set to send")
                         .arg(fields.size()).arg(query.fieldCount)};
    for (qsizetype i = 0; i < query.columns.size(); ++i) {
        const int position = query.columns[i];
        ColumnValues &column = scratch[size_t(position)];
        for (qint64 k = 0; k < column.valuesPerRow(); ++k) {
            Status done = appendField(spec.columns[position], commands,
                                      fields[query.fields[i] + k], column);
            if (!done)
                return done.error().within(spec.columns[position].name);
        }
    }
    return ok();
}

Result<QByteArray> scalarText(const ReplyFormat &format, QByteArrayView reply)
{
    if (format.kind != ReplyFormat::Kind::Template)
        return reply.toByteArray();
    if (auto value = format.pattern.valueIn(reply.toByteArray()))
        return *std::move(value);
    return notUnderstood(reply, quoted(format.pattern.filled("…")));
}
} // namespace

QString quoted(QByteArrayView reply)
{
    constexpr qsizetype kShown = 60;
    QString text = QString::fromLatin1(reply.first(std::min(reply.size(), kShown))).trimmed();
    for (QChar &c : text) {
        if (!c.isPrint())
            c = u'.';
    }
    return u'"' + text + (reply.size() > kShown ? QStringLiteral("…\"") : QStringLiteral("\""));
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
    const auto text = scalarText(format, reply);
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
                   std::vector<ColumnValues> &scratch)
{
    const int first = query.columns.first();
    switch (query.reply.kind) {
    case ReplyFormat::Kind::List:
        return appendList(query, commands, spec, reply, scratch);
    case ReplyFormat::Kind::Block:
        return appendBlock(query.reply, spec.columns[first], reply, scratch[size_t(first)]);
    case ReplyFormat::Kind::Number:
    case ReplyFormat::Kind::Text:
    case ReplyFormat::Kind::Template:
        break;
    }
    const auto text = scalarText(query.reply, reply);
    if (!text)
        return text.error();
    return appendField(spec.columns[first], commands, text.value(), scratch[size_t(first)]);
}

} // namespace birch
