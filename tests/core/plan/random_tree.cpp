#include "tests/core/plan/random_tree.h"

#include "tests/core/plan/plan_fixture.h"

namespace birch::test {

namespace {

class Grower
{
public:
    Grower(std::mt19937 &random, qint64 maxSteps)
        : m_random(random)
        , m_budget(maxSteps)
    {
    }

    void grow(ScanNode *parent, qint64 passes, QStringList free, int depth)
    {
        const int count = pick(0, depth == 0 ? 4 : 3);
        for (int i = 0; i < count; ++i)
            growOne(parent, passes, free, depth);
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

    void growOne(ScanNode *parent, qint64 passes, QStringList free, int depth)
    {
        const int kind = pick(0, depth >= 5 ? 3 : 7);
        std::unique_ptr<ScanNode> node;
        switch (kind) {
        case 0:
        case 1:
            node = measure(passes);
            break;
        case 2:
            node = spend(passes) ? setOf(u"heater.temperature"_s, QString::number(pick(10, 20)))
                                 : nullptr;
            break;
        case 3:
            node = spend(passes)
                       ? makeNode(u"wait"_s, {{u"duration"_s, u"%1 ms"_s.arg(pick(0, 9))}})
                       : nullptr;
            break;
        case 4:
            node = makeNode(u"sequence"_s);
            grow(node.get(), passes, free, depth + 1);
            break;
        case 5: {
            const int times = pick(1, 4);
            node = makeNode(u"repeat"_s, {{u"times"_s, times}});
            grow(node.get(), passes * times, free, depth + 1);
            break;
        }
        default:
            node = sweep(passes, free, depth);
        }
        if (!node)
            return;
        node->isEnabled = pick(0, 6) > 0;
        parent->appendChild(std::move(node));
    }

    std::unique_ptr<ScanNode> measure(qint64 passes)
    {
        const int repeats = pick(0, 3) == 0 ? pick(2, 3) : 1;
        if (!spend(passes * repeats))
            return nullptr;
        auto node = pick(0, 1) == 0 ? measureOf({u"smu.iv"_s})
                                    : measureOf({u"smu.iv"_s, u"spectrometer.spectrum"_s});
        if (repeats > 1)
            node->fields.insert(u"repeats"_s, repeats);
        return node;
    }

    std::unique_ptr<ScanNode> sweep(qint64 passes, QStringList free, int depth)
    {
        const int count = pick(1, 4);
        if (free.isEmpty() || !spend(passes * count))
            return nullptr;
        const int axisCount = pick(1, std::min<int>(2, int(free.size())));
        QJsonArray axes;
        for (int i = 0; i < axisCount; ++i) {
            QStringList values;
            for (int k = 0; k < count; ++k)
                values.append(QString::number(pick(0, 9)));
            axes.append(axis(free.takeAt(pick(0, int(free.size()) - 1)), listOf(values)));
        }
        auto node = makeNode(u"sweep"_s, {{u"axes"_s, axes}, {u"snake"_s, pick(0, 1) == 1}});
        grow(node.get(), passes * count, free, depth + 1);
        return node;
    }

    std::mt19937 &m_random;
    qint64 m_budget;
};

} // namespace

ScanTree randomTree(std::mt19937 &random, qint64 maxSteps)
{
    ScanTree tree;
    tree.name = u"random"_s;
    Grower grower(random, maxSteps);
    grower.grow(tree.root(), 1, {u"smu.bias"_s, u"stage.x"_s, u"stage.y"_s}, 0);
    tree.root()->appendChild(measureOf({u"smu.iv"_s})); // so that something is measured
    return tree;
}

} // namespace birch::test
