#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

/// The protocol end of a scripted instrument that speaks in messages: takes clients, and gives a
/// script of raw bytes its own end of a socket pair for each session. Written from the standards
/// with POSIX alone; shares no code with the product.
namespace birch::test {

/// What a script writes, on its pair: kind, four bytes of length (little-endian), bytes.
enum class FrameKind : char { Part = 'p', End = 'e', Reset = 'r' };

std::string frame(FrameKind kind, std::string_view bytes);

/// The front's end of a script: bytes to it, frames from it. One thread.
class ScriptPipe
{
public:
    ScriptPipe() = default;
    ~ScriptPipe() { close(); }
    ScriptPipe(const ScriptPipe &) = delete;

    int open(); ///< the script's end, which the caller owns
    void close();
    int fd() const { return m_fd; }
    int watched() const { return m_isOver ? -1 : m_fd; } ///< nothing more comes from an ended one

    void pump(); ///< takes what has come, without waiting
    bool hasBytes() const { return !m_frames.empty(); }
    /// The script has ended, and everything it wrote is taken.
    bool isOver() const { return m_isOver && m_frames.empty(); }
    bool isReset() const { return m_isReset; }
    /// At most \a most bytes of the first frame; \a isEnd: they are the last of a message.
    std::string take(size_t most, bool *isEnd);
    /// Bytes of \a bytes that the script's end takes now.
    size_t give(std::string_view bytes);

private:
    struct Frame {
        std::string bytes;
        bool isEnd;
    };
    int m_fd = -1;
    bool m_isOver = false;
    bool m_isReset = false;
    std::string m_pending;
    std::deque<Frame> m_frames;
};

class MessageFront
{
public:
    MessageFront();
    virtual ~MessageFront();
    MessageFront(const MessageFront &) = delete;

    virtual std::string resource() const = 0;
    virtual int port() const = 0;
    /// The script's end of the next session, which the caller owns; -1: \a stop became readable.
    int nextSession(int stop);

protected:
    void offer(int scriptEnd); ///< any thread
    int stopEvent() const { return m_stop; }
    void requestStop();

private:
    int m_stop;
    int m_offered; ///< an event per session that waits
    std::mutex m_mutex;
    std::deque<int> m_sessions;
};

/// A listener on a free loopback port, which is written to \a port. (scripted_server.cpp)
int listenOnLoopback(int backlog, int *port);

std::unique_ptr<MessageFront> makeVxi11Front();
std::unique_ptr<MessageFront> makeHislipFront();

} // namespace birch::test
