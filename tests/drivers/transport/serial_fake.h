#pragma once

#include "drivers/transport/serial_calls.h"

#include <QByteArray>
#include <QHash>
#include <QStringList>

#include <cerrno>
#include <cstring>
#include <poll.h>

namespace birch::test {

/// A serial port that has control lines and notes what is asked of it. DTR follows what the kernel
/// does: up on the first open, down on a close with HUPCL or at rate 0.
class FakeSerialPort final : public SerialCalls
{
public:
    FakeSerialPort()
    {
        before.c_cflag = CS8 | CREAD | HUPCL;
        before.c_lflag = ECHO | ICANON;
        ::cfsetspeed(&before, B9600);
    }

    // What it shall do.
    termios before{};             ///< as somebody left it
    QHash<QString, int> failures; ///< by call: its result, a negative errno
    int toLeave = 0;              ///< polls of unsent() until everything has left; -1: never
    QByteArray arrived;
    bool isUnplugged = false;

    // What came of it.
    QStringList calls;
    QByteArray sent;
    bool isDtrUp = false;
    bool isRtsUp = false;
    int dtrFalls = 0;
    unsigned anyBaud = 0;

    int open(const char *) override
    {
        const int result = noted(QStringLiteral("open"));
        if (result >= 0)
            raise();
        return result < 0 ? result : 7;
    }
    int close(int) override
    {
        if (before.c_cflag & HUPCL)
            lowerDtr();
        return noted(QStringLiteral("close"));
    }
    int lock(int) override { return noted(QStringLiteral("lock")); }
    int setExclusive(int, bool isExclusive) override
    {
        return noted(isExclusive ? QStringLiteral("exclusive") : QStringLiteral("shared"));
    }
    int attributes(int, termios *attributes) override
    {
        *attributes = before;
        return noted(QStringLiteral("get"));
    }
    int setAttributes(int, const termios &attributes) override
    {
        const int result = noted(QStringLiteral("set"));
        if (result < 0)
            return result;
        before = attributes;
        if (::cfgetospeed(&attributes) == B0)
            lowerDtr();
        return 0;
    }
    int setBaud(int, unsigned baud) override
    {
        anyBaud = baud;
        return noted(QStringLiteral("baud %1").arg(baud));
    }
    int setLine(int, ControlLine line, bool isOn) override
    {
        const bool isDtr = line == ControlLine::Dtr;
        const int result = noted(QString(isDtr ? QStringLiteral("dtr") : QStringLiteral("rts")) +
                                 (isOn ? QStringLiteral(" on") : QStringLiteral(" off")));
        if (result < 0)
            return result;
        if (isDtr && !isOn)
            lowerDtr();
        (isDtr ? isDtrUp : isRtsUp) = isOn;
        return 0;
    }
    int discard(int, SerialQueue queue) override
    {
        return noted(queue == SerialQueue::Both ? QStringLiteral("discard")
                                                : QStringLiteral("discard unsent"));
    }
    int unsent(int) override
    {
        if (toLeave > 0)
            --toLeave;
        return toLeave == 0 ? 0 : 1;
    }
    int wait(int, short events, int) override
    {
        if (isUnplugged)
            return POLLHUP | POLLERR;
        return (events & POLLOUT) | (arrived.isEmpty() ? 0 : events & POLLIN);
    }
    qint64 read(int, char *into, qint64 size) override
    {
        if (const int failure = failures.value(QStringLiteral("read")); failure < 0)
            return failure;
        if (isUnplugged)
            return 0;
        if (arrived.isEmpty())
            return -EAGAIN;
        const qint64 count = std::min<qint64>(size, arrived.size());
        std::memcpy(into, arrived.constData(), size_t(count));
        arrived.remove(0, count);
        return count;
    }
    qint64 write(int, const char *from, qint64 size) override
    {
        if (const int failure = failures.value(QStringLiteral("write")); failure < 0)
            return failure;
        if (isUnplugged)
            return -EIO;
        sent.append(from, size);
        return size;
    }

private:
    int noted(const QString &call)
    {
        calls << call;
        return failures.value(call.section(u' ', 0, 0));
    }
    void raise() { isDtrUp = isRtsUp = true; }
    void lowerDtr()
    {
        dtrFalls += isDtrUp ? 1 : 0;
        isDtrUp = false;
    }
};

} // namespace birch::test
