#include "tests/support/message_front.h"

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace birch::test {

std::string frame(FrameKind kind, std::string_view bytes)
{
    std::string whole(5, static_cast<char>(kind));
    for (size_t i = 0; i < 4; ++i)
        whole[1 + i] = static_cast<char>(bytes.size() >> (8 * i));
    return whole.append(bytes);
}

int ScriptPipe::open()
{
    close();
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
        return -1;
    m_fd = ends[0];
    return ends[1];
}

void ScriptPipe::close()
{
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = -1;
    m_isOver = m_isReset = false;
    m_pending.clear();
    m_frames.clear();
}

void ScriptPipe::pump()
{
    static thread_local std::string buffer(1 << 20, '\0');
    while (m_fd >= 0 && !m_isOver) {
        const ssize_t count = ::read(m_fd, buffer.data(), buffer.size());
        if (count < 0 && (errno == EAGAIN || errno == EINTR))
            break;
        if (count <= 0)
            m_isOver = true;
        else
            m_pending.append(buffer.data(), static_cast<size_t>(count));
    }
    size_t at = 0;
    while (m_pending.size() - at >= 5) {
        size_t size = 0;
        for (size_t i = 0; i < 4; ++i)
            size |= static_cast<size_t>(static_cast<unsigned char>(m_pending[at + 1 + i]))
                    << (8 * i);
        if (m_pending.size() - at - 5 < size)
            break;
        const auto kind = static_cast<FrameKind>(m_pending[at]);
        if (kind == FrameKind::Reset)
            m_isReset = true;
        else
            m_frames.push_back({m_pending.substr(at + 5, size), kind == FrameKind::End});
        at += 5 + size;
    }
    m_pending.erase(0, at);
}

std::string ScriptPipe::take(size_t most, bool *isEnd)
{
    Frame &first = m_frames.front();
    if (first.bytes.size() > most) {
        std::string part = first.bytes.substr(0, most);
        first.bytes.erase(0, most);
        *isEnd = false;
        return part;
    }
    std::string all = std::move(first.bytes);
    *isEnd = first.isEnd;
    m_frames.pop_front();
    return all;
}

size_t ScriptPipe::give(std::string_view bytes)
{
    const ssize_t count = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    return count > 0 ? static_cast<size_t>(count) : 0;
}

MessageFront::MessageFront()
    : m_stop(::eventfd(0, EFD_CLOEXEC))
    , m_offered(::eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE))
{
}

MessageFront::~MessageFront()
{
    for (const int fd : m_sessions)
        ::close(fd);
    ::close(m_stop);
    ::close(m_offered);
}

void MessageFront::requestStop()
{
    const uint64_t one = 1;
    (void)!::write(m_stop, &one, sizeof one);
}

void MessageFront::offer(int scriptEnd)
{
    {
        const std::lock_guard lock(m_mutex);
        m_sessions.push_back(scriptEnd);
    }
    const uint64_t one = 1;
    (void)!::write(m_offered, &one, sizeof one);
}

int MessageFront::nextSession(int stop)
{
    pollfd polls[] = {{stop, POLLIN, 0}, {m_offered, POLLIN, 0}};
    while (::poll(polls, 2, -1) < 0 && errno == EINTR) {
    }
    if (polls[0].revents)
        return -1;
    uint64_t one = 0;
    (void)!::read(m_offered, &one, sizeof one);
    const std::lock_guard lock(m_mutex);
    const int fd = m_sessions.front();
    m_sessions.pop_front();
    return fd;
}

} // namespace birch::test
