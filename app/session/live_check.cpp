#include "app/session/live_check.h"

#include "core/base/id.h"
#include "core/plan/plan_node.h"

#include <QCoreApplication>

#include <algorithm>
#include <future>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("LiveCheck", text);
}

LiveInstrument survey(const BenchEntry &entry, const QString &address, const QStringList &movements,
                      const std::shared_ptr<TraceRing> &trace, const Call &call)
{
    QList<int> asked;
    for (int i = 0; i < int(entry.spec.movements.size()); ++i) {
        if (movements.contains(entry.nickname + u'.' + entry.spec.movements[i].name))
            asked << i;
    }
    LiveInstrument live{entry.nickname, {}, {}};
    const auto found = makeInstrument(entry, address, trace)->survey(asked, call);
    if (!found) {
        live.problem = found.error().message;
        return live;
    }
    live.identity = found.value().identity;
    for (const int movement : std::as_const(asked))
        live.positions.insert(entry.nickname + u'.' + entry.spec.movements[movement].name,
                              found.value().positions.value(movement));
    return live;
}

/// The innermost node that sets \a movement first.
NodeId firstSetter(const PlanNode &node, int movement)
{
    for (const auto &child : node.children) {
        if (std::binary_search(child->movements.begin(), child->movements.end(), movement))
            return firstSetter(*child, movement);
    }
    return node.id;
}
} // namespace

QList<LiveInstrument> identifyInstruments(const StationBench &bench, const QStringList &nicknames,
                                          const QStringList &movements, Nanoseconds limit)
{
    std::vector<std::future<LiveInstrument>> answers;
    for (const BenchEntry &entry : bench.file().entries) {
        if (!nicknames.isEmpty() && !nicknames.contains(entry.nickname))
            continue;
        const QString address = bench.addresses().value(entry.nickname, entry.address);
        answers.push_back(
            std::async(std::launch::async, [&entry, &movements, &bench, address, limit] {
                return survey(entry, address, movements, bench.traces().ring(entry.nickname),
                              Call::within(limit));
            }));
    }
    QList<LiveInstrument> instruments;
    for (auto &answer : answers)
        instruments << answer.get();
    return instruments;
}

Problems liveProblems(const QList<LiveInstrument> &instruments, const QString &benchFile)
{
    Problems problems;
    for (const LiveInstrument &instrument : instruments) {
        if (!instrument.problem.isEmpty())
            problems << Problem{.file = benchFile,
                                .field = instrument.nickname,
                                .message = instrument.problem,
                                .remedy = tr("Switch it on, see to its cable and its address in "
                                             "the bench file, and end what else talks to it.")};
    }
    return problems;
}

QStringList rampedMovements(const QList<QueueItem> &items)
{
    QStringList names;
    for (const QueueItem &item : items) {
        for (const PlanMovement &movement : item.plan->movements) {
            if (movement.slowestRamp > 0 && !names.contains(movement.column))
                names << movement.column;
        }
    }
    return names;
}

Problems rampProblems(const QList<QueueItem> &items, const QList<LiveInstrument> &instruments)
{
    QMap<QString, double> positions;
    for (const LiveInstrument &instrument : instruments)
        positions.insert(instrument.positions);
    Problems problems;
    for (const QueueItem &item : items) {
        for (int i = 0; i < int(item.plan->movements.size()); ++i) {
            const PlanMovement &movement = item.plan->movements[i];
            const auto stands = positions.constFind(movement.column);
            const Limits &limits = movement.spec.limits;
            if (!(movement.slowestRamp > 0) || stands == positions.constEnd() ||
                limits.contain(*stands))
                continue;
            problems << Problem{
                .file = item.name,
                .node = uidText(firstSetter(*item.plan->root, i)),
                .message = tr("%1 stands at %2 %3 now, outside of %4 … %5 %3, and its ramp would "
                              "begin there")
                               .arg(movement.column, numberToText(*stands), movement.spec.unit,
                                    numberToText(limits.low), numberToText(limits.high)),
                .remedy = tr("Bring it within its limits by hand first")};
        }
        // The next scan finds it where this one leaves it, which is within.
        for (const PlanMovement &movement : item.plan->movements)
            positions.remove(movement.column);
    }
    return problems;
}

} // namespace birch
