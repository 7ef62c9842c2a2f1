// Measurement objects: their columns and names.
#include "core/plan/compile_context.h"
#include "core/plan/plan_limits.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString autoName(const QList<PlanRead> &reads)
{
    QStringList names;
    for (const PlanRead &read : reads)
        names.append(read.spec.name);
    return names.isEmpty() ? u"answers"_s : names.join(u'+');
}

/// Estimate before compression; a text counts as 16 bytes.
qint64 rowBytes(const QList<ColumnSpec> &columns)
{
    constexpr qint64 kTextBytes = 16;
    qint64 bytes = 0;
    for (const ColumnSpec &column : columns) {
        const qint64 size = column.type == ColumnType::Bool   ? 1
                            : column.type == ColumnType::Utf8 ? kTextBytes
                                                              : 8;
        bytes += size * column.valuesPerRow();
    }
    return bytes;
}

ColumnSpec scalar(const QString &name, const QString &unit, ColumnType type, ColumnRole role)
{
    ColumnSpec column;
    column.name = name;
    column.unit = unit;
    column.type = type;
    column.role = role;
    return column;
}

/// The column of one value; with averages its mean, standard deviation and count.
void appendValue(QList<ColumnSpec> &columns, ColumnSpec value, int averages)
{
    value.role = ColumnRole::Value;
    if (averages > 1)
        value.type = ColumnType::Float64;
    columns.append(value);
    if (averages <= 1)
        return;
    ColumnSpec deviation = value;
    deviation.name += u".std"_s;
    if (deviation.calibration) { // an offset moves every reading alike
        deviation.calibration->factor = std::abs(deviation.calibration->factor);
        deviation.calibration->offset = 0;
    }
    columns.append(deviation);
    ColumnSpec count = value;
    count.name += u".n"_s;
    count.unit.clear();
    count.calibration.reset();
    count.type = ColumnType::Int64;
    columns.append(count);
}

} // namespace

int CompileContext::indexColumns(QList<ColumnSpec> *columns, qint64 repeats) const
{
    const int count = int(m_loops.size()) + (repeats > 1 ? 1 : 0);
    for (int level = 1; level <= count; ++level) {
        columns->append(scalar(u"index.%1"_s.arg(level), {}, ColumnType::Int64, ColumnRole::Index));
    }
    return count;
}

PlanObject CompileContext::emptyObject(const ScanNode &node, int averages, qint64 repeats) const
{
    PlanObject object;
    object.node = node.id;
    object.averages = averages;
    object.movements = m_set;
    object.columns.append(scalar(u"time"_s, u"ns"_s, ColumnType::Int64, ColumnRole::Time));
    object.indexColumns = indexColumns(&object.columns, repeats);
    for (int movement : std::as_const(m_set)) {
        const PlanMovement &moved = m_movements[movement];
        object.columns.append(
            scalar(moved.column, moved.spec.unit, ColumnType::Float64, ColumnRole::Setpoint));
    }
    for (int movement : std::as_const(m_set)) {
        const PlanMovement &moved = m_movements[movement];
        object.columns.append(scalar(moved.column + u".readback"_s, moved.spec.unit,
                                     ColumnType::Float64, ColumnRole::Readback));
    }
    return object;
}

void CompileContext::appendValues(const ScanNode &node, PlanObject *object, QList<PlanRead> reads)
{
    QSet<QString> names;
    for (const ColumnSpec &column : std::as_const(object->columns))
        names.insert(column.name);
    for (const PlanRead &read : std::as_const(reads)) {
        for (ColumnSpec value : read.spec.columns) {
            // A movement and a value of one instrument may share a name ("smu.voltage"): the
            // measurement tells them apart.
            const QString plain = read.instrument + u'.' + value.name;
            value.name = names.contains(plain)
                             ? read.instrument + u'.' + read.spec.name + u'.' + value.name
                             : plain;
            appendValue(object->columns, value, object->averages);
        }
    }
    object->reads = std::move(reads);
    QSet<QString> seen;
    for (const ColumnSpec &column : std::as_const(object->columns)) {
        if (seen.contains(column.name)) {
            problem(node, u"measurements"_s,
                    tr("Two columns would be called \"%1\"").arg(column.name),
                    tr("Read the two measurements in separate measure nodes"));
            break;
        }
        seen.insert(column.name);
    }
}

int CompileContext::addObject(const ScanNode &node, QList<PlanRead> reads, int averages,
                              qint64 repeats)
{
    PlanObject object = emptyObject(node, averages, repeats);
    appendValues(node, &object, std::move(reads));
    appendDerived(node, &object);
    return addObject(node, std::move(object), repeats);
}

void CompileContext::appendDerived(const ScanNode &node, PlanObject *object)
{
    const QJsonArray list = node.fields.value(u"derived"_s).toArray();
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QJsonObject typed = list[i].toObject();
        const QString field = u"derived.%1."_s.arg(i);
        const QString name = typed.value(u"name"_s).toString().trimmed();
        QList<ExpressionName> names;
        QList<int> places;
        for (int column = 0; column < int(object->columns.size()); ++column) {
            const ColumnSpec &spec = object->columns[column];
            if (spec.name == name) {
                problem(node, field + u"name"_s, tr("Two columns would be called \"%1\"").arg(name),
                        tr("Give the derived column another name"));
            }
            if (!spec.shape.isEmpty() || spec.type == ColumnType::Utf8 ||
                spec.role == ColumnRole::Time)
                continue;
            const bool isTruth = spec.type == ColumnType::Bool;
            names.append({spec.name, isTruth ? ExpressionType::Boolean : ExpressionType::Number,
                          Unit(spec.unit)});
            places.append(column);
        }
        const auto compiled = expression(node, field + u"expression"_s,
                                         typed.value(u"expression"_s).toString(), names, {});
        if (!compiled)
            continue;
        const bool isTruth = compiled->type() == ExpressionType::Boolean;
        object->columns.append(scalar(name, isTruth ? QString() : compiled->unit().symbol(),
                                      isTruth ? ColumnType::Bool : ColumnType::Float64,
                                      ColumnRole::Value));
        PlanDerived derived{*compiled, {}};
        for (int used : compiled->uses())
            derived.operands.append(places[used]);
        object->derived.append(std::move(derived));
    }
}

int CompileContext::addMonitorObject(const ScanNode &node, QList<PlanRead> reads, qint64 rows)
{
    PlanObject object = emptyObject(node, 1, 1);
    appendValues(node, &object, std::move(reads));
    return addObject(node, std::move(object), rows);
}

int CompileContext::addPromptObject(const ScanNode &node, const QList<PromptField> &fields)
{
    PlanObject object = emptyObject(node, 1, 1);
    object.answers = int(fields.size());
    for (const PromptField &field : fields) {
        if (std::any_of(object.columns.begin(), object.columns.end(),
                        [&](const ColumnSpec &column) { return column.name == field.name; }))
            problem(node, u"fields"_s, tr("Two columns would be called \"%1\"").arg(field.name),
                    tr("Give the field another name"));
        object.columns.append(
            scalar(field.name, field.unit, columnType(field.kind), ColumnRole::Value));
    }
    return addObject(node, std::move(object), 1);
}

int CompileContext::addPrompt(PlanPrompt prompt)
{
    m_prompts.append(std::move(prompt));
    return int(m_prompts.size()) - 1;
}

int CompileContext::addObject(const ScanNode &node, PlanObject object, qint64 rows)
{
    auto total = static_cast<long double>(rows);
    for (const Loop &loop : m_loops)
        total *= static_cast<long double>(loop.rounds);
    m_bytes += total * static_cast<long double>(rowBytes(object.columns));
    m_objects.append(std::move(object));
    m_sources.append({&node, node.label.trimmed()});
    return int(m_objects.size()) - 1;
}

void CompileContext::nameObjects()
{
    QSet<QString> taken;
    for (qsizetype i = 0; i < m_objects.size(); ++i) {
        const QString &label = m_sources[i].label;
        if (label.isEmpty())
            continue;
        if (taken.contains(label)) {
            problem(*m_sources[i].node, u"label"_s,
                    tr("Two measure nodes are called \"%1\"").arg(label),
                    tr("Give one of them another label: it names the table of its data"));
        }
        taken.insert(label);
        m_objects[i].name = label;
    }
    QHash<QString, int> last;
    for (qsizetype i = 0; i < m_objects.size(); ++i) {
        if (!m_sources[i].label.isEmpty())
            continue;
        const QString base = autoName(m_objects[i].reads);
        int &number = last[base]; // so that thousands of equal names stay linear
        QString name = base;
        if (number > 0 || taken.contains(name)) {
            number = qMax(number, 1);
            do {
                name = u"%1 %2"_s.arg(base).arg(++number);
            } while (taken.contains(name));
        }
        number = qMax(number, 1);
        taken.insert(name);
        m_objects[i].name = name;
    }
}

} // namespace birch
