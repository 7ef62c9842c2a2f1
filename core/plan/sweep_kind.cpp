#include "core/plan/sweep_kind.h"

#include "core/plan/axis_positions.h"
#include "core/plan/field_check.h"
#include "core/plan/kind_fields.h"
#include "core/plan/plan_limits.h"
#include "core/plan/sweep_node.h"

#include <QJsonArray>
#include <QLocale>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("SweepKind", text);
}

bool isFree(const ScanNode &node, const QString &field, int movement, const QString &name,
            const std::vector<SweepAxis> &axes, CompileContext &context)
{
    const bool isTwice = std::any_of(axes.begin(), axes.end(), [movement](const auto &axis) {
        return axis.movement == movement;
    });
    if (isTwice) {
        context.problem(node, field, tr("\"%1\" is moved by two axes of this sweep").arg(name),
                        tr("Remove one of the two axes"));
    } else if (context.isSwept(movement)) {
        context.problem(node, field, tr("\"%1\" is moved by a sweep around this one").arg(name),
                        tr("Choose another movement, or take this sweep out of the other"));
    } else {
        return true;
    }
    return false;
}

/// When the axis counts as arrived, where it is said here; false after a problem.
bool compileSettle(const ScanNode &node, const QString &field, const QJsonObject &typed,
                   SweepAxis *axis, CompileContext &context)
{
    const QJsonValue tolerance = typed.value(u"tolerance"_s);
    const QJsonValue dwell = typed.value(u"dwell"_s);
    if (!isFilled(tolerance) && !isFilled(dwell))
        return true;
    SettleRule rule = context.movements()[axis->movement].spec.settle;
    if (isFilled(tolerance)) {
        const auto value = context.quantity(node, field + u"tolerance"_s, tolerance, axis->movement,
                                            QuantityKind::Difference);
        if (!value)
            return false;
        rule.tolerance = std::abs(*value);
    }
    if (isFilled(dwell)) {
        const auto length = context.duration(node, field + u"dwell"_s, dwell);
        if (!length)
            return false;
        rule.dwell = *length;
    }
    axis->settle = rule;
    return true;
}

/// Empty after a problem.
std::vector<SweepAxis> compileAxes(const ScanNode &node, CompileContext &context)
{
    std::vector<SweepAxis> axes;
    bool isComplete = true;
    const QJsonArray list = node.fields.value(u"axes"_s).toArray();
    for (qsizetype i = 0; i < list.size(); ++i) {
        const QJsonObject typed = list[i].toObject();
        const QString field = u"axes.%1."_s.arg(i);
        const QString name = typed.value(u"movement"_s).toString();
        const auto movement = context.movement(node, field + u"movement"_s, name);
        if (!movement || !isFree(node, field + u"movement"_s, *movement, name, axes, context)) {
            isComplete = false;
            continue;
        }
        axes.push_back(
            {*movement, axisPositions(node, field + u"positions"_s,
                                      typed.value(u"positions"_s).toObject(), *movement, context)});
        isComplete = compileSettle(node, field, typed, &axes.back(), context) && isComplete;
        const auto ramp = context.ramp(node, field + u"ramp"_s, typed.value(u"ramp"_s), *movement);
        isComplete = isComplete && ramp;
        axes.back().ramp = ramp.value_or(0);
        const qsizetype count = qsizetype(axes.back().positions.size());
        const qsizetype first = qsizetype(axes.front().positions.size());
        isComplete = isComplete && count > 0;
        if (count > 0 && first > 0 && count != first) {
            context.problem(node, field + u"positions"_s,
                            tr("\"%1\" has %2 positions, the first axis has %3")
                                .arg(name)
                                .arg(count)
                                .arg(first),
                            tr("Give every axis of a sweep as many positions: they move together"));
            isComplete = false;
        }
    }
    return isComplete ? std::move(axes) : std::vector<SweepAxis>();
}

/// Estimate of all moves of one pass; \a isClosed: and of the way back to the first position.
Nanoseconds travelTime(const std::vector<SweepAxis> &axes, bool isClosed,
                       const CompileContext &context)
{
    Nanoseconds total{};
    const size_t count = axes.front().positions.size();
    for (size_t i = 0; i < count; ++i) {
        Nanoseconds slowest{};
        for (const SweepAxis &axis : axes) {
            const double to = axis.positions[i];
            // The first time it comes from elsewhere; that counts where it crawls there.
            const double way = i > 0           ? to - axis.positions[i - 1]
                               : isClosed      ? to - axis.positions.back()
                               : axis.ramp > 0 ? context.wayTo(axis.movement, to)
                                               : 0;
            const Nanoseconds more =
                axis.settle
                    ? axis.settle->dwell - context.movements()[axis.movement].spec.settle.dwell
                    : Nanoseconds::zero();
            slowest = std::max(slowest, context.moveTime(axis.movement, way, axis.ramp) + more);
        }
        total = context.sum(total, slowest);
    }
    return total;
}

/// Forwards and back without measuring the turning point twice, and all that several times.
/// False after a problem.
bool extend(const ScanNode &node, std::vector<SweepAxis> &axes, CompileContext &context)
{
    const bool isBack = node.fields.value(u"there_and_back"_s).toBool();
    const qint64 repeats = fieldInteger(node, u"repeats"_s, 1);
    for (SweepAxis &axis : axes) {
        std::vector<double> &positions = axis.positions;
        if (isBack) {
            for (size_t i = positions.size() - 1; i-- > 0;)
                positions.push_back(positions[i]);
        }
        if (qint64(positions.size()) > kMaxPositions / repeats) {
            context.problem(node, u"repeats"_s,
                            tr("This makes more than %1 positions")
                                .arg(QLocale(QLocale::English).toString(kMaxPositions)),
                            tr("Put the sweep into a repeat instead"));
            return false;
        }
        const std::vector<double> once = positions;
        positions.reserve(once.size() * size_t(repeats));
        for (qint64 round = 1; round < repeats; ++round)
            positions.insert(positions.end(), once.begin(), once.end());
    }
    return true;
}

/// The condition that ends the sweep; -1: none is typed; none after a problem.
std::optional<int> compileStop(const ScanNode &node, CompileContext &context)
{
    if (!isFilled(node.fields.value(u"stop_when"_s)))
        return -1;
    context.markBound();
    const auto stop = context.condition(node, u"stop_when"_s);
    if (stop && context.constant(*stop) == true)
        context.note(node, u"stop_when"_s,
                     tr("Only its first position is reached: the condition is always true"),
                     tr("Correct the condition"));
    return stop;
}

} // namespace

NodeDeclaration SweepKind::declaration() const
{
    FieldSpec movement;
    movement.key = u"movement"_s;
    movement.label = tr("Movement");
    movement.type = FieldType::Movement;
    movement.help = tr("What to move, e.g. smu.bias");
    movement.isRequired = true;

    FieldSpec tolerance;
    tolerance.key = u"tolerance"_s;
    tolerance.label = tr("Tolerance");
    tolerance.type = FieldType::Quantity;
    tolerance.help = tr("How near the readback has to be, e.g. \"0.1 K\"; empty: as the instrument "
                        "says");
    tolerance.unitOf = u"movement"_s;
    tolerance.isDifference = true;

    FieldSpec dwell;
    dwell.key = u"dwell"_s;
    dwell.label = tr("Stays for");
    dwell.type = FieldType::Duration;
    dwell.help = tr("How long it has to stay that near, within the timeout of the node");

    FieldSpec axes;
    axes.key = u"axes"_s;
    axes.label = tr("Axes");
    axes.type = FieldType::RecordList;
    axes.help = tr("One or several movements that go through their positions together");
    axes.isRequired = true;
    axes.item = {movement, positionsField(), rampField(), tolerance, dwell};

    FieldSpec snake;
    snake.key = u"snake"_s;
    snake.label = tr("Snake");
    snake.type = FieldType::Bool;
    snake.help = tr("Go backwards every other time, as on a raster");
    snake.defaultValue = false;

    FieldSpec back;
    back.key = u"there_and_back"_s;
    back.label = tr("There and back");
    back.type = FieldType::Bool;
    back.help = tr("After the last position go back to the first, position by position");
    back.defaultValue = false;

    FieldSpec repeats;
    repeats.key = u"repeats"_s;
    repeats.label = tr("Repeats");
    repeats.type = FieldType::Integer;
    repeats.help = tr("How often to go through all positions");
    repeats.defaultValue = 1;
    repeats.minimum = 1;
    repeats.maximum = kMaxPositions;

    NodeDeclaration declaration;
    declaration.id = u"sweep"_s;
    declaration.label = tr("Sweep");
    declaration.help = tr("Moves through positions and runs what is inside at each");
    declaration.icon = u"sweep"_s;
    declaration.takesChildren = true;
    declaration.fields = {
        axes,    snake,         back,
        repeats, settleField(), stopField(tr("Ends the sweep when it is true after a position"))};
    return declaration;
}

QString SweepKind::summary(const QJsonObject &fields) const
{
    QStringList parts;
    const QJsonArray axes = fields.value(u"axes"_s).toArray();
    for (const QJsonValue &entry : axes) {
        const QJsonObject axis = entry.toObject();
        parts.append(axis.value(u"movement"_s).toString() + u"  "_s +
                     positionsSummary(axis.value(u"positions"_s).toObject()) + rampText(axis));
    }
    QString text = parts.join(u"; "_s);
    if (fields.value(u"snake"_s).toBool())
        text += tr(", snake");
    if (fields.value(u"there_and_back"_s).toBool())
        text += tr(", there and back");
    if (const qint64 repeats = fields.value(u"repeats"_s).toInteger(1); repeats > 1)
        text += tr(", %1 times").arg(repeats);
    if (const QString stop = fieldText(fields.value(u"stop_when"_s)); !stop.isEmpty())
        text += tr(", stop when %1").arg(stop);
    return text;
}

std::unique_ptr<PlanNode> SweepKind::compile(const ScanNode &node, CompileContext &context) const
{
    std::vector<SweepAxis> axes = compileAxes(node, context);
    const bool isExtended = extend(node, axes, context);
    const auto settle = context.settle(node);
    QList<int> movements;
    for (const SweepAxis &axis : axes) {
        movements.append(axis.movement);
        context.markSet(axis.movement);
    }
    const bool isSnake = node.fields.value(u"snake"_s).toBool();
    const qint64 count = axes.empty() ? 1 : qint64(axes.front().positions.size());
    const bool isClosed = context.isInLoop() && !isSnake;
    const Nanoseconds travel =
        axes.empty() ? Nanoseconds::zero() : travelTime(axes, isClosed, context);
    for (const SweepAxis &axis : axes)
        context.leaveAt(axis.movement, axis.positions.back());

    context.enterLoop(count, movements);
    auto children = context.children(node);
    const auto stop = compileStop(node, context);
    context.leaveLoop();
    if (axes.empty() || !isExtended || !settle || !stop)
        return nullptr;

    auto sweep = std::make_unique<SweepNode>(std::move(axes), isSnake, *settle,
                                             isSnake ? context.addTurn() : -1, *stop);
    sweep->children = std::move(children);
    context.setTotals(node, *sweep, *stop < 0 ? count : 2 * count, 0,
                      context.sum(travel, context.times(*settle, count)));
    return sweep;
}

} // namespace birch
