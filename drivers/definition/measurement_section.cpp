// measurements of a definition.
#include "drivers/definition/definition_sections.h"

#include <QCoreApplication>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::Definition)
};

constexpr qint64 kMostValuesPerRow = qint64(1) << 24; // a camera frame; more is a slip of the key

ColumnAxis evenAxis(YamlReader &reader, qint64 count)
{
    ColumnAxis axis;
    const auto start = reader.number(u"start"_s);
    const auto stop = reader.number(u"stop"_s);
    if (!start || !stop) {
        reader.problem({}, Text::tr("The axis has no values"),
                       Text::tr("Give start and stop, or values: […], or query: \"…\""));
        return axis;
    }
    axis.values.reserve(count);
    for (qint64 i = 0; i < count; ++i) {
        const double part = count > 1 ? double(i) / double(count - 1) : 0.0;
        axis.values.append(i + 1 == count && count > 1 ? *stop : *start + (*stop - *start) * part);
    }
    return axis;
}

ColumnAxis readAxis(YamlReader reader, qint64 count, MeasurementCommands *commands, int column)
{
    const QString name = reader.requiredText(u"name"_s, u"wavelength"_s);
    const QString unit = reader.text(u"unit"_s).value_or(QString());
    ColumnAxis axis;
    if (const auto values = reader.numbers(u"values"_s)) {
        axis.values = *values;
        if (values->size() != count)
            reader.problem(
                u"values"_s,
                Text::tr("The axis has %1 values for %2 elements").arg(values->size()).arg(count),
                Text::tr("Give one value per element of the shape"));
    } else if (reader.has(u"query"_s)) {
        AxisQuery query;
        query.column = column;
        query.query = readCommand(reader, u"query"_s);
        ReplyFormat list;
        list.kind = ReplyFormat::Kind::List;
        query.reply = readReplyFormat(reader, u"reply"_s, list);
        commands->axes.append(query);
    } else if (!reader.has(u"values"_s)) {
        axis = evenAxis(reader, count);
    }
    axis.name = name;
    axis.unit = unit;
    reader.finish();
    return axis;
}

void readShape(YamlReader &reader, ColumnSpec *column)
{
    const auto extents = reader.numbers(u"shape"_s);
    if (!extents)
        return;
    qint64 total = 1;
    for (const double extent : *extents) {
        const bool fits = extent >= 1 && extent <= double(kMostValuesPerRow) &&
                          extent == double(qint64(extent)) &&
                          total * qint64(extent) <= kMostValuesPerRow;
        if (!fits) {
            reader.problem(u"shape"_s, Text::tr("A shape is made of whole numbers from 1"),
                           Text::tr("Write for example shape: [1024]"));
            column->shape.clear();
            return;
        }
        column->shape.append(qint64(extent));
        total *= qint64(extent);
    }
}

void readColumnType(YamlReader &reader, ColumnSpec *column)
{
    const auto type = reader.text(u"type"_s);
    if (type && !columnTypeFromName(*type, &column->type))
        reader.problem(u"type"_s, Text::tr("\"%1\" is no column type").arg(*type),
                       Text::tr("Write float64, int64, bool or utf8"));
    if (!column->shape.isEmpty() && column->type != ColumnType::Float64 &&
        column->type != ColumnType::Int64)
        reader.problem(u"type"_s, Text::tr("An array column holds numbers"),
                       Text::tr("Write type: float64 or int64"));
}

/// One column; nothing where it can not be used.
std::optional<ColumnSpec> readColumn(YamlReader &reader, MeasurementCommands *commands,
                                     int position, std::optional<qint64> *field)
{
    if (!reader.isMap()) {
        reader.problem({}, Text::tr("A column must hold keys of its own"),
                       Text::tr("Write - {name: voltage, unit: V}"));
        return std::nullopt;
    }
    ColumnSpec column;
    column.name = reader.requiredText(u"name"_s, u"voltage"_s);
    if (!column.name.isEmpty() && !isIdentifier(column.name))
        reader.problem(u"name"_s, Text::tr("\"%1\" can not be a name").arg(column.name),
                       Text::tr("Use letters, digits and _, beginning with a letter"));
    if (!reader.has(u"unit"_s))
        reader.problem(u"unit"_s, Text::tr("\"unit\" is missing"),
                       Text::tr("Add it, for example unit: V, or unit: \"\" for none"));
    column.unit = reader.text(u"unit"_s).value_or(QString());
    readShape(reader, &column);
    readColumnType(reader, &column);
    *field = reader.integer(u"field"_s, 1, 100'000);
    if (auto axis = reader.map(u"axis"_s)) {
        if (column.shape.size() != 1)
            axis->problem({}, Text::tr("An axis needs a column of one dimension"),
                          Text::tr("Add for example shape: [1024], or remove the axis"));
        column.axes.append(readAxis(*axis, column.valuesPerRow(), commands, position));
    }
    reader.finish();
    return column;
}

bool fitsReply(const ReplyFormat &format, const QList<ColumnSpec> &columns)
{
    const bool isSingle = columns.size() == 1;
    const bool isScalar = isSingle && columns.first().shape.isEmpty();
    switch (format.kind) {
    case ReplyFormat::Kind::Number:
    case ReplyFormat::Kind::Template:
    case ReplyFormat::Kind::Pattern:
        return isScalar;
    case ReplyFormat::Kind::Text:
        return isScalar && columns.first().type == ColumnType::Utf8;
    case ReplyFormat::Kind::Block:
        return isSingle && !columns.first().shape.isEmpty();
    case ReplyFormat::Kind::List:
        return true;
    }
    return false;
}

/// {query: ":WAV:PRE?", fields: 10, factor: 8, offset: 9, references: [10]}
BlockScale readScale(YamlReader reader)
{
    BlockScale scale;
    scale.query = readRequiredCommand(reader, u"query"_s, u"\":WAV:PRE?\""_s);
    scale.fieldCount = int(reader.integer(u"fields"_s, 1, 1000).value_or(1));
    if (!reader.has(u"factor"_s))
        reader.requiredText(u"factor"_s, u"8"_s);
    scale.factor = int(reader.integer(u"factor"_s, 1, scale.fieldCount).value_or(1)) - 1;
    scale.offset = int(reader.integer(u"offset"_s, 1, scale.fieldCount).value_or(0)) - 1;
    for (const double field : reader.numbers(u"references"_s).value_or(QList<double>())) {
        if (field < 1 || field > scale.fieldCount || field != double(int(field)))
            reader.problem(u"references"_s, Text::tr("A reference is the place of a field"),
                           Text::tr("Write numbers from 1 to fields"));
        else
            scale.references.append(int(field) - 1);
    }
    reader.finish();
    return scale;
}

/// A query and its columns: keys query, reply, fields, scale, columns of \a reader.
void readQuery(YamlReader &reader, MeasurementSpec *spec, MeasurementCommands *commands)
{
    MeasurementQuery query;
    const auto texts = readRegister(reader);
    query.query = texts ? texts->get : readRequiredCommand(reader, u"query"_s, u"\"READ?\""_s);
    query.reply = readReplyFormat(reader, u"reply"_s, {});
    QList<ColumnSpec> columns;
    qint64 next = 0;
    for (YamlReader &item : reader.items(u"columns"_s)) {
        std::optional<qint64> field;
        const int position = int(spec->columns.size());
        const auto column = readColumn(item, commands, position, &field);
        if (!column)
            continue;
        for (const ColumnSpec &other : std::as_const(spec->columns)) {
            if (other.name == column->name)
                item.problem(u"name"_s, Text::tr("Two columns are called \"%1\"").arg(other.name),
                             Text::tr("Give each column of a measurement its own name"));
        }
        const qint64 first = field ? *field - 1 : next;
        next = first + column->valuesPerRow();
        query.columns.append(position);
        query.fields.append(int(first));
        query.fieldCount = std::max(query.fieldCount, int(next));
        columns.append(*column);
        spec->columns.append(*column);
    }
    query.fieldCount = int(reader.integer(u"fields"_s, query.fieldCount, kMostValuesPerRow)
                               .value_or(query.fieldCount));
    if (auto scale = reader.map(u"scale"_s)) {
        query.scale = readScale(*scale);
        if (query.reply.kind != ReplyFormat::Kind::Block || columns.isEmpty() ||
            columns.first().type != ColumnType::Float64)
            scale->problem({}, Text::tr("Only blocks of float64 columns are scaled"),
                           Text::tr("Write reply: {block: …}, or remove the scale"));
    }
    if (columns.isEmpty()) {
        reader.problem(u"columns"_s, Text::tr("The reply fills no column"),
                       Text::tr("Add for example columns: [{name: voltage, unit: V}]"));
    } else if (!fitsReply(query.reply, columns)) {
        reader.problem(u"reply"_s, Text::tr("This reply does not fit its columns"),
                       Text::tr("number and template fill one scalar, text one utf8 column, block "
                                "one array, list any number of columns"));
    }
    commands->queries.append(query);
}

QList<QByteArray> readTokens(YamlReader &reader, const QString &key)
{
    QList<QByteArray> tokens;
    for (const QString &token : reader.texts(key).value_or(QStringList()))
        tokens.append(token.toLatin1().trimmed());
    return tokens;
}

void checkCollisions(YamlReader &reader, const MeasurementSpec &spec,
                     const QList<MovementSpec> &movements)
{
    for (const ColumnSpec &column : spec.columns) {
        for (const MovementSpec &movement : movements) {
            if (movement.name != column.name)
                continue;
            reader.problem(u"columns"_s,
                           Text::tr("\"%1\" is a movement and a measured column: both would be "
                                    "recorded under one name")
                               .arg(column.name),
                           Text::tr("Rename the column, for example %1_measured").arg(column.name));
        }
    }
}
} // namespace

void readMeasurements(YamlReader &root, Definition *definition)
{
    for (auto &[name, reader] : root.entries(u"measurements"_s)) {
        MeasurementSpec spec;
        MeasurementCommands commands;
        spec.name = name;
        spec.label = reader.text(u"label"_s).value_or(name);
        spec.timeout = reader.duration(u"timeout"_s).value_or(spec.timeout);
        spec.readTime = reader.duration(u"read_time"_s).value_or(spec.readTime);
        commands.before = readSteps(reader, u"before"_s);
        commands.overloadTokens = readTokens(reader, u"overload"_s);
        commands.notANumberTokens = readTokens(reader, u"not_a_number"_s);
        if (reader.has(u"queries"_s)) {
            for (YamlReader &item : reader.items(u"queries"_s)) {
                readQuery(item, &spec, &commands);
                item.finish();
            }
        } else {
            readQuery(reader, &spec, &commands);
        }
        checkCollisions(reader, spec, definition->spec.movements);
        reader.finish();
        definition->spec.measurements.append(spec);
        definition->measurements.append(commands);
    }
}

} // namespace birch
