#include "bench/echo_instrument.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace birch::bench {

namespace {

constexpr uint32_t kAtOnce = 1024 * 1024; // bytes of one device_read or Data

uint32_t wordAt(const char *bytes)
{
    uint32_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    return ntohl(word);
}

void append(std::string &to, uint32_t word)
{
    const uint32_t wire = htonl(word);
    to.append(reinterpret_cast<const char *>(&wire), sizeof wire);
}

std::string words(std::initializer_list<uint32_t> all)
{
    std::string bytes;
    for (const uint32_t word : all)
        append(bytes, word);
    return bytes;
}

std::string record(std::string bytes)
{
    return words({0x80000000u | uint32_t(bytes.size())}) + bytes;
}

/// One record into \a into, its mark taken off.
bool receiveRecord(int fd, std::string &into)
{
    char mark[4];
    if (!receiveAll(fd, mark, sizeof mark))
        return false;
    into.resize(wordAt(mark) & 0x7fffffffu);
    return receiveAll(fd, into.data(), into.size());
}

/// What is there, in one system call: short answers come whole.
void receiveSome(int fd, std::string &into)
{
    into.resize(4096);
    const ssize_t count = ::recv(fd, into.data(), into.size(), 0);
    require(count > 0);
    into.resize(size_t(count));
}

std::string callOf(uint32_t procedure, const std::string &arguments)
{
    return record(words({1, 0, 2, 0x0607AF, 1, procedure, 0, 0, 0, 0}) + arguments);
}

std::string hislip(uint8_t type, uint32_t parameter, std::string_view payload)
{
    std::string message{'H', 'S', char(type), 0};
    append(message, parameter);
    append(message, 0);
    append(message, uint32_t(payload.size()));
    return message.append(payload);
}

/// One HiSLIP message; its header is put into \a header (16 bytes), its payload behind what \a into
/// holds.
bool receiveMessage(int fd, char *header, std::string &into)
{
    if (!receiveAll(fd, header, 16))
        return false;
    const size_t before = into.size();
    into.resize(before + wordAt(header + 12));
    return receiveAll(fd, into.data() + before, into.size() - before);
}

} // namespace

void pinToCoreZero()
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(0, &cores);
    if (sched_setaffinity(0, sizeof cores, &cores) != 0)
        std::abort();
}

void require(bool isGood)
{
    if (!isGood) {
        std::perror("bench_transport");
        std::abort();
    }
}

bool sendAll(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes.remove_prefix(size_t(sent));
    }
    return true;
}

bool receiveAll(int fd, char *into, size_t size)
{
    while (size > 0) {
        const ssize_t count = ::recv(fd, into, size, 0);
        if (count <= 0)
            return false;
        into += count;
        size -= size_t(count);
    }
    return true;
}

EchoInstrument::EchoInstrument()
    : m_block("#74194304" + std::string(kBlock, '\n') + '\n')
{
    m_listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    require(::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) == 0);
    require(::listen(m_listener, 4) == 0);
    require(::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) == 0);
    m_port = ntohs(address.sin_port);
}

EchoInstrument::~EchoInstrument()
{
    ::close(m_listener);
}

void EchoInstrument::start()
{
    m_thread = std::thread([this] {
        pinToCoreZero();
        for (int fd = accept(); fd >= 0; fd = accept()) {
            serve(fd);
            ::close(fd);
        }
    });
}

void EchoInstrument::stop()
{
    if (m_client >= 0)
        ::close(m_client);
    ::shutdown(m_listener, SHUT_RDWR);
    m_thread.join();
}

int EchoInstrument::accept() const
{
    const int fd = ::accept(m_listener, nullptr, nullptr);
    const int one = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

int EchoInstrument::connectPosix() const
{
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(m_port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    require(::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0);
    const int one = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

std::string EchoSocket::address() const
{
    return "TCPIP::127.0.0.1::" + std::to_string(port()) + "::SOCKET";
}

void EchoSocket::serve(int fd)
{
    char command[256];
    while (::recv(fd, command, sizeof command, 0) > 0)
        (void)sendAll(fd, answerTo(command[0]));
}

void EchoSocket::exchange(std::string_view command, std::string &into)
{
    require(sendAll(m_client, command));
    if (command[0] != 'B')
        return receiveSome(m_client, into);
    into.resize(answerTo(command[0]).size());
    require(receiveAll(m_client, into.data(), into.size()));
}

std::string EchoVxi11::address() const
{
    return "TCPIP::127.0.0.1," + std::to_string(port()) + "::inst0::INSTR";
}

void EchoVxi11::serve(int fd)
{
    std::string call;
    std::string_view rest;
    while (receiveRecord(fd, call)) {
        const uint32_t procedure = wordAt(call.data() + 20);
        std::string results = words({0});
        std::string_view data;
        if (procedure == 10) {
            results = words({0, 0, 0, 65536});
        } else if (procedure == 11) {
            const uint32_t size = wordAt(call.data() + 56);
            rest = answerTo(call[60]);
            append(results, size);
        } else if (procedure == 12) {
            const size_t most = std::min(wordAt(call.data() + 44), kAtOnce);
            data = rest.substr(0, most);
            rest.remove_prefix(data.size());
            append(results, rest.empty() ? 4 : 1);
            append(results, uint32_t(data.size()));
        }
        std::string reply = words({wordAt(call.data()), 1, 0, 0, 0, 0}) + results;
        const std::string padding((4 - data.size() % 4) % 4, '\0');
        const auto size = uint32_t(reply.size() + data.size() + padding.size());
        reply.insert(0, words({0x80000000u | size}));
        if (data.size() < 65536)
            (void)sendAll(fd, reply.append(data).append(padding));
        else
            (void)(sendAll(fd, reply) && sendAll(fd, data) && sendAll(fd, padding));
    }
}

void EchoVxi11::open()
{
    m_client = connectPosix();
    std::string reply;
    require(sendAll(m_client, callOf(10, words({1, 0, 0, 5}) + std::string("inst0\0\0\0", 8))));
    require(receiveRecord(m_client, reply));
}

void EchoVxi11::exchange(std::string_view command, std::string &into)
{
    std::string reply;
    std::string data = words({0, 5000, 0, 8, uint32_t(command.size())});
    data.append(command).append((4 - command.size() % 4) % 4, '\0');
    require(sendAll(m_client, callOf(11, data)));
    receiveSome(m_client, reply);
    if (command[0] != 'B') {
        require(sendAll(m_client, callOf(12, words({0, kAtOnce, 5000, 0, 0, 0}))));
        return receiveSome(m_client, into);
    }
    into.resize(answerTo(command[0]).size());
    for (size_t got = 0; got < into.size();) {
        require(sendAll(m_client, callOf(12, words({0, kAtOnce, 5000, 0, 0, 0}))));
        char head[4 + 36]; // mark, header, error, reason, size
        require(receiveAll(m_client, head, sizeof head));
        const size_t size = wordAt(head + 36);
        require(receiveAll(m_client, into.data() + got, size));
        char padding[4];
        require(receiveAll(m_client, padding, (4 - size % 4) % 4));
        got += size;
    }
}

std::string EchoHislip::address() const
{
    return "TCPIP::127.0.0.1::hislip0," + std::to_string(port()) + "::INSTR";
}

void EchoHislip::serve(int fd)
{
    char header[16];
    std::string payload;
    if (!receiveMessage(fd, header, payload) || !sendAll(fd, hislip(1, 0x01000001u, {})))
        return;
    const int async = accept();
    if (receiveMessage(async, header, payload) && sendAll(async, hislip(18, 0, {})) &&
        receiveMessage(async, header, payload) &&
        sendAll(async, hislip(16, 0, words({0, kAtOnce})))) {
        while (payload.clear(), receiveMessage(fd, header, payload)) {
            std::string_view rest = answerTo(payload[0]);
            while (!rest.empty()) {
                const std::string_view piece = rest.substr(0, kAtOnce - 16);
                rest.remove_prefix(piece.size());
                (void)sendAll(fd, hislip(rest.empty() ? 7 : 6, wordAt(header + 4), piece));
            }
        }
    }
    ::close(async);
}

void EchoHislip::open()
{
    char header[16];
    std::string payload;
    m_client = connectPosix();
    require(sendAll(m_client, hislip(0, 0x01007878u, "hislip0")));
    require(receiveMessage(m_client, header, payload));
    m_async = connectPosix();
    require(sendAll(m_async, hislip(17, 1, {})) && receiveMessage(m_async, header, payload));
    require(sendAll(m_async, hislip(15, 0, words({0, kAtOnce}))));
    require(receiveMessage(m_async, header, payload));
}

void EchoHislip::exchange(std::string_view command, std::string &into)
{
    require(sendAll(m_client, hislip(7, m_message, command)));
    m_message += 2;
    if (command[0] != 'B')
        return receiveSome(m_client, into);
    into.resize(answerTo(command[0]).size());
    for (size_t got = 0; got < into.size();) {
        char header[16];
        require(receiveAll(m_client, header, sizeof header));
        const size_t size = wordAt(header + 12);
        require(receiveAll(m_client, into.data() + got, size));
        got += size;
    }
}

} // namespace birch::bench
