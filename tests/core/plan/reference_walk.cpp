#include "tests/core/plan/reference_walk.h"

#include <QHash>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::test {

namespace {

struct Walk {
    const MoveFails &fails;
    WalkLog log;
    QStringList indices;
    QHash<NodeId, int> passes;
    int moves = 0;

    bool move(const QString &text, bool isSkipped)
    {
        log.append(u"move"_s + text + (isSkipped ? u" skipped"_s : QString()));
        return isSkipped || !fails(moves++, u"move"_s + text);
    }

    void children(const ScanNode &node, bool isSkipped)
    {
        for (int row = 0; row < node.childCount(); ++row)
            visit(*node.child(row), isSkipped);
    }

    void visit(const ScanNode &node, bool isSkipped)
    {
        if (!node.isEnabled)
            return;
        // Of a parallel node only the order within a branch is told, so one after the other will
        // do.
        // What monitors and guards read beside the steps is not told either.
        if (node.kind == u"sequence" || node.kind == u"parallel" || node.kind == u"monitor" ||
            node.kind == u"guard")
            children(node, isSkipped);
        else if (node.kind == u"repeat")
            repeat(node, isSkipped);
        else if (node.kind == u"sweep")
            sweep(node, isSkipped);
        else if (node.kind == u"measure")
            measure(node, isSkipped);
        else if (node.kind == u"set")
            set(node, isSkipped);
        else if (node.kind == u"wait")
            log.append(u"wait "_s + node.fields[u"duration"_s].toString() +
                       (isSkipped ? u" skipped"_s : QString()));
        else
            qFatal("the reference does not know this kind");
    }

    void repeat(const ScanNode &node, bool isSkipped)
    {
        const int times = node.fields[u"times"_s].toInt();
        for (int i = 0; i < times; ++i) {
            indices.append(QString::number(i));
            children(node, isSkipped);
            indices.removeLast();
        }
    }

    void sweep(const ScanNode &node, bool isSkipped)
    {
        const QJsonArray axes = node.fields[u"axes"_s].toArray();
        const auto valuesOf = [](const QJsonValue &axis) {
            return axis.toObject()[u"positions"_s].toObject()[u"values"_s].toArray();
        };
        QList<int> order;
        for (int i = 0; i < valuesOf(axes[0]).size(); ++i)
            order.append(i);
        if (node.fields[u"snake"_s].toBool() && passes[node.id]++ % 2 == 1)
            std::reverse(order.begin(), order.end());
        for (int position : order) {
            QString text;
            for (const QJsonValue &axis : axes)
                text += u' ' + axis.toObject()[u"movement"_s].toString() + u'=' +
                        valuesOf(axis)[position].toString();
            const bool arrived = move(text, isSkipped);
            indices.append(QString::number(position));
            children(node, isSkipped || !arrived);
            indices.removeLast();
        }
    }

    void set(const ScanNode &node, bool isSkipped)
    {
        QString text;
        const QJsonArray targets = node.fields[u"targets"_s].toArray();
        for (const QJsonValue &target : targets)
            text += u' ' + target.toObject()[u"movement"_s].toString() + u'=' +
                    target.toObject()[u"value"_s].toString();
        (void)move(text, isSkipped);
    }

    void measure(const ScanNode &node, bool isSkipped)
    {
        const int repeats = node.fields[u"repeats"_s].toInt(1);
        for (int i = 0; i < repeats; ++i) {
            QStringList all = indices;
            if (repeats > 1)
                all.append(QString::number(i));
            log.append(u"measure %1 [%2]%3"_s.arg(node.id.toString(), all.join(u','),
                                                  isSkipped ? u" skipped"_s : QString()));
        }
    }
};

} // namespace

WalkLog referenceWalk(const ScanTree &tree, const MoveFails &fails)
{
    Walk walk{fails, {}, {}, {}};
    walk.visit(*tree.root(), false);
    return walk.log;
}

QMap<QString, WalkLog> sequencesOf(const WalkLog &log)
{
    QMap<QString, WalkLog> sequences;
    for (const QString &line : log) {
        const QStringList words = line.split(u' ');
        if (words[0] == u"measure")
            sequences[words[1]].append(line);
        if (words[0] != u"move")
            continue;
        for (const QString &target : words.mid(1)) {
            if (target != u"skipped")
                sequences[target.section(u'=', 0, 0)].append(
                    target + (words.last() == u"skipped" ? u" skipped"_s : QString()));
        }
    }
    return sequences;
}

} // namespace birch::test
