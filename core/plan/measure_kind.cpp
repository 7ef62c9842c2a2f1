#include "core/plan/measure_kind.h"

#include "core/plan/compile_context.h"
#include "core/plan/field_check.h"
#include "core/plan/kind_fields.h"
#include "core/plan/plan_limits.h"
#include "core/plan/read_list.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

class MeasureNode final : public PlanNode
{
public:
    /// \a stop: condition looked at after each reading; -1: none.
    MeasureNode(int object, qint64 repeats, int stop)
        : m_object(object)
        , m_repeats(repeats)
        , m_stop(stop)
    {
    }

    // child: -1 at a reading, 0 at the look behind it.
    Visit next(WalkFrame &frame) const override
    {
        if (m_stop >= 0 && frame.ordinal >= 0 && frame.child < 0) {
            frame.child = 0;
            return Visit::Step;
        }
        if (frame.child == 0 && frame.decision == Decision::Yes)
            return Visit::Break;
        frame.child = -1;
        return ++frame.ordinal < m_repeats ? Visit::Step : Visit::Leave;
    }
    void describe(const WalkFrame &frame, PlanStep &step, MoveTarget *) const override
    {
        if (frame.child == 0) {
            step.kind = StepKind::Decide;
            step.condition = m_stop;
            return;
        }
        step.kind = StepKind::Measure;
        step.object = m_object;
    }
    bool accepts(const WalkFrame &frame, bool inChild) const override
    {
        const bool isAtStep = frame.child == -1 || (m_stop >= 0 && frame.child == 0);
        return !inChild && isAtStep && frame.ordinal >= 0 && frame.ordinal < m_repeats;
    }
    qint64 rounds() const override { return m_repeats; }
    bool isLoop() const override { return m_repeats > 1; }

private:
    int m_object;
    qint64 m_repeats;
    int m_stop;
};

QString tr(const char *text)
{
    return QCoreApplication::translate("MeasureKind", text);
}

bool canBeAveraged(const ColumnSpec &column)
{
    return column.type == ColumnType::Float64 || column.type == ColumnType::Int64;
}

void checkAverages(const ScanNode &node, const QList<PlanRead> &reads, CompileContext &context)
{
    for (const PlanRead &read : reads) {
        for (const ColumnSpec &column : read.spec.columns) {
            if (canBeAveraged(column))
                continue;
            context.problem(node, u"averages"_s,
                            tr("\"%1.%2\" holds no numbers, so it has no mean")
                                .arg(read.instrument, column.name),
                            tr("Set averages to 1, or read it in a measure node of its own"));
        }
    }
}

FieldSpec derivedField()
{
    FieldSpec name;
    name.key = u"name"_s;
    name.label = tr("Name");
    name.help = tr("Of the column, e.g. R");
    name.isRequired = true;

    FieldSpec expression;
    expression.key = u"expression"_s;
    expression.label = tr("Expression");
    expression.type = FieldType::Expression;
    expression.help = tr("Of the other columns of the row, e.g. smu.voltage / smu.current");
    expression.isRequired = true;

    FieldSpec derived;
    derived.key = u"derived"_s;
    derived.label = tr("Derived columns");
    derived.type = FieldType::RecordList;
    derived.help = tr("Calculated for each point and recorded with it; the unit follows");
    derived.item = {name, expression};
    return derived;
}

/// The condition that ends the loop around; -1: none is typed; none after a problem.
std::optional<int> compileStop(const ScanNode &node, CompileContext &context)
{
    if (!isFilled(node.fields.value(u"stop_when"_s)))
        return -1;
    if (!context.isInOwnLoop()) {
        context.problem(node, u"stop_when"_s, tr("There is no loop around this node to be ended"),
                        tr("Put the node into a sweep or a repeat, or use an \"if\""));
    }
    context.markBound();
    const auto stop = context.condition(node, u"stop_when"_s);
    if (stop && context.constant(*stop) == true) {
        context.note(node, u"stop_when"_s,
                     tr("It ends the loop around at its first point: the condition is always true"),
                     tr("Correct the condition, or take the loop away"));
        context.endsLoop(node);
    }
    return stop;
}

} // namespace

NodeDeclaration MeasureKind::declaration() const
{
    FieldSpec repeats;
    repeats.key = u"repeats"_s;
    repeats.label = tr("Repeats");
    repeats.type = FieldType::Integer;
    repeats.help = tr("Points to record here, one after the other");
    repeats.defaultValue = 1;
    repeats.minimum = 1;
    repeats.maximum = kMaxRounds;

    FieldSpec averages;
    averages.key = u"averages"_s;
    averages.label = tr("Averages");
    averages.type = FieldType::Integer;
    averages.help = tr("Readings per point: mean, standard deviation and count are recorded");
    averages.defaultValue = 1;
    averages.minimum = 1;
    averages.maximum = kMaxAverages;

    NodeDeclaration declaration;
    declaration.id = u"measure"_s;
    declaration.label = tr("Measure");
    declaration.help = tr("Reads measurements and records a point");
    declaration.icon = u"measure"_s;
    declaration.yieldsData = true;
    declaration.fields = {
        measurementsField(), repeats, averages, derivedField(),
        stopField(tr("Ends the sweep or the repeat around this node when it is true"))};
    return declaration;
}

QString MeasureKind::summary(const QJsonObject &fields) const
{
    QStringList names;
    const QJsonArray measurements = fields.value(u"measurements"_s).toArray();
    for (const QJsonValue &name : measurements)
        names.append(name.toString());
    QString text = names.join(u", "_s);
    if (const qint64 repeats = fields.value(u"repeats"_s).toInteger(1); repeats > 1)
        text += tr(", %1 times").arg(repeats);
    if (const qint64 averages = fields.value(u"averages"_s).toInteger(1); averages > 1)
        text += tr(", mean of %1").arg(averages);
    if (const QString stop = fieldText(fields.value(u"stop_when"_s)); !stop.isEmpty())
        text += tr(", stop when %1").arg(stop);
    return text;
}

std::unique_ptr<PlanNode> MeasureKind::compile(const ScanNode &node, CompileContext &context) const
{
    const qint64 repeats = fieldInteger(node, u"repeats"_s, 1);
    const int averages = int(fieldInteger(node, u"averages"_s, 1));
    QList<PlanRead> reads = compileReads(node, context);
    if (averages > 1)
        checkAverages(node, reads, context);
    if (reads.isEmpty())
        return nullptr;
    const Nanoseconds once = readTime(reads) * averages;
    const int object = context.addObject(node, std::move(reads), averages, repeats);
    const auto stop = compileStop(node, context);
    if (!stop)
        return nullptr;
    auto measure = std::make_unique<MeasureNode>(object, repeats, *stop);
    const qint64 steps = *stop < 0 ? repeats : 2 * repeats;
    context.setTotals(node, *measure, steps, repeats, context.times(once, repeats));
    return measure;
}

} // namespace birch
