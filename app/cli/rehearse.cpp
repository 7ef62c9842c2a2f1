#include "app/cli/rehearse.h"

#include "app/cli/prompt_answers.h"
#include "app/session/rehearsal.h"
#include "app/session/termination.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
constexpr double kLeastSpeed = 0.01;
constexpr double kMostSpeed = 1e6;

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

Nanoseconds durationOf(const QList<QueueItem> &items)
{
    Nanoseconds sum{};
    for (const QueueItem &item : items)
        sum += item.plan->duration;
    return sum;
}

double seconds(Nanoseconds duration)
{
    return double(duration.count()) * 1e-9;
}

QJsonObject jsonOf(const RehearsedScan &scan)
{
    return {{u"name"_s, scan.item.name},
            {u"state"_s, scanStateName(scan.item.state)},
            {u"reason"_s, scan.item.reason},
            {u"points"_s, scan.item.points},
            {u"points_planned"_s, scan.item.plan->points},
            {u"duration_s"_s, seconds(scan.item.elapsed)},
            {u"planned_s"_s, seconds(scan.item.plan->duration)},
            {u"warnings"_s, QJsonArray::fromStringList(scan.warnings)}};
}

void print(const Invocation &invocation, const RehearsedScan &scan)
{
    const QueueItem &item = scan.item;
    invocation.print(tr("%1  %2  %3 of %4 points, at most %5 s (planned %6 s)%7")
                         .arg(item.name, scanStateName(item.state))
                         .arg(item.points)
                         .arg(item.plan->points)
                         .arg(seconds(item.elapsed), 0, 'f', 1)
                         .arg(seconds(item.plan->duration), 0, 'f', 1)
                         .arg(item.reason.isEmpty() ? QString() : u": "_s + item.reason));
    for (const QString &warning : scan.warnings)
        invocation.print(u"  "_s + warning);
}

int report(const Invocation &invocation, const QList<RehearsedScan> &scans, double speed)
{
    QJsonArray list;
    for (const RehearsedScan &scan : scans) {
        list.append(jsonOf(scan));
        if (!invocation.isJson)
            print(invocation, scan);
    }
    const bool isDone = std::all_of(scans.begin(), scans.end(), [](const RehearsedScan &scan) {
        return scan.item.state == ScanState::Completed;
    });
    if (invocation.isJson)
        invocation.printJson({{u"rehearsal"_s, list}, {u"speed"_s, speed}});
    else
        invocation.print(isDone ? tr("Every scan would complete. Nothing was moved or stored.")
                                : tr("Not every scan would complete: see above. Nothing was moved "
                                     "or stored."));
    return isDone ? kDone : kRanAndFailed;
}

} // namespace

QCommandLineOption rehearseOption()
{
    return {u"rehearse"_s,
            tr("Walk the whole plan on simulated instruments, faster than real time; nothing is "
               "reached, nothing is stored.")};
}

QCommandLineOption speedOption()
{
    return {u"speed"_s,
            tr("With --rehearse: how many times as fast (default: so that it takes about half a "
               "minute, at most 100)."),
            u"X"_s};
}

int rehearse(const Invocation &invocation, const QString &benchFile, const QList<QueueItem> &items,
             bool goesOnAfterFailure)
{
    double speed = rehearsalSpeed(durationOf(items));
    if (invocation.isSet(u"speed"_s)) {
        bool isNumber = false;
        speed = invocation.value(u"speed"_s).toDouble(&isNumber);
        if (!isNumber || !(speed >= kLeastSpeed && speed <= kMostSpeed))
            return invocation.usage(tr("--speed takes a number from %1 to %2, not \"%3\".")
                                        .arg(kLeastSpeed)
                                        .arg(kMostSpeed)
                                        .arg(invocation.value(u"speed"_s)));
    }
    Problems problems;
    auto bench = StationBench::openRehearsal(benchFile, speed, &problems);
    if (!bench)
        return invocation.fail(problems);
    Rehearsal rehearsal(std::move(bench), speed);
    PromptAnswers answers(invocation.values(u"answer"_s),
                          [&invocation](const QString &line) { invocation.note(line); });
    answers.follow(rehearsal.engine()); // what it does not know pauses the scan, as by night
    Termination termination;
    QObject::connect(&termination, &Termination::requested, &rehearsal,
                     [&rehearsal](int) { rehearsal.stop(); });
    rehearsal.engine().setFailedScanPolicy(goesOnAfterFailure ? FailedScan::Continue
                                                              : FailedScan::Stop);
    for (const QueueItem &item : items)
        rehearsal.engine().add(item);
    invocation.note(tr("Rehearsing, %1 times as fast.").arg(speed, 0, 'g', 3));
    rehearsal.run();
    return report(invocation, rehearsal.scans(), speed);
}

} // namespace birch::cli
