// A query over the SOCKET transport, bare and through an InstrumentHost, beside the same query over
// a bare POSIX socket, and a 4 MB block beside a bare recv(): the ratios are what counts. Client
// and server share one core, so that no wake-up crosses cores (which costs ten times the query).

#include "core/instrument/instrument_host.h"
#include "drivers/transport/make_transport.h"

#include <QCoreApplication>

#include <benchmark/benchmark.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace birch;

namespace {

constexpr size_t kBlock = 4 * 1024 * 1024;
constexpr char kQuery[] = "MEAS:VOLT?\n";
constexpr char kAnswer[] = "+1.23456789E+00\n";

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

void sendAll(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t sent = ::send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return; // the client has gone
        bytes += sent;
        size -= size_t(sent);
    }
}

/// Answers 'M...' with a number and 'B...' with a block, connection after connection.
class EchoInstrument
{
public:
    EchoInstrument()
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        require(::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) == 0);
        require(::listen(m_listener, 4) == 0);
        require(::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) == 0);
        port = ntohs(address.sin_port);
        m_block = "#74194304" + std::string(kBlock, '\n') + '\n';
        m_thread = std::thread([this] { serve(); });
    }
    ~EchoInstrument()
    {
        ::shutdown(m_listener, SHUT_RDWR);
        m_thread.join();
        ::close(m_listener);
    }

    int connectPosix() const
    {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        require(::connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0);
        const int one = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        return fd;
    }
    size_t blockSize() const { return m_block.size(); }

    quint16 port = 0;

private:
    void serve()
    {
        pinToCoreZero();
        for (int fd = ::accept(m_listener, nullptr, nullptr); fd >= 0;
             fd = ::accept(m_listener, nullptr, nullptr)) {
            const int one = 1;
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            char command[256];
            while (::recv(fd, command, sizeof command, 0) > 0) {
                if (command[0] == 'B')
                    sendAll(fd, m_block.data(), m_block.size());
                else
                    sendAll(fd, kAnswer, sizeof kAnswer - 1);
            }
            ::close(fd);
        }
    }

    int m_listener = -1;
    std::string m_block;
    std::thread m_thread;
};

void queryPosix(benchmark::State &state)
{
    EchoInstrument instrument;
    const int fd = instrument.connectPosix();
    char answer[256];
    for (auto _ : state) {
        sendAll(fd, kQuery, sizeof kQuery - 1);
        benchmark::DoNotOptimize(::recv(fd, answer, sizeof answer, 0));
    }
    ::close(fd);
}

void queryTransport(benchmark::State &state)
{
    EchoInstrument instrument;
    const auto link = makeTransport(u"TCPIP::127.0.0.1::%1::SOCKET"_s.arg(instrument.port), {});
    require(bool(link.value()->open(Call::within(std::chrono::seconds(5)))));
    for (auto _ : state) {
        auto reply = link.value()->query("MEAS:VOLT?", ReplyShape::Line,
                                         Call::within(std::chrono::seconds(5)));
        if (!reply || reply.value().size() != sizeof kAnswer - 2)
            state.SkipWithError("wrong reply");
    }
    link.value()->close();
}

/// As little of an instrument as can be queried: what is measured is host and transport.
class BareInstrument final : public Instrument
{
public:
    explicit BareInstrument(quint16 port)
        : m_link(makeTransport(u"TCPIP::127.0.0.1::%1::SOCKET"_s.arg(port), {}).value())
    {
    }
    const InstrumentSpec &spec() const override { return m_spec; }
    Status open(const Call &call) override { return m_link->open(call); }
    void close() override { m_link->close(); }
    bool isOpen() const override { return m_link->isOpen(); }
    Result<QString> identify(const Call &) override { return QString(); }
    QString identity() const override { return {}; }
    QString address() const override { return m_link->address(); }
    Status begin(int, double, const Call &) override { return kNone; }
    Result<MovementState> state(int, const Call &) override { return kNone; }
    Status stop(int, const Call &) override { return kNone; }
    Status read(int, std::span<ColumnValues *const>, const Call &) override { return kNone; }
    Result<QVariant> parameter(const QString &, const Call &) override { return kNone; }
    Status setParameter(const QString &, const QVariant &, const Call &) override { return kNone; }
    Result<QByteArray> raw(const QByteArray &text, bool, const Call &call) override
    {
        return m_link->query(text, ReplyShape::Line, call);
    }

private:
    const Error kNone{ErrorCode::NotFound, {}};
    InstrumentSpec m_spec;
    std::unique_ptr<Transport> m_link;
};

/// From an event loop, as the engine does it: request, exchange on the host's thread, reply.
void queryHost(benchmark::State &state)
{
    EchoInstrument instrument;
    InstrumentHost host(
        u"bare"_s, {}, [&] { return std::make_unique<BareInstrument>(instrument.port); },
        InstrumentHost::Placement::OwnThread);
    QObject engine;
    bool isDone = false;
    const auto wait = [&isDone] {
        while (!std::exchange(isDone, false))
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    };
    host.open(std::chrono::seconds(5), &engine, [&](const Status &opened) {
        require(bool(opened));
        isDone = true;
    });
    wait();
    for (auto _ : state) {
        host.raw(Priority::Step, "MEAS:VOLT?", true, std::chrono::seconds(5), &engine,
                 [&](const Result<QByteArray> &reply) {
                     if (!reply || reply.value().size() != sizeof kAnswer - 2)
                         state.SkipWithError("wrong reply");
                     isDone = true;
                 });
        wait();
    }
}

void blockPosix(benchmark::State &state)
{
    EchoInstrument instrument;
    const int fd = instrument.connectPosix();
    std::vector<char> block(instrument.blockSize());
    for (auto _ : state) {
        sendAll(fd, "B?\n", 3);
        for (size_t got = 0; got < block.size();) {
            const ssize_t count = ::recv(fd, block.data() + got, block.size() - got, 0);
            require(count > 0);
            got += size_t(count);
        }
        benchmark::DoNotOptimize(block.data());
    }
    state.SetBytesProcessed(state.iterations() * int64_t(kBlock));
    ::close(fd);
}

void blockTransport(benchmark::State &state)
{
    EchoInstrument instrument;
    const auto link = makeTransport(u"TCPIP::127.0.0.1::%1::SOCKET"_s.arg(instrument.port), {});
    require(bool(link.value()->open(Call::within(std::chrono::seconds(5)))));
    for (auto _ : state) {
        const auto reply =
            link.value()->query("B?", ReplyShape::Block, Call::within(std::chrono::seconds(5)));
        if (!reply || reply.value().size() != qsizetype(instrument.blockSize() - 1))
            state.SkipWithError("wrong block");
    }
    state.SetBytesProcessed(state.iterations() * int64_t(kBlock));
    link.value()->close();
}

// Wall time: half of each exchange is spent by the server's thread. Repetitions are interleaved by
// --benchmark_enable_random_interleaving=true (./dev bench), so that a noisy neighbour meets both.
void timed(benchmark::internal::Benchmark *benchmark)
{
    benchmark->UseRealTime()->Repetitions(9)->ReportAggregatesOnly();
}

BENCHMARK(queryPosix)->Name("query/reference")->Apply(timed);
BENCHMARK(queryTransport)->Name("query/transport")->Apply(timed);
BENCHMARK(queryHost)->Name("query/host")->Apply(timed);
BENCHMARK(blockPosix)->Name("block/reference")->Apply(timed);
BENCHMARK(blockTransport)->Name("block")->Apply(timed);

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    pinToCoreZero();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
