// What a simulated instrument reads: its columns, computed by its model.
#include "drivers/definition/reply.h"
#include "drivers/simulator/reply_text.h"
#include "drivers/simulator/simulated_instrument.h"

#include <QCoreApplication>

#include <cmath>

namespace birch {

using namespace Qt::StringLiterals;

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::SimulatedInstrument)
};
} // namespace

Status SimulatedInstrument::checkOutputs() const
{
    Noise noise(0);
    for (const MeasurementSpec &spec : m_definition->spec.measurements) {
        for (int i = 0; i < spec.columns.size(); ++i) {
            if (spec.columns[i].type == ColumnType::Utf8 || columnValues(spec, i, noise))
                continue;
            return Error{
                ErrorCode::BadInput,
                Text::tr("%1, line %2: the model %3 has nothing for the column %4.%5: name "
                         "one of its outputs under simulation.columns")
                    .arg(m_definition->behaviour.file)
                    .arg(m_definition->behaviour.line)
                    .arg(m_definition->behaviour.model, spec.name, spec.columns[i].name)};
        }
    }
    return ok();
}

std::optional<double> SimulatedInstrument::numericParameter(const QString &key) const
{
    for (qsizetype i = 0; i < m_definition->spec.parameters.size(); ++i) {
        const ParameterSpec &spec = m_definition->spec.parameters[i];
        if (spec.key != key)
            continue;
        if (spec.type == ParameterType::Bool)
            return m_parameters[i] == m_definition->parameters[i].tokens[1] ? 1.0 : 0.0;
        bool isNumber = false;
        const double value = m_parameters[i].toDouble(&isNumber);
        return isNumber ? std::optional(value) : std::nullopt;
    }
    return std::nullopt;
}

std::optional<std::vector<double>> SimulatedInstrument::columnValues(const MeasurementSpec &spec,
                                                                     int column, Noise &noise) const
{
    const ColumnSpec &columnSpec = spec.columns[column];
    const auto movement = [this](const QString &name) {
        return m_definition->spec.movementIndex(name);
    };
    const ModelInputs inputs{m_world,
                             [&](const QString &name) -> std::optional<double> {
                                 const int index = movement(name);
                                 if (index < 0)
                                     return std::nullopt;
                                 return m_motions[size_t(index)].position(m_world.now());
                             },
                             [&](const QString &name) -> std::optional<double> {
                                 const int index = movement(name);
                                 if (index < 0)
                                     return std::nullopt;
                                 return m_motions[size_t(index)].isMoving(m_world.now()) ? 1.0
                                                                                         : 0.0;
                             },
                             [this](const QString &key) { return numericParameter(key); },
                             columnSpec.axes.isEmpty() ? nullptr : &columnSpec.axes.first(),
                             noise};
    const QString output =
        m_definition->behaviour.columns.value(spec.name + u'.' + columnSpec.name, columnSpec.name);
    std::vector<double> values(size_t(columnSpec.valuesPerRow()), std::nan(""));
    if (!m_model->read(output, inputs, values))
        return std::nullopt;
    if (columnSpec.type == ColumnType::Int64) {
        for (double &value : values)
            value = std::isnan(value) ? 0 : std::round(value);
    } else if (columnSpec.type == ColumnType::Bool) {
        for (double &value : values)
            value = value > 0 ? 1 : 0;
    }
    return values;
}

QByteArray SimulatedInstrument::read(int measurement, int part)
{
    const MeasurementSpec &spec = m_definition->spec.measurements[measurement];
    const MeasurementQuery &query = m_definition->measurements[measurement].queries[part];
    Noise noise = m_world.nextRead(u"%1.%2.%3"_s.arg(m_nickname, spec.name).arg(part));
    if (query.reply.kind == ReplyFormat::Kind::Text)
        return "simulated";
    const bool isList = query.reply.kind == ReplyFormat::Kind::List;
    std::vector<double> fields(isList ? size_t(query.fieldCount) : 0, 0.0);
    for (qsizetype i = 0; i < query.columns.size(); ++i) {
        const auto known = columnValues(spec, query.columns[i], noise); // checked at the start
        const std::vector<double> values = known.value_or(std::vector<double>());
        if (isList)
            std::copy(values.begin(), values.end(), fields.begin() + query.fields[i]);
        else
            fields = values;
    }
    if (!query.scale.query.isEmpty()) { // what the driver will make of it backwards
        const QString told =
            m_definition->behaviour.replies.value(QString::fromLatin1(query.scale.query));
        const auto factors = factorsFrom(query.scale, told.toLatin1());
        for (double &value : fields)
            value = factors ? (value - factors.value().offset) / factors.value().factor +
                                  factors.value().reference
                            : 0;
    }
    return replyIn(query.reply, fields);
}

QByteArray SimulatedInstrument::axis(int measurement, int part) const
{
    const AxisQuery &query = m_definition->measurements[measurement].axes[part];
    const ColumnSpec &column = m_definition->spec.measurements[measurement].columns[query.column];
    std::vector<double> values(size_t(column.shape[query.axis]));
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = double(i);
    return replyIn(query.reply, values);
}

} // namespace birch
