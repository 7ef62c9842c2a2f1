#include "tests/support/message_front.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace birch::test {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr uint32_t kMostAtOnce = 4096; // of one device_write
constexpr size_t kMostSent = 1 << 20;  // of one device_read, whatever is asked

enum Error : uint32_t {
    kNone = 0,
    kBadLink = 4,
    kNotSupported = 8,
    kParameter = 5,
    kNoRoom = 9,
    kTimeout = 15,
    kAborted = 23
};

struct Gone {
}; // unwinds a connection: client, script or server has gone

uint32_t wordAt(const std::string &record, size_t index)
{
    uint32_t word = 0;
    for (size_t i = index * 4; i < index * 4 + 4; ++i)
        word = word << 8 | static_cast<unsigned char>(i < record.size() ? record[i] : 0);
    return word;
}

void append(std::string &to, uint32_t word)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        to += static_cast<char>(word >> shift);
}

// xid, call, version 2, program, version, procedure, two empty authentications of two words.
constexpr size_t kArguments = 10;

/// One client's connection, or one to the abort channel.
class Connection
{
public:
    Connection(int fd, int stop, int aborted = -1)
        : m_fd(fd)
        , m_stop(stop)
        , m_aborted(aborted)
    {
        const int one = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    }
    ~Connection()
    {
        if (m_script.isReset()) {
            const linger now{1, 0};
            ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        }
        ::close(m_fd);
    }

    enum class Event { Client, Script, Abort, Late };
    /// Waits for one of: \a clientEvents of the client, \a scriptEvents of the script, an abort.
    Event wait(short clientEvents, short scriptEvents, Clock::time_point end)
    {
        for (;;) {
            const auto left = std::chrono::ceil<milliseconds>(end - Clock::now()).count();
            const int timeout = end == Clock::time_point::max()
                                    ? -1
                                    : static_cast<int>(std::max<long long>(0, left));
            pollfd polls[] = {{m_stop, POLLIN, 0},
                              {m_fd, static_cast<short>(clientEvents | POLLRDHUP), 0},
                              {m_script.watched(), scriptEvents, 0},
                              {m_aborted, POLLIN, 0}};
            const int count = ::poll(polls, 4, timeout);
            if (count < 0 && errno == EINTR)
                continue;
            if (polls[0].revents || polls[1].revents & ~clientEvents)
                throw Gone();
            if (polls[3].revents) {
                uint64_t times = 0;
                (void)!::read(m_aborted, &times, sizeof times);
                return Event::Abort;
            }
            if (polls[2].revents)
                return Event::Script;
            return count == 0 ? Event::Late : Event::Client;
        }
    }

    std::string readBytes(size_t size)
    {
        std::string bytes;
        while (bytes.size() < size) {
            awaitCall();
            std::string part(size - bytes.size(), '\0');
            const ssize_t count = ::recv(m_fd, part.data(), part.size(), 0);
            if (count <= 0)
                throw Gone();
            bytes.append(part.data(), static_cast<size_t>(count));
        }
        return bytes;
    }
    std::string readRecord()
    {
        std::string record;
        for (bool isLast = false; !isLast;) {
            const uint32_t mark = wordAt(readBytes(4), 0);
            isLast = (mark & 0x80000000u) != 0;
            record += readBytes(mark & 0x7fffffffu);
        }
        return record;
    }
    void reply(const std::string &call, std::string results)
    {
        std::string record;
        append(record, 0x80000000u | static_cast<uint32_t>(24 + results.size()));
        append(record, wordAt(call, 0));
        for (const uint32_t word : {1u, 0u, 0u, 0u, 0u}) // reply, accepted, no verifier, success
            append(record, word);
        record += results;
        for (size_t at = 0; at < record.size();) {
            const ssize_t count =
                ::send(m_fd, record.data() + at, record.size() - at, MSG_NOSIGNAL);
            if (count <= 0)
                throw Gone();
            at += static_cast<size_t>(count);
        }
    }
    ScriptPipe &script() { return m_script; }

private:
    /// Meanwhile the script may end, and with it the connection.
    void awaitCall()
    {
        for (;;) {
            if (m_script.isOver())
                throw Gone();
            const Event event = wait(POLLIN, POLLIN, Clock::time_point::max());
            if (event == Event::Client)
                return;
            m_script.pump();
        }
    }

    int m_fd;
    int m_stop;
    int m_aborted;
    ScriptPipe m_script;
};

class Vxi11Front final : public MessageFront
{
public:
    Vxi11Front()
        : m_core(listenOnLoopback(8, &m_corePort))
        , m_abort(listenOnLoopback(8, &m_abortPort))
        , m_aborted(::eventfd(0, EFD_CLOEXEC))
        , m_coreThread([this] { serve(m_core, true); })
        , m_abortThread([this] { serve(m_abort, false); })
    {
    }
    ~Vxi11Front() override
    {
        requestStop();
        m_coreThread.join();
        m_abortThread.join();
        ::close(m_core);
        ::close(m_abort);
        ::close(m_aborted);
    }
    int port() const override { return m_corePort; }
    std::string resource() const override
    {
        return "TCPIP0::127.0.0.1," + std::to_string(m_corePort) + "::inst0::INSTR";
    }

private:
    void serve(int listener, bool isCore)
    {
        for (;;) {
            pollfd polls[] = {{stopEvent(), POLLIN, 0}, {listener, POLLIN, 0}};
            ::poll(polls, 2, -1);
            if (polls[0].revents)
                return;
            const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd < 0)
                continue;
            Connection client(fd, stopEvent(), isCore ? m_aborted : -1);
            try {
                for (;;)
                    isCore ? answer(client) : answerAbort(client);
            } catch (const Gone &) {
            }
        }
    }

    void answerAbort(Connection &client)
    {
        const std::string call = client.readRecord();
        const uint64_t one = 1;
        (void)!::write(m_aborted, &one, sizeof one);
        std::string results;
        append(results, kNone);
        client.reply(call, results);
    }

    void answer(Connection &client)
    {
        const std::string call = client.readRecord();
        const uint32_t procedure = wordAt(call, 5);
        std::string results;
        if (procedure == 10)
            results = createLink(client);
        else if (client.script().fd() < 0)
            append(results, kBadLink);
        else if (procedure == 11)
            results = write(client, call);
        else if (procedure == 12)
            results = read(client, call);
        else if (procedure == 13)
            results = readStatus(client);
        else if (procedure == 15 || procedure == 23)
            results = restart(client, procedure == 15);
        else
            append(results, kNotSupported);
        client.reply(call, results);
    }

    std::string createLink(Connection &client)
    {
        std::string results;
        const bool isFree = client.script().fd() < 0;
        if (isFree)
            offer(client.script().open());
        append(results, isFree ? kNone : kNoRoom);
        append(results, 0); // a link called 0 is one
        append(results, static_cast<uint32_t>(m_abortPort));
        append(results, kMostAtOnce);
        return results;
    }

    std::string restart(Connection &client, bool goesOn)
    {
        client.script().close();
        if (goesOn)
            offer(client.script().open());
        std::string results;
        append(results, kNone);
        return results;
    }

    std::string readStatus(Connection &client)
    {
        client.script().pump();
        std::string results;
        append(results, kNone);
        append(results, client.script().hasBytes() ? 0x10 : 0);
        return results;
    }

    std::string write(Connection &client, const std::string &call)
    {
        const auto end = Clock::now() + milliseconds(wordAt(call, kArguments + 1));
        const uint32_t size = wordAt(call, kArguments + 4);
        const std::string_view bytes = std::string_view(call).substr(4 * (kArguments + 5), size);
        uint32_t error = size > kMostAtOnce ? kParameter : kNone;
        size_t taken = 0;
        while (error == kNone && taken < bytes.size()) {
            const auto event = client.wait(0, POLLOUT, end);
            if (event == Connection::Event::Script)
                taken += client.script().give(bytes.substr(taken));
            else
                error = event == Connection::Event::Abort ? kAborted : kTimeout;
        }
        std::string results;
        append(results, error);
        append(results, static_cast<uint32_t>(taken));
        return results;
    }

    std::string read(Connection &client, const std::string &call)
    {
        const size_t most = std::min<size_t>(wordAt(call, kArguments + 1), kMostSent);
        const auto end = Clock::now() + milliseconds(wordAt(call, kArguments + 2));
        uint32_t error = kNone;
        client.script().pump();
        while (error == kNone && !client.script().hasBytes()) {
            if (client.script().isOver())
                throw Gone();
            const auto event = client.wait(0, POLLIN, end);
            if (event == Connection::Event::Script)
                client.script().pump();
            else
                error = event == Connection::Event::Abort ? kAborted : kTimeout;
        }
        bool isEnd = false;
        const std::string bytes = error == kNone ? client.script().take(most, &isEnd) : "";
        std::string results;
        append(results, error);
        append(results, (isEnd ? 4u : 0u) | (!bytes.empty() && bytes.size() == most ? 1u : 0u));
        append(results, static_cast<uint32_t>(bytes.size()));
        results += bytes;
        results.append((4 - bytes.size() % 4) % 4, '\0');
        return results;
    }

    int m_corePort = 0;
    int m_abortPort = 0;
    int m_core;
    int m_abort;
    int m_aborted; ///< readable when the call under way is to end
    std::thread m_coreThread;
    std::thread m_abortThread;
};

} // namespace

std::unique_ptr<MessageFront> makeVxi11Front()
{
    return std::make_unique<Vxi11Front>();
}

} // namespace birch::test
