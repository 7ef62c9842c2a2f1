#include "tests/support/scripted_server.h"

#include "tests/support/message_front.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

namespace birch::test {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kForever = Clock::time_point::max();

struct Over {
};           // unwinds a script: the client or the server goes
struct Cut { // unwinds a script: the connection is closed
    bool isReset;
};

void check(bool isGood, const char *what)
{
    if (!isGood)
        throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

void signal(int event)
{
    const uint64_t one = 1;
    check(::write(event, &one, sizeof one) == sizeof one, "eventfd");
}

bool isSignalled(int event, int milliseconds)
{
    pollfd poll{event, POLLIN, 0};
    return ::poll(&poll, 1, milliseconds) == 1;
}

std::string printable(std::string_view bytes)
{
    std::string text;
    for (const char c : bytes.substr(0, 80)) {
        char hex[8];
        std::snprintf(hex, sizeof hex, "\\x%02x",
                      static_cast<unsigned>(static_cast<unsigned char>(c)));
        text += c >= ' ' && c < 0x7f ? std::string(1, c) : std::string(hex);
    }
    return text;
}

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

} // namespace

int listenOnLoopback(int backlog, int *port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(fd >= 0, "socket");
    sockaddr_in address = loopback(0);
    check(::bind(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0, "bind");
    check(::listen(fd, backlog) == 0, "listen");
    socklen_t size = sizeof address;
    check(::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &size) == 0, "getsockname");
    *port = ntohs(address.sin_port);
    return fd;
}

Gate::Gate()
    : m_event(::eventfd(0, EFD_CLOEXEC))
{
}
Gate::~Gate()
{
    ::close(m_event);
}
void Gate::open()
{
    signal(m_event);
}
bool Gate::isOpen() const
{
    return isSignalled(m_event, 0);
}
bool Gate::wait(std::chrono::milliseconds timeout) const
{
    return isSignalled(m_event, static_cast<int>(timeout.count()));
}

Peer::Peer(ScriptedServer &server, int fd, int connection)
    : m_server(server)
    , m_fd(fd)
    , m_connection(connection)
{
}

/// Returns when the connection has one of \a events, \a extraFd is readable, or \a end is reached.
void Peer::waitUntil(short events, Clock::time_point end, int extraFd)
{
    for (;;) {
        int wait = -1;
        if (end != kForever) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
            wait = static_cast<int>(std::max<long long>(0, left.count()));
        }
        // A socket client that has left is noticed even while nothing is read.
        const short watched = static_cast<short>(events == 0 ? POLLRDHUP : events);
        pollfd polls[] = {{m_server.m_stop, POLLIN, 0}, {m_fd, watched, 0}, {extraFd, POLLIN, 0}};
        const int count = ::poll(polls, 3, wait);
        if (polls[0].revents)
            throw Over();
        if (polls[1].revents) {
            if (!(polls[1].revents & events))
                throw Over();
            return;
        }
        if (count == 0 || polls[2].revents)
            return;
    }
}

std::string Peer::read(size_t most)
{
    if (!m_ahead.empty()) {
        std::string part = m_ahead.substr(0, most);
        m_ahead.erase(0, part.size());
        return part;
    }
    for (;;) {
        waitUntil(POLLIN, kForever);
        std::string part(most, '\0');
        const ssize_t count = ::read(m_fd, part.data(), part.size());
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (count <= 0)
            throw Over();
        part.resize(static_cast<size_t>(count));
        m_server.note(part);
        return part;
    }
}

void Peer::expect(std::string_view bytes)
{
    std::string got;
    while (got.size() < bytes.size()) {
        got += read(bytes.size() - got.size());
        if (got != bytes.substr(0, got.size())) {
            m_server.fail("expected \"" + printable(bytes) + "\", got \"" + printable(got) + "\"");
            cut();
        }
    }
}

void Peer::expectEnd()
{
    m_server.fail("after the end of the dialogue came \"" + printable(read(4096)) + "\"");
    cut();
}

std::string Peer::readLine(std::string_view terminator)
{
    std::string line;
    for (;;) {
        line += read(4096);
        const size_t end = line.find(terminator);
        if (end == std::string::npos)
            continue;
        m_ahead.insert(0, line.substr(end + terminator.size()));
        line.resize(end);
        return line;
    }
}

void Peer::write(std::string_view bytes)
{
    writeRaw(carriesMessages(m_server.m_wire) ? frame(FrameKind::End, bytes) : std::string(bytes));
}

void Peer::writePart(std::string_view bytes)
{
    writeRaw(carriesMessages(m_server.m_wire) ? frame(FrameKind::Part, bytes) : std::string(bytes));
}

void Peer::writeRaw(std::string_view bytes)
{
    while (!bytes.empty()) {
        waitUntil(POLLOUT, kForever);
        const ssize_t count = m_server.m_wire == Wire::Pty
                                  ? ::write(m_fd, bytes.data(), bytes.size())
                                  : ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (count <= 0)
            throw Over();
        bytes.remove_prefix(static_cast<size_t>(count));
    }
}

void Peer::write(std::string_view bytes, size_t piece, std::chrono::microseconds gap)
{
    for (size_t at = 0; at < bytes.size(); at += piece) {
        if (at > 0 && gap.count() > 0)
            waitUntil(0, Clock::now() + gap);
        const bool isLast = at + piece >= bytes.size();
        isLast ? write(bytes.substr(at)) : writePart(bytes.substr(at, piece));
    }
}

void Peer::pause(std::chrono::milliseconds duration)
{
    waitUntil(0, Clock::now() + duration);
}

void Peer::waitFor(const Gate &gate)
{
    while (!gate.isOpen())
        waitUntil(0, kForever, gate.m_event);
}

void Peer::cut()
{
    throw Cut{false};
}
void Peer::reset()
{
    throw Cut{true};
}

void Peer::hang()
{
    for (;;)
        waitUntil(0, kForever);
}

void Peer::swallow()
{
    for (;;)
        (void)read(65536);
}

ScriptedServer::ScriptedServer(Wire wire, Script script)
    : m_wire(wire)
    , m_script(std::move(script))
    , m_stop(::eventfd(0, EFD_CLOEXEC))
{
    if (carriesMessages(wire)) {
        m_front = wire == Wire::Vxi11 ? makeVxi11Front() : makeHislipFront();
        m_port = m_front->port();
    } else if (wire == Wire::Socket) {
        m_listener = listenOnLoopback(8, &m_port);
    } else {
        char folder[] = "/tmp/birch-pty-XXXXXX";
        check(::mkdtemp(folder) != nullptr, "mkdtemp");
        m_folder = folder;
        m_path = m_folder + "/port";
        openPty();
    }
    m_thread = std::thread([this] { run(); });
}

ScriptedServer::~ScriptedServer()
{
    signal(m_stop);
    m_thread.join();
    if (m_wire == Wire::Pty) {
        closePty();
        ::unlink(m_path.c_str());
        ::rmdir(m_folder.c_str());
    } else if (m_wire == Wire::Socket) {
        ::close(m_listener);
    }
    ::close(m_stop);
}

void ScriptedServer::openPty()
{
    char name[128];
    check(::openpty(&m_master, &m_slave, name, nullptr, nullptr) == 0, "openpty");
    termios raw{};
    ::tcgetattr(m_slave, &raw);
    ::cfmakeraw(&raw); // no echo before the client has set up its end
    ::tcsetattr(m_slave, TCSANOW, &raw);
    ::fcntl(m_master, F_SETFL, O_NONBLOCK);
    ::fcntl(m_master, F_SETFD, FD_CLOEXEC);
    ::fcntl(m_slave, F_SETFD, FD_CLOEXEC);
    const std::string fresh = m_path + ".new";
    check(::symlink(name, fresh.c_str()) == 0, "symlink");
    check(::rename(fresh.c_str(), m_path.c_str()) == 0, "rename");
}

void ScriptedServer::closePty()
{
    if (m_master < 0)
        return;
    ::close(m_slave);
    ::close(m_master);
    m_master = m_slave = -1;
}

std::string ScriptedServer::resource() const
{
    if (m_front)
        return m_front->resource();
    return m_wire == Wire::Socket ? "TCPIP0::127.0.0.1::" + std::to_string(m_port) + "::SOCKET"
                                  : "ASRL" + m_path + "::INSTR";
}

bool ScriptedServer::waitForClient(int fd) const
{
    pollfd polls[] = {{m_stop, POLLIN, 0}, {fd, POLLIN, 0}};
    while (::poll(polls, 2, -1) < 0 && errno == EINTR) {
    }
    return polls[0].revents == 0;
}

void ScriptedServer::run()
{
    while (m_front) {
        const int fd = m_front->nextSession(m_stop);
        if (fd < 0)
            return;
        runScript(fd);
        ::close(fd);
    }
    while (waitForClient(m_wire == Wire::Socket ? m_listener : m_master)) {
        if (m_wire == Wire::Pty) {
            runScript(m_master);
            continue;
        }
        const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            continue;
        const int one = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        runScript(fd);
        ::close(fd);
    }
}

void ScriptedServer::runScript(int fd)
{
    Peer peer(*this, fd, ++m_connections);
    bool isCut = false;
    try {
        m_script(peer);
        peer.swallow();
    } catch (const Over &) {
    } catch (const Cut &cut) {
        isCut = true;
        if (cut.isReset && m_front) {
            const std::string reset = frame(FrameKind::Reset, {});
            (void)::send(fd, reset.data(), reset.size(), MSG_NOSIGNAL);
        }
        if (cut.isReset && m_wire == Wire::Socket) {
            const linger now{1, 0};
            ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        }
    }
    if (isCut && m_wire == Wire::Pty) {
        // The path must never lead nowhere: a client that notices the hang-up opens it at once.
        const int slave = m_slave;
        const int master = m_master;
        openPty();
        ::close(slave);
        ::close(master);
    }
}

void ScriptedServer::fail(std::string what)
{
    const std::lock_guard lock(m_mutex);
    m_failures.push_back(std::move(what));
}

void ScriptedServer::note(std::string_view bytes)
{
    const std::lock_guard lock(m_mutex);
    m_received += bytes;
    m_changed.notify_all();
}

std::string ScriptedServer::received() const
{
    const std::lock_guard lock(m_mutex);
    return m_received;
}

std::vector<std::string> ScriptedServer::failures() const
{
    const std::lock_guard lock(m_mutex);
    return m_failures;
}

bool ScriptedServer::waitForReceived(std::string_view text, std::chrono::milliseconds timeout) const
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, timeout,
                              [&] { return m_received.find(text) != std::string::npos; });
}

ScriptedServer::Script dialogue(std::vector<Exchange> exchanges, std::string terminator)
{
    return [exchanges = std::move(exchanges), terminator](Peer &peer) {
        for (const Exchange &exchange : exchanges) {
            peer.expect(exchange.expect + terminator);
            if (!exchange.answer.empty())
                peer.write(exchange.answer + terminator);
        }
        peer.expectEnd();
    };
}

ScriptedServer::Script responder(std::function<std::string(const std::string &)> answer,
                                 std::string terminator)
{
    return [answer = std::move(answer), terminator](Peer &peer) {
        for (;;) {
            const std::string reply = answer(peer.readLine(terminator));
            if (!reply.empty())
                peer.write(reply + terminator);
        }
    };
}

BlackHole::BlackHole()
{
    m_listener = listenOnLoopback(0, &m_port);
    // Linux keeps backlog + 1 connections that nobody accepts; further SYNs are dropped.
    for (int i = 0; i < 4; ++i) {
        const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        check(fd >= 0, "socket");
        const sockaddr_in address = loopback(m_port);
        (void)::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address);
        m_fillers.push_back(fd);
    }
}

BlackHole::~BlackHole()
{
    for (const int fd : m_fillers)
        ::close(fd);
    ::close(m_listener);
}

} // namespace birch::test
