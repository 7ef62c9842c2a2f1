#pragma once

#include <QtGlobal>

#include <termios.h>

namespace birch {

enum class ControlLine { Dtr, Rts };
enum class SerialQueue { Unsent, Both };

/// The system calls that a serial port takes, one function each, so that a test can see which are
/// made in which order: a pseudo-terminal has no control lines and can not be unplugged. A negative
/// result is -errno. None of them blocks but wait().
class SerialCalls
{
public:
    virtual ~SerialCalls() = default;

    /// For reading and writing, without waiting for a carrier; the port does not become the
    /// terminal that controls this process.
    virtual int open(const char *path) = 0;
    virtual int close(int fd) = 0;
    /// No other program that asks (flock) gets it; ends with the descriptor.
    virtual int lock(int fd) = 0;
    /// No other program but root's can open it (TIOCEXCL, TIOCNXCL).
    virtual int setExclusive(int fd, bool isExclusive) = 0;
    virtual int attributes(int fd, termios *attributes) = 0;
    virtual int setAttributes(int fd, const termios &attributes) = 0;
    /// A rate that termios has no name for.
    virtual int setBaud(int fd, unsigned baud) = 0;
    virtual int setLine(int fd, ControlLine line, bool isOn) = 0;
    virtual int discard(int fd, SerialQueue queue) = 0;
    /// Bytes that have not left yet.
    virtual int unsent(int fd) = 0;
    /// What poll(2) tells of \a events, and of loss; 0: nothing within \a milliseconds.
    virtual int wait(int fd, short events, int milliseconds) = 0;
    virtual qint64 read(int fd, char *into, qint64 size) = 0;
    virtual qint64 write(int fd, const char *from, qint64 size) = 0;
};

/// Those of the system. Without state.
SerialCalls &systemSerialCalls();

/// TCSETS2, whose header does not go together with termios.h. -errno, or 0.
int setAnyBaud(int fd, unsigned baud);

} // namespace birch
