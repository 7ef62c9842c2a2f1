#include "drivers/simulator/endpoint.h"
#include "drivers/simulator/faulty_writer.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace birch {

namespace {
class PtyEndpoint final : public Endpoint
{
public:
    PtyEndpoint(MessageBuffer buffer, Handler handler)
        : m_handler(std::move(handler))
        , m_buffer(std::move(buffer))
        , m_writer([this](const QByteArray &bytes, bool) { enqueue(bytes); },
                   [this](bool isReset) {
                       if (!isReset) // a line stays while what is at its end is switched off
                           hangUp();
                   })
    {
    }
    ~PtyEndpoint() override { hangUp(); }

    bool open()
    {
        char name[128] = {};
        termios settings{};
        ::cfmakeraw(&settings);
        settings.c_cflag |= CREAD | CLOCAL | CS8;
        ::cfsetspeed(&settings, B115200);
        // Our own end of the slave stays open: without it the master reports an error whenever no
        // client has the port open.
        if (::openpty(&m_master, &m_slave, name, &settings, nullptr) != 0)
            return false;
        ::fcntl(m_master, F_SETFL, ::fcntl(m_master, F_GETFL) | O_NONBLOCK);
        ::fcntl(m_master, F_SETFD, FD_CLOEXEC);
        ::fcntl(m_slave, F_SETFD, FD_CLOEXEC);
        m_path = QString::fromLocal8Bit(name);
        m_readable = std::make_unique<QSocketNotifier>(m_master, QSocketNotifier::Read);
        m_writable = std::make_unique<QSocketNotifier>(m_master, QSocketNotifier::Write);
        m_writable->setEnabled(false);
        connect(m_readable.get(), &QSocketNotifier::activated, this, [this] { receive(); });
        connect(m_writable.get(), &QSocketNotifier::activated, this, [this] { flush(); });
        return true;
    }
    QString address() const override { return QStringLiteral("ASRL%1::INSTR").arg(m_path); }

private:
    void receive()
    {
        char bytes[4096];
        const ssize_t count = ::read(m_master, bytes, sizeof bytes);
        if (count <= 0) {
            if (count < 0 && (errno == EAGAIN || errno == EINTR))
                return;
            return hangUp(); // not again and again
        }
        // A client that is killed leaves the terminal in its exclusive use, which a real port
        // forgets when it is closed: ours keeps the terminal open, so nobody else could come in any
        // more.
        ::ioctl(m_slave, TIOCNXCL);
        for (const QByteArray &message : m_buffer.add(QByteArray(bytes, qsizetype(count))))
            m_handler(message, m_writer);
    }

    void enqueue(const QByteArray &bytes)
    {
        m_pending += bytes;
        flush();
    }

    void flush()
    {
        while (m_master >= 0 && !m_pending.isEmpty()) {
            const ssize_t count =
                ::write(m_master, m_pending.constData(), size_t(m_pending.size()));
            if (count < 0)
                break; // the terminal is full (or gone): on when it can take more
            m_pending.remove(0, qsizetype(count));
        }
        if (m_writable)
            m_writable->setEnabled(!m_pending.isEmpty());
    }

    void hangUp()
    {
        // Deleted later: this may run inside the notifier's own signal.
        for (auto *notifier : {&m_readable, &m_writable}) {
            if (*notifier) {
                (*notifier)->setEnabled(false);
                notifier->release()->deleteLater();
            }
        }
        for (int *end : {&m_master, &m_slave}) {
            if (*end >= 0)
                ::close(*end);
            *end = -1;
        }
    }

    Handler m_handler;
    MessageBuffer m_buffer;
    QByteArray m_pending;
    QString m_path;
    int m_master = -1;
    int m_slave = -1;
    std::unique_ptr<QSocketNotifier> m_readable;
    std::unique_ptr<QSocketNotifier> m_writable;
    FaultyWriter m_writer;
};
} // namespace

Result<std::unique_ptr<Endpoint>> Endpoint::pseudoTerminal(const QByteArray &terminator,
                                                           Handler handler, Framing framing)
{
    auto endpoint =
        std::make_unique<PtyEndpoint>(MessageBuffer(terminator, framing), std::move(handler));
    if (endpoint->open())
        return std::unique_ptr<Endpoint>(std::move(endpoint));
    return Error{ErrorCode::NotConnected,
                 QCoreApplication::translate(
                     "birch::Endpoint",
                     "The simulator gets no pseudo-terminal (%1): close programs that hold many")
                     .arg(QString::fromLocal8Bit(std::strerror(errno)))};
}

} // namespace birch
