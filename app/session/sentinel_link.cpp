#include "app/session/sentinel_link.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// A sentinel that has not answered for so long, and for some beats, hangs.
constexpr std::chrono::seconds kAnswerTime{5};
constexpr int kMostUnanswered = 5;
constexpr int kTriesAtOnce = 3;
constexpr int kLaterMs = 30'000;

/// Its end has been seen: no zombie is left.
void reap(const ProcessHandle &process)
{
    siginfo_t ending{};
    (void)::waitid(P_PIDFD, id_t(process.descriptor()), &ending, WEXITED | WNOHANG);
}

/// In a session of its own, so that neither the terminal's signals nor its end reach it, with \a
/// input as its standard input. Its pid. Errors: NotFound, Io.
Result<qint64> startApart(const QString &program, int input)
{
    QByteArray path = QFile::encodeName(program);
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
    // A terminal that goes away, or a pipe that waits for its last writer, is none of its business.
    for (const int output : {STDOUT_FILENO, STDERR_FILENO})
        ::posix_spawn_file_actions_addopen(&files, output, "/dev/null", O_WRONLY, 0);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char *arguments[] = {path.data(), nullptr};
    pid_t pid = 0;
    const int failure =
        ::posix_spawn(&pid, path.constData(), &files, &attributes, arguments, environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (failure != 0)
        return fileError(program, failure);
    return qint64(pid);
}
} // namespace

SentinelLink::SentinelLink(Handover handover, SafePort::Log log)
    : m_makeHandover(std::move(handover))
    , m_handover(handoverNow())
    , m_log(std::move(log))
{
    m_beat.setTimerType(Qt::PreciseTimer);
    m_beat.setInterval(std::chrono::ceil<std::chrono::milliseconds>(m_handover.beat));
    connect(&m_beat, &QTimer::timeout, this, &SentinelLink::beat);
}

SentinelLink::~SentinelLink() = default;

SentinelHandover SentinelLink::handoverNow() const
{
    SentinelHandover handover = m_makeHandover();
    handover.workstation = ownIdentity();
    return handover;
}

void SentinelLink::guard(const GuardedRun &run)
{
    m_run = run;
    if (m_child && handoverNow().benchText == m_handover.benchText)
        return m_child->pipe.send(guardMessage(run));
    if (m_child)
        return launchInPlace();
    m_failures = 0;
    m_wasRefused = false;
    relaunch();
}

void SentinelLink::release()
{
    m_run.reset();
    m_beat.stop();
    if (!m_child)
        return;
    m_child->pipe.send(plainMessage(kGoodbye));
    letGo();
}

void SentinelLink::letGo()
{
    m_child->pipe.disconnect(this);
    m_leaving.push_back(std::move(m_child));
}

/// The bench was changed since the child was started. The next one guards before it leaves.
void SentinelLink::launchInPlace()
{
    std::unique_ptr<Child> old = std::move(m_child);
    relaunch();
    if (!m_child) { // rather one with the bench of before than none
        m_child = std::move(old);
        return m_child->pipe.send(guardMessage(*m_run));
    }
    old->pipe.send(plainMessage(kGoodbye));
    old->pipe.disconnect(this);
    m_leaving.push_back(std::move(old));
}

Status SentinelLink::launch()
{
    m_handover = handoverNow();
    const QString program = QCoreApplication::applicationDirPath() + u"/birch-sentinel"_s;
    auto ends = MessagePipe::make();
    if (!ends)
        return ends.error();
    const auto pid = startApart(program, ends.value().theirs.get());
    if (!pid)
        return pid.error();
    auto process = ProcessHandle::openChild(pid.value());
    if (!process)
        return process.error();
    m_child = std::make_unique<Child>(std::move(process).value(),
                                      std::move(std::move(ends).value().ours));
    connect(&m_child->pipe, &MessagePipe::received, this, &SentinelLink::take);
    connect(&m_child->ended, &QSocketNotifier::activated, this, &SentinelLink::childEnded,
            Qt::QueuedConnection);
    m_sinceAnswer.start();
    m_child->pipe.send(handoverMessage(m_handover));
    m_child->pipe.send(guardMessage(*m_run));
    m_beat.start();
    return ok();
}

void SentinelLink::relaunch()
{
    if (!m_run || m_child || m_wasRefused)
        return;
    const Status launched = launch();
    if (launched)
        return;
    m_log(u"error"_s, tr("No sentinel guards this scan (%1): should Birch die, make the bench safe "
                         "by hand or with birchctl safe")
                          .arg(launched.error().message));
}

void SentinelLink::beat()
{
    if (!m_child)
        return;
    const Nanoseconds patience =
        std::max<Nanoseconds>(kAnswerTime, kMostUnanswered * m_handover.beat);
    if (Nanoseconds(m_sinceAnswer.nsecsElapsed()) > patience)
        return replace(tr("birch-sentinel does not answer"));
    m_child->pipe.send(plainMessage(kBeat));
}

void SentinelLink::take(const QJsonObject &message)
{
    const QString kind = message[u"kind"_s].toString();
    if (kind == QStringView(kBeat)) {
        m_sinceAnswer.start();
        m_failures = 0;
    } else if (kind == QStringView(kRefused)) {
        m_wasRefused = true;
        m_log(u"error"_s, tr("No sentinel guards this scan (%1): should Birch die, make the bench "
                             "safe by hand or with birchctl safe")
                              .arg(message[u"message"_s].toString()));
    }
}

void SentinelLink::childEnded()
{
    std::erase_if(m_leaving, [](const std::unique_ptr<Child> &child) {
        if (!child->process.hasEnded())
            return false;
        reap(child->process);
        return true;
    });
    if (m_child && m_child->process.hasEnded())
        replace(tr("birch-sentinel has ended unexpectedly"));
}

void SentinelLink::replace(const QString &why)
{
    m_beat.stop();
    m_child->process.signal(SIGKILL); // never two: a hung one must not wake up and drive
    letGo();
    if (m_wasRefused || !m_run)
        return;
    m_log(u"warning"_s, tr("%1: another one is started").arg(why));
    if (++m_failures <= kTriesAtOnce)
        return relaunch();
    m_log(u"error"_s, tr("birch-sentinel does not stay alive, so nobody guards this scan for now: "
                         "look into Birch's log file"));
    m_failures = 0;
    QTimer::singleShot(kLaterMs, this, &SentinelLink::relaunch);
}

} // namespace birch
