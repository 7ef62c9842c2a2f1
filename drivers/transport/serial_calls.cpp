#include "drivers/transport/serial_calls.h"

#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace birch {

namespace {

template<typename T>
T orError(T result)
{
    return result < 0 ? T(-errno) : result;
}

class SystemSerialCalls final : public SerialCalls
{
public:
    int open(const char *path) override
    {
        return orError(::open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    }
    int close(int fd) override { return orError(::close(fd)); }
    int lock(int fd) override { return orError(::flock(fd, LOCK_EX | LOCK_NB)); }
    int setExclusive(int fd, bool isExclusive) override
    {
        return orError(::ioctl(fd, isExclusive ? TIOCEXCL : TIOCNXCL));
    }
    int attributes(int fd, termios *attributes) override
    {
        return orError(::tcgetattr(fd, attributes));
    }
    int setAttributes(int fd, const termios &attributes) override
    {
        return orError(::tcsetattr(fd, TCSANOW, &attributes));
    }
    int setBaud(int fd, unsigned baud) override { return setAnyBaud(fd, baud); }
    int setLine(int fd, ControlLine line, bool isOn) override
    {
        const int bit = line == ControlLine::Dtr ? TIOCM_DTR : TIOCM_RTS;
        return orError(::ioctl(fd, isOn ? TIOCMBIS : TIOCMBIC, &bit));
    }
    int discard(int fd, SerialQueue queue) override
    {
        return orError(::tcflush(fd, queue == SerialQueue::Both ? TCIOFLUSH : TCOFLUSH));
    }
    int unsent(int fd) override
    {
        int count = 0;
        const int result = ::ioctl(fd, TIOCOUTQ, &count);
        return result < 0 ? -errno : count;
    }
    int wait(int fd, short events, int milliseconds) override
    {
        pollfd poll{fd, events, 0};
        const int count = ::poll(&poll, 1, milliseconds);
        if (count < 0)
            return errno == EINTR ? 0 : -errno;
        return count == 0 ? 0 : poll.revents;
    }
    qint64 read(int fd, char *into, qint64 size) override
    {
        return orError(qint64(::read(fd, into, size_t(size))));
    }
    qint64 write(int fd, const char *from, qint64 size) override
    {
        return orError(qint64(::write(fd, from, size_t(size))));
    }
};

} // namespace

SerialCalls &systemSerialCalls()
{
    static SystemSerialCalls calls;
    return calls;
}

} // namespace birch
