#include "tests/core/plan/random_tree.h"

#include "tests/core/plan/plan_fixture.h"

#include <cmath>

namespace birch::test {

namespace {

/// Per second. No multiple of it in tenths of a second, as ramps are sent, is a position.
constexpr double kRamp = 7.3;

class Grower
{
public:
    Grower(std::mt19937 &random, qint64 maxSteps, bool hasLanes)
        : m_random(random)
        , m_budget(maxSteps)
        , m_hasLanes(hasLanes)
    {
    }

    /// What may be used here.
    struct Scope {
        QStringList free; ///< movements that no sweep around sets
        QStringList instruments;
        QStringList swept = {}; ///< movements that sweeps around set
        int loops = 0;          ///< around, of which the inner ones can be left
        int ownLoops = 0;
    };

    void grow(ScanNode *parent, qint64 passes, const Scope &scope, int depth)
    {
        const int count = pick(0, depth == 0 ? 4 : 3);
        for (int i = 0; i < count; ++i)
            growOne(parent, passes, scope, depth);
    }

    int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(m_random); }

private:
    bool spend(qint64 steps)
    {
        if (steps > m_budget)
            return false;
        m_budget -= steps;
        return true;
    }

    void growOne(ScanNode *parent, qint64 passes, const Scope &scope, int depth)
    {
        const int kind = pick(0, depth >= 5 ? 3 : m_hasLanes ? 12 : 8);
        std::unique_ptr<ScanNode> node;
        switch (kind) {
        case 0:
        case 1:
            node = measure(passes, scope);
            break;
        case 2:
            node = scope.instruments.contains(u"heater"_s) && spend(passes)
                       ? heat(QString::number(pick(10, 20)))
                       : nullptr;
            break;
        case 3:
            node = spend(passes)
                       ? makeNode(u"wait"_s, {{u"duration"_s, u"%1 ms"_s.arg(pick(0, 9))}})
                       : nullptr;
            break;
        case 4:
            node = makeNode(u"sequence"_s);
            grow(node.get(), passes, scope, depth + 1);
            break;
        case 5:
            node = repeat(passes, scope, depth);
            break;
        case 8:
            node = choice(passes, scope, depth);
            break;
        case 9:
        case 10:
            node = parallel(passes, scope, depth);
            break;
        case 11:
        case 12:
            node = watch(passes, scope, depth);
            break;
        default:
            node = pick(0, 3) == 0 ? search(passes, scope, depth) : sweep(passes, scope, depth);
        }
        if (!node)
            return;
        node->isEnabled = pick(0, 6) > 0;
        parent->appendChild(std::move(node));
    }

    std::unique_ptr<ScanNode> heat(const QString &value)
    {
        auto node = setOf(u"heater.temperature"_s, value);
        QJsonArray targets = node->fields[u"targets"_s].toArray();
        targets[0] = perhapsAtARate(targets[0].toObject());
        node->fields.insert(u"targets"_s, targets);
        return node;
    }

    QJsonObject perhapsAtARate(QJsonObject fields)
    {
        if (pick(0, 4) == 0)
            fields.insert(u"ramp"_s, kRamp);
        return fields;
    }

    static Scope inLoop(Scope scope)
    {
        ++scope.loops;
        ++scope.ownLoops;
        return scope;
    }

    /// About what is known for sure there.
    QString condition(const Scope &scope)
    {
        if (!scope.swept.isEmpty() && pick(0, 1) == 0) {
            const QString movement = scope.swept[pick(0, int(scope.swept.size()) - 1)];
            const QString unit = movement.startsWith(u"smu"_s) ? u"V"_s : u"mm"_s;
            return pick(0, 3) == 0 ? u"abs(%1.readback - %1) < 1000 %2"_s.arg(movement, unit)
                                   : u"%1 >= %2 %3"_s.arg(movement).arg(pick(0, 9)).arg(unit);
        }
        if (scope.loops > 0)
            return u"index.%1 < %2"_s.arg(pick(1, scope.loops)).arg(pick(0, 3));
        return pick(0, 1) == 0 ? u"1 V > 10 mV"_s : u"false"_s;
    }

    std::unique_ptr<ScanNode> repeat(qint64 passes, const Scope &scope, int depth)
    {
        const int times = pick(1, 4);
        const Scope inside = inLoop(scope);
        auto node = makeNode(u"repeat"_s, {{u"times"_s, times}});
        switch (pick(0, 3)) {
        case 0:
            node->fields = {
                {u"mode"_s, u"while"_s}, {u"condition"_s, condition(inside)}, {u"limit"_s, times}};
            break;
        case 1: // longer than any test, or over after its first round
            node->fields = {{u"mode"_s, u"duration"_s},
                            {u"duration"_s, pick(0, 1) == 0 ? u"0 s"_s : u"10 h"_s},
                            {u"limit"_s, times}};
            break;
        default:
            break;
        }
        grow(node.get(), passes * times, inside, depth + 1);
        return node;
    }

    std::unique_ptr<ScanNode> choice(qint64 passes, const Scope &scope, int depth)
    {
        auto node = makeNode(u"if"_s, {{u"condition"_s, condition(scope)}});
        grow(node.get(), passes, scope, depth + 1);
        if (pick(0, 1) == 0) {
            auto other = makeNode(u"else"_s);
            grow(other.get(), passes, scope, depth + 1);
            other->isEnabled = pick(0, 6) > 0;
            node->appendChild(std::move(other));
        }
        return node;
    }

    std::unique_ptr<ScanNode> measure(qint64 passes, const Scope &scope)
    {
        const int repeats = pick(0, 3) == 0 ? pick(2, 3) : 1;
        QStringList read;
        for (const QString &name : {u"smu.iv"_s, u"spectrometer.spectrum"_s, u"heater.monitor"_s}) {
            if (scope.instruments.contains(name.section(u'.', 0, 0)) &&
                (read.isEmpty() || pick(0, 1) == 0))
                read.append(name);
        }
        if (read.isEmpty() || !spend(passes * repeats))
            return nullptr;
        auto node = measureOf(read);
        if (repeats > 1)
            node->fields.insert(u"repeats"_s, repeats);
        if (scope.ownLoops > 0 && pick(0, 5) == 0)
            node->fields.insert(u"stop_when"_s, condition(scope));
        return node;
    }

    std::unique_ptr<ScanNode> sweep(qint64 passes, const Scope &scope, int depth)
    {
        const int typed = pick(1, 4);
        const bool isBack = pick(0, 4) == 0;
        const int repeats = pick(0, 4) == 0 ? 2 : 1;
        const int count = (isBack ? 2 * typed - 1 : typed) * repeats;
        Scope inside = inLoop(scope);
        QStringList free;
        for (const QString &movement : scope.free) {
            if (scope.instruments.contains(movement.section(u'.', 0, 0)))
                free.append(movement);
        }
        if (free.isEmpty() || !spend(passes * count))
            return nullptr;
        const int axisCount = pick(1, std::min<int>(2, int(free.size())));
        QJsonArray axes;
        for (int i = 0; i < axisCount; ++i) {
            QStringList values;
            for (int k = 0; k < typed; ++k)
                values.append(QString::number(pick(0, 9)));
            const QString movement = free.takeAt(pick(0, int(free.size()) - 1));
            inside.free.removeAll(movement);
            inside.swept.append(movement);
            axes.append(perhapsAtARate(axis(movement, listOf(values))));
        }
        auto node = makeNode(u"sweep"_s, {{u"axes"_s, axes}, {u"snake"_s, pick(0, 1) == 1}});
        if (pick(0, 4) == 0)
            node->fields.insert(u"stop_when"_s, condition(inside));
        if (isBack)
            node->fields.insert(u"there_and_back"_s, true);
        if (repeats > 1)
            node->fields.insert(u"repeats"_s, repeats);
        grow(node.get(), passes * count, inside, depth + 1);
        return node;
    }

    std::unique_ptr<ScanNode> search(qint64 passes, const Scope &scope, int depth)
    {
        const int most = pick(2, 6);
        Scope inside = inLoop(scope);
        QStringList free;
        for (const QString &movement : scope.free) {
            if (scope.instruments.contains(movement.section(u'.', 0, 0)))
                free.append(movement);
        }
        if (free.isEmpty() || !spend(passes * most))
            return nullptr;
        const QString movement = free[pick(0, int(free.size()) - 1)];
        inside.free.removeAll(movement);
        inside.swept.append(movement);
        auto node = makeNode(u"adaptive"_s, {{u"movement"_s, movement},
                                             {u"start"_s, QString::number(pick(0, 4))},
                                             {u"stop"_s, QString::number(pick(5, 9))},
                                             {u"resolution"_s, u"0.5"_s},
                                             {u"points"_s, most},
                                             {u"condition"_s, condition(inside)}});
        node->fields = perhapsAtARate(node->fields);
        grow(node.get(), passes * most, inside, depth + 1);
        return node;
    }

    std::unique_ptr<ScanNode> watch(qint64 passes, const Scope &scope, int depth)
    {
        if (!scope.instruments.contains(u"smu"_s) || !spend(2 * passes))
            return nullptr;
        auto node = makeNode(pick(0, 1) == 0 ? u"monitor"_s : u"guard"_s,
                             {{u"measurements"_s, QJsonArray{u"smu.iv"_s}},
                              {u"interval"_s, u"%1 ms"_s.arg(pick(1, 9))}});
        if (node->kind == u"guard") // well all the time
            node->fields.insert(u"alert"_s, u"smu.current < -1e9 A"_s);
        Scope inside = scope;
        inside.ownLoops = 0;
        grow(node.get(), passes, inside, depth + 1);
        return node;
    }

    std::unique_ptr<ScanNode> parallel(qint64 passes, const Scope &scope, int depth)
    {
        QList<Scope> branches(pick(1, 3), Scope{scope.free, {}, scope.swept, scope.loops, 0});
        for (const QString &instrument : scope.instruments)
            branches[pick(0, int(branches.size()) - 1)].instruments.append(instrument);
        auto node = makeNode(u"parallel"_s);
        for (const Scope &branch : std::as_const(branches)) {
            if (pick(0, 3) == 0) {
                growOne(node.get(), passes, branch, depth + 1);
                continue;
            }
            auto inside = makeNode(u"sequence"_s);
            grow(inside.get(), passes, branch, depth + 1);
            node->appendChild(std::move(inside));
        }
        return node;
    }

    std::mt19937 &m_random;
    qint64 m_budget;
    bool m_hasLanes;
};

ScanTree grown(std::mt19937 &random, qint64 maxSteps, bool hasLanes)
{
    ScanTree tree;
    tree.name = u"random"_s;
    Grower grower(random, maxSteps, hasLanes);
    grower.grow(tree.root(), 1,
                {{u"smu.bias"_s, u"stage.x"_s, u"stage.y"_s},
                 {u"smu"_s, u"stage"_s, u"heater"_s, u"spectrometer"_s}},
                0);
    tree.root()->appendChild(measureOf({u"smu.iv"_s})); // so that something is measured
    return tree;
}

} // namespace

bool isPosition(double value)
{
    return value * 64 == std::floor(value * 64); // a bisection halves whole numbers a few times
}

ScanTree randomTree(std::mt19937 &random, qint64 maxSteps)
{
    return grown(random, maxSteps, false);
}

ScanTree randomLanes(std::mt19937 &random, qint64 maxSteps)
{
    return grown(random, maxSteps, true);
}

} // namespace birch::test
