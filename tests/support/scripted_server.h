#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// A scripted instrument for tests: real bytes over a real loopback socket or pseudo-terminal.
/// POSIX only; shares no code with the product, so that both can not agree on a mistake.
namespace birch::test {

enum class Wire { Socket, Pty, Vxi11, Hislip };
/// The wire says where a message ends.
inline bool carriesMessages(Wire wire)
{
    return wire != Wire::Socket && wire != Wire::Pty;
}

/// Opened once by anyone, from any thread; lets a script wait for the test and the other way round.
class Gate
{
public:
    Gate();
    ~Gate();
    Gate(const Gate &) = delete;
    void open();
    bool isOpen() const;
    bool wait(std::chrono::milliseconds timeout) const; ///< false: not opened in time

private:
    friend class Peer;
    int m_event; // readable once open
};

class MessageFront;
class ScriptedServer;

/// The server's end of one connection, for the script alone; everything blocks its thread.
/// When the server is destroyed or the client leaves, the call under way ends the script.
class Peer
{
public:
    /// Reads exactly \a bytes (terminator included). Anything else is a failure of the server and
    /// cuts the connection.
    void expect(std::string_view bytes);
    /// What one read of the system yields, at most \a most bytes.
    std::string read(size_t most);
    /// Waits for the end of the connection; any further byte is a failure.
    [[noreturn]] void expectEnd();
    /// Reads up to and including \a terminator, which is taken off.
    std::string readLine(std::string_view terminator = "\n");
    void write(std::string_view bytes);
    /// The same where more of the message follows; only a wire that carries messages shows it.
    void writePart(std::string_view bytes);
    /// In pieces of \a piece bytes with \a gap between them.
    void write(std::string_view bytes, size_t piece, std::chrono::microseconds gap);
    void pause(std::chrono::milliseconds duration);
    void waitFor(const Gate &gate);
    /// Closes the connection at once. A socket is accepted again; a pseudo-terminal is gone, and a
    /// new one takes its name. Ends the script.
    [[noreturn]] void cut();
    /// The same, with a TCP reset on a socket.
    [[noreturn]] void reset();
    /// Keeps the connection, reads and writes nothing, until the client or the server goes.
    [[noreturn]] void hang();
    /// Reads and drops until the client or the server goes.
    [[noreturn]] void swallow();
    int connection() const { return m_connection; } ///< counts from 1
    ScriptedServer &server() { return m_server; }

private:
    friend class ScriptedServer;
    Peer(ScriptedServer &server, int fd, int connection);
    void writeRaw(std::string_view bytes);
    void waitUntil(short events, std::chrono::steady_clock::time_point end, int extraFd = -1);

    ScriptedServer &m_server;
    int m_fd;
    int m_connection;
    std::string m_ahead; // read, not yet asked for
};

/// Runs a script, on a thread of its own, for each connection in turn.
class ScriptedServer
{
public:
    using Script = std::function<void(Peer &)>;

    ScriptedServer(Wire wire, Script script);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer &) = delete;

    /// `TCPIP0::127.0.0.1::port::SOCKET`, `ASRL/tmp/.../port::INSTR` and so on; the same after a
    /// cut. A device clear ends a script and begins it anew.
    std::string resource() const;
    int port() const { return m_port; }
    std::string path() const { return m_path; }

    std::string received() const;                     ///< every byte read by the scripts so far
    int connections() const { return m_connections; } ///< scripts begun
    /// What went wrong in scripts: unexpected bytes. Empty at the end of a good test.
    std::vector<std::string> failures() const;
    bool waitForReceived(std::string_view text, std::chrono::milliseconds timeout) const;

private:
    friend class Peer;
    void run();
    void runScript(int fd);
    void openSocket();
    void openPty();
    void closePty();
    void fail(std::string what);
    void note(std::string_view bytes);
    bool waitForClient(int fd) const;

    const Wire m_wire;
    const Script m_script;
    std::unique_ptr<MessageFront> m_front;
    std::string m_folder;
    std::string m_path;
    int m_port = 0;
    int m_listener = -1;
    int m_master = -1;
    int m_slave = -1;
    int m_stop; // readable once the server is to end
    std::atomic<int> m_connections = 0;
    mutable std::mutex m_mutex; // guards what follows
    mutable std::condition_variable m_changed;
    std::string m_received;
    std::vector<std::string> m_failures;
    std::thread m_thread;
};

/// One step of a dialogue: bytes that must come, bytes that are answered ("" for none).
struct Exchange {
    std::string expect;
    std::string answer;
};

/// A script that plays \a exchanges in order, then fails on any further byte. With \a terminator
/// added to each expectation and each answer that is not empty.
ScriptedServer::Script dialogue(std::vector<Exchange> exchanges, std::string terminator = "\n");

/// A script that answers each line by \a answer; a line for which it returns "" is not answered.
ScriptedServer::Script responder(std::function<std::string(const std::string &)> answer,
                                 std::string terminator = "\n");

/// A listening socket that completes no connection: SYNs are dropped, as by a host that is off.
class BlackHole
{
public:
    BlackHole();
    ~BlackHole();
    BlackHole(const BlackHole &) = delete;
    int port() const { return m_port; }

private:
    int m_listener = -1;
    int m_port = 0;
    std::vector<int> m_fillers;
};

} // namespace birch::test
