#include "core/plan/adaptive_kind.h"

#include "core/plan/adaptive_node.h"
#include "core/plan/compile_context.h"
#include "core/plan/kind_fields.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kUsualMost = 50;
constexpr int kUsualFirst = 5;
constexpr int kMostFirst = 100;
constexpr auto kShape = "shape"_L1;

QString tr(const char *text)
{
    return QCoreApplication::translate("AdaptiveKind", text);
}

bool isShape(const QJsonObject &fields)
{
    return fields.value(u"goal"_s).toString() == kShape;
}

FieldSpec shownFor(const QString &goal, FieldSpec field)
{
    field.visibleWhen = u"goal"_s;
    field.visibleValues = {goal};
    return field;
}

FieldSpec quantityField(const QString &key, const QString &label, const QString &help)
{
    FieldSpec field;
    field.key = key;
    field.label = label;
    field.type = FieldType::Quantity;
    field.help = help;
    field.isRequired = true;
    field.unitOf = u"movement"_s;
    return field;
}

FieldSpec countField(const QString &key, const QString &label, const QString &help, int usual,
                     int most)
{
    FieldSpec field;
    field.key = key;
    field.label = label;
    field.type = FieldType::Integer;
    field.help = help;
    field.defaultValue = usual;
    field.minimum = 2;
    field.maximum = most;
    return field;
}

/// Where it searches; none after problems.
std::optional<SearchRule> compileRule(const ScanNode &node, int movement, CompileContext &context)
{
    const auto typed = [&](const QString &field, QuantityKind kind = QuantityKind::Absolute) {
        return context.quantity(node, field, node.fields.value(field), movement, kind);
    };
    const auto start = typed(u"start"_s);
    const auto stop = typed(u"stop"_s);
    const auto resolution = typed(u"resolution"_s, QuantityKind::Difference);
    // Whatever is found, every position lies between these two.
    if (start)
        context.checkLimits(node, u"start"_s, movement, std::span(&*start, 1));
    if (stop)
        context.checkLimits(node, u"stop"_s, movement, std::span(&*stop, 1));
    if (start && stop && *start == *stop) {
        context.problem(node, u"stop"_s, tr("It ends where it starts"),
                        tr("Write two different positions to search between"));
        return std::nullopt;
    }
    if (resolution && *resolution <= 0) {
        context.problem(node, u"resolution"_s, tr("The resolution is not above zero"),
                        tr("Write how near two positions may be, e.g. \"1 mV\""));
        return std::nullopt;
    }
    if (!start || !stop || !resolution)
        return std::nullopt;
    SearchRule rule;
    rule.goal = isShape(node.fields) ? SearchRule::Goal::Shape : SearchRule::Goal::Crossing;
    rule.start = *start;
    rule.stop = *stop;
    rule.resolution = *resolution;
    rule.firstPoints = int(fieldInteger(node, u"first"_s, kUsualFirst));
    return rule;
}

/// The first move may come from anywhere within the search; a bisection halves its way, a
/// refinement may cross half of it each time.
Nanoseconds travelTime(const SearchRule &rule, int movement, double ramp, int count,
                       const CompileContext &context)
{
    double way = std::abs(rule.stop - rule.start);
    Nanoseconds total = context.moveTime(movement, way, ramp);
    for (int i = 1; i < count; ++i) {
        total = CompileContext::sum(total, context.moveTime(movement, way, ramp));
        way = rule.goal == SearchRule::Goal::Shape ? std::abs(rule.stop - rule.start) / 2 : way / 2;
    }
    return total;
}

} // namespace

NodeDeclaration AdaptiveKind::declaration() const
{
    FieldSpec goal;
    goal.key = u"goal"_s;
    goal.label = tr("Find");
    goal.type = FieldType::Choice;
    goal.help = tr("Where a condition changes, or the shape of a curve in few points");
    goal.defaultValue = u"crossing"_s;
    goal.choices = {u"crossing"_s, QString(kShape)};
    goal.choiceLabels = {tr("A crossing"), tr("The shape of a curve")};

    FieldSpec movement;
    movement.key = u"movement"_s;
    movement.label = tr("Movement");
    movement.type = FieldType::Movement;
    movement.help = tr("What to move, e.g. smu.bias");
    movement.isRequired = true;

    FieldSpec condition = conditionField(tr("The search is for where this changes"));
    condition.isRequired = true;

    FieldSpec value;
    value.key = u"value"_s;
    value.label = tr("Curve");
    value.type = FieldType::Expression;
    value.help = tr("What is measured inside, over the movement, e.g. smu.current");
    value.isRequired = true;

    FieldSpec resolution =
        quantityField(u"resolution"_s, tr("Resolution"),
                      tr("How exactly to find it: no two positions get nearer than half of this"));
    resolution.isDifference = true;

    NodeDeclaration declaration;
    declaration.id = u"adaptive"_s;
    declaration.label = tr("Adaptive sweep");
    declaration.help = tr("Chooses its next position from what is measured inside");
    declaration.icon = u"adaptive"_s;
    declaration.takesChildren = true;
    declaration.fields = {
        goal,
        movement,
        quantityField(u"start"_s, tr("From"), tr("One end of the search, visited first")),
        quantityField(u"stop"_s, tr("To"), tr("The other end")),
        shownFor(u"crossing"_s, condition),
        shownFor(kShape, value),
        resolution,
        shownFor(kShape, countField(u"first"_s, tr("First points"),
                                    tr("At equal distances, before it begins to choose"),
                                    kUsualFirst, kMostFirst)),
        countField(u"points"_s, tr("Points at most"), tr("It ends after so many, found or not"),
                   kUsualMost, kMaxSearch),
        rampField(),
        settleField()};
    return declaration;
}

QString AdaptiveKind::summary(const QJsonObject &fields) const
{
    const QString movement = fieldText(fields.value(u"movement"_s));
    const QString what = fieldText(fields.value(isShape(fields) ? u"value"_s : u"condition"_s));
    if (movement.isEmpty() || what.isEmpty())
        return movement;
    const QString range =
        fieldText(fields.value(u"start"_s)) + u" … "_s + fieldText(fields.value(u"stop"_s));
    return (isShape(fields) ? tr("%1  %2, along %3") : tr("%1  %2, to where %3 changes"))
        .arg(movement, range, what);
}

std::unique_ptr<PlanNode> AdaptiveKind::compile(const ScanNode &node, CompileContext &context) const
{
    const QString name = node.fields.value(u"movement"_s).toString();
    const auto movement = context.movement(node, u"movement"_s, name);
    bool isFree = movement.has_value();
    std::optional<SearchRule> rule;
    std::optional<double> ramp;
    if (movement) {
        if (context.isSwept(*movement)) {
            isFree = false;
            context.problem(node, u"movement"_s,
                            tr("\"%1\" is moved by a sweep around this one").arg(name),
                            tr("Choose another movement, or take this sweep out of the other"));
        }
        rule = compileRule(node, *movement, context);
        ramp = context.ramp(node, u"ramp"_s, node.fields.value(u"ramp"_s), *movement);
        context.markSet(*movement);
        context.leaveAt(*movement, std::nullopt);
    }
    const int most = int(fieldInteger(node, u"points"_s, kUsualMost));
    const auto settle = context.settle(node);
    context.markBound();
    context.enterLoop(most, movement ? QList<int>{*movement} : QList<int>());
    auto children = context.children(node);
    const bool isNumber = isShape(node.fields);
    const auto look =
        isNumber ? context.number(node, u"value"_s) : context.condition(node, u"condition"_s);
    context.leaveLoop();
    if (!isFree || !rule || !ramp || !settle || !look)
        return nullptr;
    auto adaptive = std::make_unique<AdaptiveNode>(AdaptiveNode::Axis{*movement, *ramp}, *rule,
                                                   most, AdaptiveNode::Look{*look, isNumber},
                                                   *settle, context.addSearch());
    adaptive->children = std::move(children);
    context.setTotals(node, *adaptive, 2 * qint64(most), 0,
                      CompileContext::sum(travelTime(*rule, *movement, *ramp, most, context),
                                          CompileContext::times(*settle, most)));
    return adaptive;
}

} // namespace birch
