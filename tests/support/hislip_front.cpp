#include "tests/support/message_front.h"

#include <arpa/inet.h>
#include <cerrno>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace birch::test {

namespace {

constexpr uint64_t kMostReceived = 128 * 1024; // of one Data, header included
constexpr size_t kHeader = 16;

struct Gone {
}; // unwinds a session: client, script or server has gone

struct Message {
    uint8_t type = 0;
    uint8_t control = 0;
    uint32_t parameter = 0;
    std::string payload;
};

uint64_t numberAt(const std::string &bytes, size_t at, size_t size)
{
    uint64_t number = 0;
    for (size_t i = at; i < at + size; ++i)
        number = number << 8 | static_cast<unsigned char>(bytes[i]);
    return number;
}

std::string bigEndian(uint64_t number, size_t size)
{
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i)
        bytes[size - 1 - i] = static_cast<char>(number >> (8 * i));
    return bytes;
}

class Channel
{
public:
    Channel(int fd, int stop)
        : m_fd(fd)
        , m_stop(stop)
    {
        const int one = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    ~Channel()
    {
        if (m_isReset) {
            const linger now{1, 0};
            ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        }
        ::close(m_fd);
    }
    Channel(const Channel &) = delete;
    int fd() const { return m_fd; }
    void setReset() { m_isReset = true; }

    Message receive()
    {
        const std::string header = bytes(kHeader);
        if (header.compare(0, 2, "HS") != 0)
            throw Gone();
        Message message{static_cast<uint8_t>(header[2]),
                        static_cast<uint8_t>(header[3]),
                        static_cast<uint32_t>(numberAt(header, 4, 4)),
                        {}};
        const uint64_t length = numberAt(header, 8, 8);
        if (length > kMostReceived - kHeader) // we said so
            throw Gone();
        message.payload = bytes(static_cast<size_t>(length));
        return message;
    }
    void send(const Message &message)
    {
        std::string out = "HS";
        out += static_cast<char>(message.type);
        out += static_cast<char>(message.control);
        out += bigEndian(message.parameter, 4) + bigEndian(message.payload.size(), 8) +
               message.payload;
        for (size_t at = 0; at < out.size();) {
            await(POLLOUT);
            const ssize_t count =
                ::send(m_fd, out.data() + at, out.size() - at, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (count < 0 && (errno == EAGAIN || errno == EINTR))
                continue;
            if (count <= 0)
                throw Gone();
            at += static_cast<size_t>(count);
        }
    }

private:
    void await(short events) const
    {
        pollfd polls[] = {{m_stop, POLLIN, 0}, {m_fd, events, 0}};
        while (::poll(polls, 2, -1) < 0 && errno == EINTR) {
        }
        if (polls[0].revents)
            throw Gone();
    }
    std::string bytes(size_t size) const
    {
        std::string all(size, '\0');
        for (size_t got = 0; got < size;) {
            await(POLLIN);
            const ssize_t count = ::recv(m_fd, all.data() + got, size - got, MSG_DONTWAIT);
            if (count < 0 && (errno == EAGAIN || errno == EINTR))
                continue;
            if (count <= 0)
                throw Gone();
            got += static_cast<size_t>(count);
        }
        return all;
    }

    int m_fd;
    int m_stop;
    bool m_isReset = false;
};

class HislipFront final : public MessageFront
{
public:
    HislipFront()
        : m_listener(listenOnLoopback(8, &m_port))
        , m_thread([this] {
            for (;;) {
                try {
                    serveOne();
                } catch (const Gone &) {
                }
                if (isStopped())
                    return;
            }
        })
    {
    }
    ~HislipFront() override
    {
        requestStop();
        m_thread.join();
        ::close(m_listener);
    }
    int port() const override { return m_port; }
    std::string resource() const override
    {
        return "TCPIP0::127.0.0.1::hislip0," + std::to_string(m_port) + "::INSTR";
    }

private:
    bool isStopped() const
    {
        pollfd poll{stopEvent(), POLLIN, 0};
        return ::poll(&poll, 1, 0) == 1;
    }
    int accept() const
    {
        pollfd polls[] = {{stopEvent(), POLLIN, 0}, {m_listener, POLLIN, 0}};
        while (::poll(polls, 2, -1) < 0 && errno == EINTR) {
        }
        if (polls[0].revents)
            throw Gone();
        return ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    }

    void serveOne()
    {
        constexpr uint16_t kSession = 0xABCD;
        Channel sync(accept(), stopEvent());
        const Message first = sync.receive();
        if (first.type != 0 || first.payload != "hislip0")
            throw Gone();
        sync.send({1, 0, 0x01000000u | kSession, {}});
        Channel async(accept(), stopEvent());
        const Message second = async.receive();
        if (second.type != 17 || second.parameter != kSession)
            throw Gone();
        async.send({18, 0, 0x7878, {}});
        ScriptPipe script;
        offer(script.open());
        m_pending.clear();
        m_isClearing = false;
        m_answered = 0;
        for (;;)
            serve(sync, async, script);
    }

    void serve(Channel &sync, Channel &async, ScriptPipe &script)
    {
        const bool isFull = !m_pending.empty();
        const auto scriptEvents = static_cast<short>(isFull ? POLLIN | POLLOUT : POLLIN);
        const auto syncEvents = static_cast<short>(isFull ? POLLRDHUP : POLLIN | POLLRDHUP);
        pollfd polls[] = {{stopEvent(), POLLIN, 0},
                          {sync.fd(), syncEvents, 0},
                          {async.fd(), POLLIN | POLLRDHUP, 0},
                          {script.watched(), scriptEvents, 0}};
        ::poll(polls, 4, -1);
        if (polls[0].revents || polls[1].revents & ~POLLIN || polls[2].revents & ~POLLIN)
            throw Gone();
        if (polls[1].revents & POLLIN)
            takeSync(sync.receive(), sync);
        if (polls[2].revents & POLLIN)
            takeAsync(async.receive(), async, script);
        if (!m_pending.empty())
            m_pending.erase(0, script.give(m_pending));
        script.pump();
        while (script.hasBytes()) {
            bool isEnd = false;
            std::string bytes = script.take(1 << 20, &isEnd);
            sync.send({static_cast<uint8_t>(isEnd ? 7 : 6), 0, m_answered, std::move(bytes)});
        }
        if (script.isOver()) {
            if (script.isReset()) {
                sync.setReset();
                async.setReset();
            }
            throw Gone();
        }
    }

    void takeSync(Message message, Channel &sync)
    {
        if (message.type == 8) { // DeviceClearComplete
            m_isClearing = false;
            sync.send({9, 0, 0, {}});
        } else if (!m_isClearing && (message.type == 6 || message.type == 7)) {
            m_pending += message.payload;
            m_answered = message.parameter;
        }
    }

    void takeAsync(const Message &message, Channel &async, ScriptPipe &script)
    {
        switch (message.type) {
        case 15: // AsyncMaximumMessageSize
            async.send({16, 0, 0, bigEndian(kMostReceived, 8)});
            break;
        case 19: // AsyncDeviceClear
            script.close();
            offer(script.open());
            m_pending.clear();
            m_isClearing = true;
            async.send({23, 0, 0, {}});
            break;
        case 21: // AsyncStatusQuery
            async.send({22, static_cast<uint8_t>(script.hasBytes() ? 0x10 : 0), 0, {}});
            break;
        default:
            async.send({3, 1, 0, "unrecognised message"});
        }
    }

    int m_port = 0;
    int m_listener;
    std::string m_pending; ///< for the script, which has not taken it yet
    uint32_t m_answered = 0;
    bool m_isClearing = false;
    std::thread m_thread;
};

} // namespace

std::unique_ptr<MessageFront> makeHislipFront()
{
    return std::make_unique<HislipFront>();
}

} // namespace birch::test
