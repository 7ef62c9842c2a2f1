#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>

/// Instruments that cost as little as can be, with POSIX alone: what is measured is the client.
/// Each answers 'M...' with a number and 'B...' with a block, on core 0, connection after
/// connection.
namespace birch::bench {

inline constexpr size_t kBlock = 4 * 1024 * 1024;
inline constexpr char kQuery[] = "MEAS:VOLT?\n";
inline constexpr char kAnswer[] = "+1.23456789E+00\n";

void pinToCoreZero();
void require(bool isGood); ///< else says what the system said, and aborts
/// False: the other end has gone.
bool sendAll(int fd, std::string_view bytes);
/// Exactly \a size bytes. False: the other end has gone.
bool receiveAll(int fd, char *into, size_t size);

class EchoInstrument
{
public:
    EchoInstrument(const EchoInstrument &) = delete;
    virtual ~EchoInstrument();

    int connectPosix() const;
    const std::string &block() const { return m_block; }
    uint16_t port() const { return m_port; }
    /// A client's whole exchange with nothing of ours but system calls: connect (once), then a
    /// query or a block. What is received is put into \a into.
    virtual void open() = 0;
    virtual void exchange(std::string_view command, std::string &into) = 0;
    virtual std::string address() const = 0;

protected:
    EchoInstrument();
    void start(); ///< by the constructor of the last class
    void stop();  ///< by its destructor
    virtual void serve(int fd) = 0;
    /// What \a command is answered with.
    std::string_view answerTo(char first) const
    {
        return first == 'B' ? std::string_view(m_block) : std::string_view(kAnswer);
    }
    int accept() const;

    int m_client = -1; ///< of open()

private:
    int m_listener = -1;
    uint16_t m_port = 0;
    std::string m_block;
    std::thread m_thread;
};

class EchoSocket final : public EchoInstrument
{
public:
    EchoSocket() { start(); }
    ~EchoSocket() override { stop(); }
    void open() override { m_client = connectPosix(); }
    void exchange(std::string_view command, std::string &into) override;
    std::string address() const override;

private:
    void serve(int fd) override;
};

class EchoVxi11 final : public EchoInstrument
{
public:
    EchoVxi11() { start(); }
    ~EchoVxi11() override { stop(); }
    void open() override;
    void exchange(std::string_view command, std::string &into) override;
    std::string address() const override;

private:
    void serve(int fd) override;
};

class EchoHislip final : public EchoInstrument
{
public:
    EchoHislip() { start(); }
    ~EchoHislip() override { stop(); }
    void open() override;
    void exchange(std::string_view command, std::string &into) override;
    std::string address() const override;

private:
    void serve(int fd) override;

    int m_async = -1;
    uint32_t m_message = 0xffffff00u;
};

} // namespace birch::bench
