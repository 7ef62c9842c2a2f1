#include "tests/core/plan/reference_walk.h"

#include <QHash>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::test {

namespace {

struct Walk {
    const MoveFails &fails;
    Answers answers = Answers::Oracle;
    QHash<QString, double> setpoints = {};
    WalkLog log = {};
    QStringList indices = {};
    QHash<NodeId, int> passes = {};
    int moves = 0;
    bool isEnding = false; ///< the innermost loop is to be left

    bool move(const QString &text, bool isSkipped)
    {
        log.append(u"move"_s + text + (isSkipped ? u" skipped"_s : QString()));
        for (const QString &target : text.split(u' ', Qt::SkipEmptyParts))
            setpoints[target.section(u'=', 0, 0)] =
                target.section(u'=', 1).section(u'@', 0, 0).toDouble();
        return isSkipped || !fails(moves++, u"move"_s + text);
    }

    /// False: skipped, or the answer.
    bool decide(const ScanNode &node, const QString &what, bool isSkipped)
    {
        log.append(u"decide %1 [%2] %3"_s.arg(node.id.toString(), indices.join(u','), what));
        if (!isSkipped)
            return answers == Answers::Oracle ? oracle(log.last()) : isTrue(node, what);
        log.last() += u" skipped"_s;
        return false;
    }

    bool isTrue(const ScanNode &node, const QString &what) const
    {
        const QStringList words = what.split(u' ');
        if (what == u"timer")
            return node.fields[u"duration"_s].toString() != u"0 s";
        if (words.size() < 3)
            return what != u"false";
        if (words[0].startsWith(u"index."))
            return indices[words[0].mid(6).toInt() - 1].toInt() < words[2].toInt();
        if (words[1] == u">=")
            return setpoints[words[0]] >= words[2].toDouble();
        return true; // 1 V > 10 mV; readbacks are near
    }

    static QString rateOf(const QJsonObject &fields)
    {
        const double rate = fields[u"ramp"_s].toDouble();
        return rate > 0 ? u'@' + QString::number(rate) : QString();
    }

    void children(const ScanNode &node, bool isSkipped)
    {
        for (int row = 0; row < node.childCount() && !isEnding; ++row)
            visit(*node.child(row), isSkipped);
    }

    /// Whether anything inside does something.
    static bool isEmpty(const ScanNode &node)
    {
        if (!node.isEnabled)
            return true;
        const bool holds = node.kind == u"sequence" || node.kind == u"parallel" ||
                           node.kind == u"repeat" || node.kind == u"if" || node.kind == u"else" ||
                           node.kind == u"monitor" || node.kind == u"guard";
        if (!holds)
            return false;
        for (int row = 0; row < node.childCount(); ++row) {
            if (!isEmpty(*node.child(row)))
                return false;
        }
        return true;
    }

    void visit(const ScanNode &node, bool isSkipped)
    {
        if (!node.isEnabled || isEmpty(node))
            return;
        // Of a parallel node only the order within a branch is told, so one after the other will
        // do.
        // What monitors and guards read beside the steps is not told either.
        if (node.kind == u"sequence" || node.kind == u"parallel" || node.kind == u"monitor" ||
            node.kind == u"guard" || node.kind == u"else")
            children(node, isSkipped);
        else if (node.kind == u"repeat")
            repeat(node, isSkipped);
        else if (node.kind == u"if")
            choose(node, isSkipped);
        else if (node.kind == u"sweep")
            sweep(node, isSkipped);
        else if (node.kind == u"adaptive")
            bisect(node, isSkipped);
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

    void choose(const ScanNode &node, bool isSkipped)
    {
        const bool isTrue = decide(node, node.fields[u"condition"_s].toString(), isSkipped);
        for (int row = 0; row < node.childCount() && !isSkipped && !isEnding; ++row) {
            if ((node.child(row)->kind != u"else") == isTrue)
                visit(*node.child(row), false);
        }
    }

    void repeat(const ScanNode &node, bool isSkipped)
    {
        const QString mode = node.fields[u"mode"_s].toString(u"times"_s);
        const bool isOpen = mode != u"times";
        const int times = node.fields[isOpen ? u"limit"_s : u"times"_s].toInt();
        indices.append(u"0"_s);
        if (mode == u"duration")
            (void)decide(node, u"begin"_s, isSkipped);
        for (int i = 0; i < times && !isEnding; ++i) {
            indices.last() = QString::number(i);
            children(node, isSkipped);
            const bool isLast = i + 1 == times || isEnding;
            const QString what =
                mode == u"while" ? node.fields[u"condition"_s].toString() : u"timer"_s;
            if (isOpen && !isLast && !decide(node, what, isSkipped))
                break;
        }
        indices.removeLast();
        isEnding = false;
    }

    void sweep(const ScanNode &node, bool isSkipped)
    {
        const QJsonArray axes = node.fields[u"axes"_s].toArray();
        const auto valuesOf = [](const QJsonValue &axis) {
            return axis.toObject()[u"positions"_s].toObject()[u"values"_s].toArray();
        };
        // The positions as visited forwards; an index counts them.
        QList<int> visited;
        const int count = int(valuesOf(axes[0]).size());
        const bool isBack = node.fields[u"there_and_back"_s].toBool();
        for (int round = 0; round < node.fields[u"repeats"_s].toInt(1); ++round) {
            for (int i = 0; i < count; ++i)
                visited.append(i);
            for (int i = count - 2; i >= 0 && isBack; --i)
                visited.append(i);
        }
        QList<int> order;
        for (int i = 0; i < visited.size(); ++i)
            order.append(i);
        if (node.fields[u"snake"_s].toBool() && passes[node.id]++ % 2 == 1)
            std::reverse(order.begin(), order.end());
        for (int position : order) {
            QString text;
            for (const QJsonValue &axis : axes)
                text += u' ' + axis.toObject()[u"movement"_s].toString() + u'=' +
                        valuesOf(axis)[visited[position]].toString() + rateOf(axis.toObject());
            const bool arrived = move(text, isSkipped);
            indices.append(QString::number(position));
            children(node, isSkipped || !arrived);
            const QString stop = node.fields[u"stop_when"_s].toString();
            if (!isEnding && !stop.isEmpty())
                isEnding = decide(node, stop, isSkipped || !arrived);
            indices.removeLast();
            if (isEnding)
                break;
        }
        isEnding = false;
    }

    /// Of adaptive nodes only the search for a crossing is told.
    void bisect(const ScanNode &node, bool isSkipped)
    {
        const auto typed = [&node](const QString &key) {
            return node.fields[key].toString().toDouble();
        };
        double same = 0; // nearest to the other side, of those that answer as the start did
        double other = 0;
        bool answerAtStart = false;
        indices.append(u"0"_s);
        for (int i = 0; i < node.fields[u"points"_s].toInt() && !isEnding; ++i) {
            indices.last() = QString::number(i);
            const double at = i == 0   ? typed(u"start"_s)
                              : i == 1 ? typed(u"stop"_s)
                                       : (same + other) / 2;
            const QString text =
                u" %1=%2"_s.arg(node.fields[u"movement"_s].toString(), QString::number(at)) +
                rateOf(node.fields);
            const bool isLost = !move(text, isSkipped) || isSkipped;
            children(node, isLost);
            if (isEnding)
                break;
            const bool answer = decide(node, node.fields[u"condition"_s].toString(), isLost);
            if (i == 0)
                answerAtStart = answer;
            (answer == answerAtStart ? same : other) = at;
            if (isLost || (i == 1 && answer == answerAtStart) ||
                (i > 0 && std::abs(same - other) <= typed(u"resolution"_s)))
                break;
        }
        indices.removeLast();
        isEnding = false;
    }

    void set(const ScanNode &node, bool isSkipped)
    {
        QString text;
        const QJsonArray targets = node.fields[u"targets"_s].toArray();
        for (const QJsonValue &target : targets)
            text += u' ' + target.toObject()[u"movement"_s].toString() + u'=' +
                    target.toObject()[u"value"_s].toString() + rateOf(target.toObject());
        (void)move(text, isSkipped);
    }

    void measure(const ScanNode &node, bool isSkipped)
    {
        const int repeats = node.fields[u"repeats"_s].toInt(1);
        const QString stop = node.fields[u"stop_when"_s].toString();
        const QStringList around = indices;
        for (int i = 0; i < repeats && !isEnding; ++i) {
            if (repeats > 1)
                indices = around + QStringList{QString::number(i)};
            log.append(u"measure %1 [%2]%3"_s.arg(node.id.toString(), indices.join(u','),
                                                  isSkipped ? u" skipped"_s : QString()));
            if (!stop.isEmpty())
                isEnding = decide(node, stop, isSkipped);
        }
        indices = around;
    }
};

} // namespace

bool oracle(const QString &decideLine)
{
    // Without the node's id, which is another one in every run.
    const QString seen = decideLine.mid(decideLine.indexOf(u'['));
    return seen.endsWith(u"begin") || qHash(seen, 7) % 3 != 0;
}

WalkLog referenceWalk(const ScanTree &tree, const MoveFails &fails, Answers answers)
{
    Walk walk{fails, answers};
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
