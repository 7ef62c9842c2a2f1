#include "app/session/process_handle.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <csignal>
#include <poll.h>
extern "C" { // glibc 2.36's header forgets to say so
#include <sys/pidfd.h>
}
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kStartField = 22; ///< of /proc/PID/stat, counted from 1
constexpr int kStateField = 3;

struct ProcessStat {
    char state = 0;
    qint64 start = 0;
};

/// The name of the program, in brackets, may hold anything: fields are counted from its end.
std::optional<ProcessStat> readStat(qint64 pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray text = file.readAll();
    const QByteArrayList fields = text.sliced(text.lastIndexOf(')') + 1).simplified().split(' ');
    if (fields.size() <= kStartField - kStateField)
        return {};
    return ProcessStat{fields[0].isEmpty() ? char(0) : fields[0][0],
                       fields[kStartField - kStateField].toLongLong()};
}

Error gone(qint64 pid)
{
    return {ErrorCode::NotFound,
            QCoreApplication::translate("ProcessHandle", "Process %1 has ended").arg(pid)};
}

} // namespace

ProcessIdentity ownIdentity()
{
    const auto stat = readStat(::getpid());
    return {::getpid(), stat ? stat->start : 0};
}

Result<ProcessHandle> ProcessHandle::open(const ProcessIdentity &process)
{
    if (process.pid <= 0)
        return gone(process.pid);
    const int file = ::pidfd_open(pid_t(process.pid), 0);
    if (file < 0)
        return errno == ESRCH ? gone(process.pid)
                              : fileError(u"/proc/%1"_s.arg(process.pid), errno);
    ProcessHandle handle(process, FileHandle(file));
    // Read after it was opened: what has this start now is what the descriptor stands for.
    const auto stat = readStat(process.pid);
    if (!stat || stat->start != process.start || handle.hasEnded())
        return gone(process.pid);
    return handle;
}

Result<ProcessHandle> ProcessHandle::openChild(qint64 pid)
{
    const int file = ::pidfd_open(pid_t(pid), 0);
    if (file < 0)
        return fileError(u"/proc/%1"_s.arg(pid), errno);
    const auto stat = readStat(pid);
    return ProcessHandle({pid, stat ? stat->start : 0}, FileHandle(file));
}

bool ProcessHandle::hasEnded() const
{
    return waitForEnd(std::chrono::milliseconds(0));
}

void ProcessHandle::signal(int number) const
{
    (void)::pidfd_send_signal(m_file.get(), number, nullptr, 0);
}

bool ProcessHandle::waitForEnd(std::chrono::milliseconds limit) const
{
    pollfd ended{m_file.get(), POLLIN, 0};
    return ::poll(&ended, 1, int(limit.count())) == 1;
}

} // namespace birch
