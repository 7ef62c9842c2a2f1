#include "tests/support/tcp_proxy.h"

#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace birch::test {

TcpProxy::TcpProxy(const QString &serverSocket)
    : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    , m_target(serverSocket.toUtf8())
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto *generic = reinterpret_cast<sockaddr *>(&address);
    if (::bind(m_listener, generic, size) == 0 && ::listen(m_listener, 64) == 0 &&
        ::getsockname(m_listener, generic, &size) == 0)
        m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { loop(); });
}

TcpProxy::~TcpProxy()
{
    m_isEnding = true;
    m_thread.join();
    ::close(m_listener);
}

void TcpProxy::mend()
{
    m_isCut = false;
}

void TcpProxy::loop()
{
    while (!m_isEnding) {
        std::vector<pollfd> sockets{{m_listener, POLLIN, 0}};
        for (const auto &[socket, link] : m_links)
            sockets.push_back({socket, POLLIN, 0});
        if (::poll(sockets.data(), sockets.size(), 10) <= 0)
            continue;
        if (sockets[0].revents != 0)
            accept();
        for (size_t i = 1; i < sockets.size(); ++i) {
            if (sockets[i].revents != 0 && m_links.contains(sockets[i].fd))
                forward(sockets[i].fd);
        }
    }
    while (!m_links.empty())
        close(m_links.begin()->first);
}

void TcpProxy::accept()
{
    const int client = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0)
        return;
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, m_target.constData(), sizeof address.sun_path - 1);
    if (::connect(server, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0) {
        ::close(client);
        ::close(server);
        return;
    }
    m_links[client] = {server, m_isCut};
    m_links[server] = {client, m_isCut};
}

void TcpProxy::forward(int from)
{
    char bytes[65536];
    const ssize_t count = ::recv(from, bytes, sizeof bytes, MSG_DONTWAIT);
    Link &link = m_links[from];
    if (count <= 0) {
        const int other = link.other;
        if (!link.isDead) // a cut network tells nobody of an end either
            close(other);
        close(from);
        return;
    }
    if (m_isCut || link.isDead) {
        link.isDead = true;
        if (const auto other = m_links.find(link.other); other != m_links.end())
            other->second.isDead = true;
        return;
    }
    for (ssize_t sent = 0; sent < count;) {
        const ssize_t more = ::send(link.other, bytes + sent, size_t(count - sent), MSG_NOSIGNAL);
        if (more <= 0)
            return;
        sent += more;
    }
}

void TcpProxy::close(int socket)
{
    if (m_links.erase(socket) > 0)
        ::close(socket);
}

} // namespace birch::test
