#include "app/session/sentinel_watch.h"

#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/unit.h"

#include <csignal>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// A process that the kernel can not end at once runs none of its own code any more either.
constexpr std::chrono::seconds kKillPatience{5};
/// What does not answer by then is left to people, and to the next start.
constexpr std::chrono::minutes kDrivePatience{10};
constexpr std::chrono::seconds kTellPatience{10};
/// Connections are free moments after the death: the first tries come quickly.
constexpr SafeOptions kSafeOptions{.answerTimeout = std::chrono::seconds(2),
                                   .firstRetry = std::chrono::milliseconds(100),
                                   .lastRetry = std::chrono::seconds(1)};
} // namespace

SentinelWatch::SentinelWatch(FileHandle workstation, QStringList definitionFolders,
                             std::function<std::unique_ptr<NoticeSender>()> makeSender)
    : m_pipe(std::move(workstation))
    , m_folders(std::move(definitionFolders))
    , m_makeSender(std::move(makeSender))
{
    connect(&m_pipe, &MessagePipe::received, this, &SentinelWatch::take);
    connect(&m_pipe, &MessagePipe::closed, this, &SentinelWatch::pipeClosed);
    connect(&m_tick, &QTimer::timeout, this, &SentinelWatch::tick);
    m_tick.setTimerType(Qt::PreciseTimer);
}

void SentinelWatch::take(const QJsonObject &message)
{
    const QString kind = message[u"kind"_s].toString();
    if (m_phase == Phase::Waiting && kind == QStringView(kHandover))
        return takeHandover(message);
    if (m_phase != Phase::Watching)
        return;
    if (kind == QStringView(kBeat)) {
        m_hasBeat = true;
        m_pipe.send(message);
    } else if (kind == QStringView(kGuard)) {
        takeGuard(message);
    } else if (kind == QStringView(kGoodbye)) {
        if (m_record)
            (void)m_record->discard();
        finish(0);
    }
}

void SentinelWatch::takeHandover(const QJsonObject &message)
{
    auto handover = handoverFrom(message);
    if (!handover)
        return refuse(handover.error());
    m_handover = std::move(handover).value();
    if (Status made = makeBench(); !made)
        return refuse(made.error());
    auto workstation = ProcessHandle::open(m_handover.workstation);
    if (!workstation && workstation.error().code != ErrorCode::NotFound)
        return refuse(workstation.error());
    m_phase = Phase::Watching;
    if (workstation) {
        m_workstation = std::move(workstation).value();
        m_ended =
            std::make_unique<QSocketNotifier>(m_workstation->descriptor(), QSocketNotifier::Read);
        connect(m_ended.get(), &QSocketNotifier::activated, this, &SentinelWatch::workstationEnded);
    } else { // dead already; what it said before is still to be read
        QMetaObject::invokeMethod(this, &SentinelWatch::workstationEnded, Qt::QueuedConnection);
    }
    m_tick.start(std::chrono::ceil<std::chrono::milliseconds>(m_handover.beat));
}

Status SentinelWatch::makeBench()
{
    const BenchLoad load = loadBenchText(m_handover.benchText, m_handover.benchFile, m_folders);
    if (!load.bench)
        return Error{ErrorCode::BadInput,
                     load.problems.first().message + u": "_s + load.problems.first().remedy};
    for (const BenchEntry &entry : load.bench->entries) {
        if (entry.spec.definitionVersion != m_handover.definitions.value(entry.nickname))
            return Error{ErrorCode::Conflict,
                         tr("the definition of %1 has changed on the disk since Birch was started: "
                            "start Birch again")
                             .arg(entry.nickname)};
        const QString address = m_handover.addresses.value(entry.nickname, entry.address);
        Status added = m_bench.add(std::make_unique<InstrumentHost>(
            entry.nickname, entry.spec, [entry, address] { return makeInstrument(entry, address); },
            InstrumentHost::Placement::OwnThread));
        if (!added)
            return added;
    }
    return ok();
}

void SentinelWatch::takeGuard(const QJsonObject &message)
{
    auto run = guardFrom(message);
    if (!run)
        return refuse(run.error());
    m_run = std::move(run).value();
    SentinelGuard guard{m_handover.workstation,
                        ownIdentity(),
                        m_handover.database,
                        m_run.scan,
                        m_run.scanId,
                        m_run.instruments,
                        {}};
    for (const QString &nickname : std::as_const(m_run.instruments))
        guard.addresses.append(m_handover.addresses.value(nickname));
    Status written = ok();
    if (m_record) {
        written = m_record->guard(guard);
    } else {
        auto record = SentinelRecordWriter::create(m_handover.spoolDir, guard);
        if (record)
            m_record = std::move(record).value();
        else
            written = record.error();
    }
    if (!written) // it guards all the same
        qCWarning(lcApp).noquote() << "The sentinel's record:" << written.error().message;
}

void SentinelWatch::refuse(const Error &error)
{
    qCWarning(lcApp).noquote() << "The sentinel guards nothing:" << error.message;
    QJsonObject answer = plainMessage(kRefused);
    answer.insert(u"message"_s, error.message);
    m_pipe.send(answer);
    if (m_record)
        (void)m_record->discard();
    finish(1);
}

/// Counted by our own ticks, not by the clock: a machine that was asleep, or too busy for both of
/// us, makes nobody miss a beat.
void SentinelWatch::tick()
{
    m_pipe.receive();
    if (m_phase != Phase::Watching)
        return;
    m_missed = std::exchange(m_hasBeat, false) ? 0 : m_missed + 1;
    if (m_handover.missed > 0 && m_missed >= m_handover.missed)
        kill();
}

/// Nothing can be heard of it any more; whether it lives the ticks and its end tell.
void SentinelWatch::pipeClosed()
{
    if (m_phase == Phase::Waiting)
        finish(0);
}

void SentinelWatch::workstationEnded()
{
    if (m_ended)
        m_ended->setEnabled(false);
    m_pipe.receive(); // a goodbye may be its last word
    if (m_phase == Phase::Watching)
        drive(tr("Birch (process %1) has ended while its instruments were not safe")
                  .arg(m_handover.workstation.pid));
    else if (m_phase == Phase::Killing)
        drive(tr("Birch has been ended"));
}

void SentinelWatch::kill()
{
    m_phase = Phase::Killing;
    m_tick.stop();
    const double seconds = std::chrono::duration<double>(m_missed * m_handover.beat).count();
    note(u"error"_s, tr("Birch (process %1) has given no sign of life for %2 s: it is ended, so "
                        "that its instruments can be made safe")
                         .arg(QString::number(m_handover.workstation.pid), numberToText(seconds)));
    m_workstation->signal(SIGKILL);
    QTimer::singleShot(kKillPatience, this, [this] {
        if (m_phase == Phase::Killing)
            drive(tr("Birch was ended, but the system has not let go of it yet"));
    });
}

void SentinelWatch::drive(const QString &why)
{
    m_phase = Phase::Driving;
    m_tick.stop();
    if (m_run.instruments.isEmpty()) // it had not come to leasing any
        return finish(0);
    note(u"safe"_s,
         tr("%1: birch-sentinel makes %2 safe").arg(why, m_run.instruments.join(u", "_s)));
    m_sequence = std::make_unique<SafeSequence>(m_bench, m_clock, kSafeOptions);
    m_stop = std::make_unique<MotionStop>(m_bench, m_clock);
    connect(m_sequence.get(), &SafeSequence::step, this, &SentinelWatch::log);
    connect(m_stop.get(), &MotionStop::step, this, &SentinelWatch::log);
    connect(m_sequence.get(), &SafeSequence::finished, this, &SentinelWatch::checkDone);
    connect(m_sequence.get(), &SafeSequence::changed, this, &SentinelWatch::checkDone);
    connect(m_stop.get(), &MotionStop::done, this, &SentinelWatch::checkDone);
    m_stop->start(m_run.instruments);
    m_sequence->start(m_run.instruments);
    QTimer::singleShot(kDrivePatience, this, &SentinelWatch::leave);
    tellPeople(why);
}

/// On the sender's thread, beside the driving. What is not taken soon waits in the outbox.
void SentinelWatch::tellPeople(const QString &why)
{
    if (m_handover.people.isEmpty())
        return;
    Notice notice;
    notice.uid = newUid();
    notice.event = NoticeEvent::StationSilent;
    notice.timeUs = m_clock.wallNs() / 1000;
    notice.station = m_handover.station;
    notice.subject = tr("%1 is silent: Birch has ended or hangs").arg(m_handover.station);
    notice.body = tr("%1. The sentinel drives %2 to their safe values; whether all was read back "
                     "stands in the log of scan %3 after the next start of Birch, which can "
                     "continue it.")
                      .arg(why, m_run.instruments.join(u", "_s), m_run.scanId);
    notice.scan = m_run.scan;
    notice.scanId = m_run.scanId;
    m_sender = m_makeSender();
    m_sender->post(notice, m_handover.people);
}

void SentinelWatch::checkDone()
{
    if (m_phase != Phase::Driving || m_sequence->isRunning() || !m_stop->isDone() ||
        !m_sequence->report().isOver())
        return;
    if (m_record)
        (void)m_record->end();
    finish(m_sequence->report().isSafe() ? 0 : 1);
}

void SentinelWatch::leave()
{
    if (m_phase == Phase::Over)
        return;
    if (m_phase != Phase::Driving) {
        if (m_record && m_phase != Phase::Killing)
            (void)m_record->discard();
        return finish(1);
    }
    note(u"error"_s, tr("birch-sentinel leaves: what has not been read back at its safe value is "
                        "not known to be safe"));
    if (m_record)
        (void)m_record->end();
    finish(1);
}

void SentinelWatch::note(const QString &level, const QString &message)
{
    log({m_clock.wallNs(), level, message});
}

void SentinelWatch::log(const ScanLogEntry &entry)
{
    qCWarning(lcApp).noquote() << entry.message;
    const Status written = m_record ? m_record->log(entry) : ok();
    if (!written)
        qCWarning(lcApp).noquote() << "The sentinel's record:" << written.error().message;
}

void SentinelWatch::finish(int exitCode)
{
    if (m_phase == Phase::Over)
        return;
    m_phase = Phase::Over;
    m_tick.stop();
    if (m_sender)
        (void)m_sender->flush(kTellPatience);
    emit finished(exitCode);
}

} // namespace birch
