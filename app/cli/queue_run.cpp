// Running queues, here or by asking the stations that run them.
#include "app/cli/headless_run.h"
#include "app/cli/prompt_answers.h"
#include "app/cli/queue_verbs.h"
#include "app/cli/trace_output.h"
#include "app/session/queue_station.h"
#include "core/base/id.h"
#include "core/store/queue_repository.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QMap>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// A queue, or one of its scans.
struct Target {
    StoredQueue queue;
    std::optional<StoredQueueItem> item;
};

Result<Target> targetOf(StationData &data, const QString &key)
{
    QueueRepository queues(data.connection());
    const auto queue = queues.find(data.session(), key);
    if (queue)
        return Target{queue.value(), {}};
    const auto item = QueueItemRepository(data.connection()).find(data.session(), key);
    if (!item) // a number behind a slash means a scan
        return key.contains(u'/') ? item.error() : queue.error();
    const auto around = queues.find(data.session(), uidText(item.value().queue));
    if (!around)
        return around.error();
    return Target{around.value(), item.value()};
}

/// Asks for \a request; a queue also goes to \a state.
Result<QJsonObject> ask(StationData &data, const QString &key, QueueRequest request,
                        QueueState state)
{
    const auto target = targetOf(data, key);
    if (!target)
        return target.error();
    const StoredQueue &queue = target.value().queue;
    QueueItemRepository items(data.connection());
    if (target.value().item) {
        if (Status done = items.ask(data.session(), target.value().item->uid, request); !done)
            return done.error();
        return queueAnswer(data, queue.uid);
    }
    if (Status done = QueueRepository(data.connection()).setState(data.session(), queue.uid, state);
        !done)
        return done.error();
    if (Status done = items.askAll(data.session(), queue.uid, request); !done)
        return done.error();
    return queueAnswer(data, queue.uid);
}

Result<QJsonObject> pause(StationData &data, const Invocation &, const QStringList &arguments)
{
    return ask(data, arguments.first(), QueueRequest::Pause, QueueState::Paused);
}

Result<QJsonObject> resume(StationData &data, const Invocation &, const QStringList &arguments)
{
    return ask(data, arguments.first(), QueueRequest::None, QueueState::Running);
}

Result<QJsonObject> abort(StationData &data, const Invocation &, const QStringList &arguments)
{
    return ask(data, arguments.first(), QueueRequest::Abort, QueueState::Stopping);
}

Result<QJsonObject> stop(StationData &data, const Invocation &, const QStringList &arguments)
{
    const auto queue = QueueRepository(data.connection()).find(data.session(), arguments.first());
    if (!queue)
        return queue.error();
    QueueRepository queues(data.connection());
    if (Status done = queues.setState(data.session(), queue.value().uid, QueueState::Stopping);
        !done)
        return done.error();
    // With nobody at work there is nobody to wait for.
    if (Status done = queues.settleState(data.session(), queue.value().uid); !done)
        return done.error();
    return queueAnswer(data, queue.value().uid);
}

/// Of what was begun here: 3 where something can be continued, 1 where something has failed.
int exitCodeOf(const QList<QueueStation::Ended> &ended)
{
    int code = kDone;
    QMap<QUuid, ScanState> last; // a retry counts, not what it was retried for
    for (const QueueStation::Ended &one : ended)
        last[one.item] = one.state;
    for (const ScanState state : std::as_const(last)) {
        if (state == ScanState::Interrupted)
            return kInterrupted;
        if (state != ScanState::Completed)
            code = kRanAndFailed;
    }
    return code;
}

Result<QList<QUuid>> openedQueues(StationData &data, const QStringList &keys)
{
    QList<QUuid> queues;
    for (const QString &key : keys) {
        const auto queue = QueueRepository(data.connection()).find(data.session(), key);
        if (!queue)
            return queue.error();
        queues << queue.value().uid;
    }
    for (const QUuid &queue : std::as_const(queues)) {
        if (Status opened = openQueue(data.connection(), data.session(), queue); !opened)
            return opened.error();
    }
    return queues;
}

void printEnd(const Invocation &invocation, StationData &data, const QList<QUuid> &queues)
{
    QJsonArray list;
    for (const QUuid &queue : queues) {
        const auto answer =
            data.isConnected() ? queueAnswer(data, queue) : Result<QJsonObject>(QJsonObject());
        if (!answer)
            continue; // thrown away meanwhile
        list.append(answer.value()[u"queue"_s]);
        if (!invocation.isJson)
            printQueue(invocation, answer.value());
    }
    if (invocation.isJson)
        invocation.printJson({{u"queues"_s, list}});
}

int start(const Station &station, const Invocation &invocation, const QStringList &arguments)
{
    auto data = station.openAndRecover();
    if (!data)
        return invocation.fail(data.error());
    if (const Status may = data.value()->session().mayWrite(); !may)
        return invocation.fail(may.error());
    for (const QString &key : arguments) {
        const auto queue =
            QueueRepository(data.value()->connection()).find(data.value()->session(), key);
        if (!queue)
            return invocation.fail(queue.error());
    }
    auto trace = TraceOutput::open(invocation);
    if (!trace)
        return invocation.fail(trace.error(), kBadInput);
    Problems problems;
    std::unique_ptr<StationBench> bench =
        StationBench::open(station.benchFile(), &problems, trace.value().capacity());
    if (!bench)
        return invocation.fail(problems);
    const BenchTraces traces = bench->traces();
    HeadlessRun run(invocation, *data.value(), std::move(bench));
    const auto queues = openedQueues(*data.value(), arguments);
    if (!queues)
        return invocation.fail(queues.error());
    QueueStation shared(*data.value(), run.station(),
                        {queues.value(), invocation.isSet(u"wait"_s)});
    run.serve(shared);
    trace.value().write(invocation, traces);
    for (const QUuid &queue : queues.value()) {
        if (data.value()->isConnected())
            (void)QueueRepository(data.value()->connection())
                .settleState(data.value()->session(), queue);
    }
    printEnd(invocation, *data.value(), queues.value());
    return exitCodeOf(shared.ended());
}
} // namespace

QList<QCommandLineOption> queueRunOptions()
{
    return {{u"wait"_s, tr("Stays for what is added later, until it is stopped (start).")},
            answerOption(),
            traceOption()};
}

std::vector<Verb> queueRunVerbs()
{
    return {
        Verb{.name = u"start"_s,
             .arguments = u"[QUEUE…]"_s,
             .summary = tr("runs them here; without a QUEUE: whatever any queue has for "
                           "this station, until it is stopped"),
             .runHere = start},
        {u"pause"_s, u"QUEUE|ITEM"_s,
         tr("what runs pauses after its point, and nothing else begins"), pause, printQueue},
        {u"resume"_s, u"QUEUE|ITEM"_s, tr("goes on"), resume, printQueue},
        {u"stop"_s, u"QUEUE"_s, tr("nothing begins after the scans that run"), stop, printQueue},
        {u"abort"_s, u"QUEUE|ITEM"_s, tr("one scan, or all that run: through their safe values"),
         abort, printQueue}};
}

} // namespace birch::cli
