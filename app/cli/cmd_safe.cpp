#include "app/cli/commands.h"
#include "app/cli/station_setup.h"
#include "app/session/termination.h"
#include "core/engine/motion_stop.h"
#include "core/engine/safe_sequence.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonArray>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

constexpr double kRetrySeconds = 10;
constexpr std::chrono::milliseconds kHaltTime{3000}; ///< a first answer, also with --retry 0

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QString outcomeName(SafeOutcome outcome)
{
    switch (outcome) {
    case SafeOutcome::Done:
        return u"done"_s;
    case SafeOutcome::Failed:
        return u"failed"_s;
    case SafeOutcome::Dismissed:
        return u"dismissed"_s;
    case SafeOutcome::Waiting:
    case SafeOutcome::Driving:
    case SafeOutcome::Pending:
        break;
    }
    return u"pending"_s;
}

QJsonObject targetJson(const SafeTarget &target)
{
    return {{u"name"_s, target.name},
            {u"instrument"_s, target.instrument},
            {u"unit"_s, target.unit},
            {u"target"_s, QJsonValue::fromVariant(target.target)},
            {u"readback"_s, QJsonValue::fromVariant(target.readback)},
            {u"order"_s, target.order},
            {u"outcome"_s, outcomeName(target.outcome)},
            {u"message"_s, target.message}};
}

struct Driven {
    SafeReport report;
    bool isHalted = false; ///< what has no safe value stands still

    bool isSafe() const { return report.isSafe() && isHalted; }
};

/// Drives, and goes on trying what is missing for \a retryFor, or until a signal.
Driven drive(const Invocation &invocation, Bench &bench, const QStringList &nicknames,
             std::chrono::milliseconds retryFor)
{
    SystemClock clock;
    SafeSequence sequence(bench, clock);
    MotionStop stop(bench, clock);
    QEventLoop loop;
    QTimer patience;
    patience.setSingleShot(true);
    Termination termination;
    QObject::connect(&termination, &Termination::requested, &loop, &QEventLoop::quit);
    QObject::connect(&patience, &QTimer::timeout, &loop, &QEventLoop::quit);
    const auto tell = [&invocation](const ScanLogEntry &entry) {
        invocation.isJson ? invocation.note(entry.message) : invocation.print(entry.message);
    };
    QObject::connect(&sequence, &SafeSequence::step, &loop, tell);
    QObject::connect(&stop, &MotionStop::step, &loop, tell);
    const auto leaveWhenOver = [&] {
        if (sequence.report().isOver() && !sequence.isRunning() && stop.isDone())
            loop.quit();
    };
    QObject::connect(&stop, &MotionStop::done, &loop, leaveWhenOver);
    QObject::connect(&sequence, &SafeSequence::changed, &loop, leaveWhenOver);
    QObject::connect(&sequence, &SafeSequence::finished, &loop, [&](const SafeReport &report) {
        const auto wait = stop.isDone() ? retryFor : std::max(retryFor, kHaltTime);
        if ((report.isOver() && stop.isDone()) || wait.count() <= 0)
            loop.quit();
        else
            patience.start(wait);
    });
    stop.start(nicknames);
    sequence.start(nicknames);
    loop.exec();
    return {sequence.report(), stop.isDone()};
}

void printReport(const Invocation &invocation, const Driven &driven)
{
    const SafeReport &report = driven.report;
    QJsonArray movements;
    for (const SafeTarget &target : report.targets) {
        movements.append(targetJson(target));
        if (target.outcome != SafeOutcome::Done)
            invocation.note(tr("%1 is not known to be safe: %2").arg(target.name, target.message));
    }
    if (invocation.isJson)
        invocation.printJson({{u"safe"_s, driven.isSafe()}, {u"movements"_s, movements}});
    else if (driven.isSafe())
        invocation.print(
            tr("Safe: %1 value(s) read back as they are declared.").arg(report.targets.size()));
}

int safe(const Invocation &invocation)
{
    bool isNumber = true;
    const double seconds = invocation.isSet(u"retry"_s)
                               ? invocation.value(u"retry"_s).toDouble(&isNumber)
                               : kRetrySeconds;
    if (!isNumber || !(seconds >= 0 && seconds <= 1e6))
        return invocation.usage(
            tr("--retry takes seconds, not \"%1\".").arg(invocation.value(u"retry"_s)));
    const Station station(invocation);
    Problems problems;
    const std::unique_ptr<StationBench> bench = StationBench::open(station.benchFile(), &problems);
    if (!bench)
        return invocation.fail(problems);
    for (const QString &nickname : invocation.arguments()) {
        if (!bench->bench().find(nickname))
            return invocation.usage(tr("The bench has no instrument \"%1\".").arg(nickname));
    }
    const auto retryFor = std::chrono::milliseconds(qint64(seconds * 1000));
    const Driven driven = drive(invocation, bench->bench(), invocation.arguments(), retryFor);
    printReport(invocation, driven);
    return driven.isSafe() ? kDone : kRanAndFailed;
}

} // namespace

Command safeCommand()
{
    return {
        .name = u"safe"_s,
        .summary = tr("Drive the bench to its safe values and read back, from outside."),
        .synopsis = u"[NICKNAME…]"_s,
        .help = tr("Needs no database and no running program, and works beside a scan that "
                   "hangs. An instrument that does not answer holds up no other and is tried "
                   "again for a while. Exit code 1 when something could not be proven safe."),
        .options = {{u"retry"_s, tr("How long to go on trying what does not answer (default: 10)."),
                     u"SECONDS"_s}},
        .run = safe};
}

} // namespace birch::cli
