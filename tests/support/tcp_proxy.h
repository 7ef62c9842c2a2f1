#pragma once

#include <QString>

#include <atomic>
#include <map>
#include <memory>
#include <thread>

namespace birch::test {

/// A network between a client and a server on a unix socket, to be cut by a test: bytes are taken
/// and go nowhere, connections are accepted and stay silent. Runs on a thread of its own.
class TcpProxy
{
public:
    /// \a serverSocket: path of the unix socket it leads to.
    explicit TcpProxy(const QString &serverSocket);
    ~TcpProxy();
    TcpProxy(const TcpProxy &) = delete;
    TcpProxy &operator=(const TcpProxy &) = delete;

    int port() const { return m_port; } ///< on 127.0.0.1; 0: it could not be opened
    /// Nothing passes any more, and nobody is told.
    void cut() { m_isCut = true; }
    /// What comes now passes. Connections from before the cut have lost bytes: they stay silent.
    void mend();

private:
    struct Link {
        int other = -1;
        bool isDead = false; ///< was open while the network was cut
    };
    void loop();
    void accept();
    void forward(int from);
    void close(int socket);

    int m_listener = -1;
    int m_port = 0;
    QByteArray m_target;
    std::atomic<bool> m_isCut = false;
    std::atomic<bool> m_isEnding = false;
    std::map<int, Link> m_links; ///< of the thread; both directions
    std::thread m_thread;
};

} // namespace birch::test
