// A query over each transport, and over SOCKET through an InstrumentHost, beside the same exchange
// of bytes by bare POSIX calls, and a 4 MB block: the ratios are what counts. Client and server
// share one core, so that no wake-up crosses cores (which costs ten times the query).

#include "bench/echo_instrument.h"
#include "core/instrument/instrument_host.h"
#include "drivers/transport/make_transport.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRegularExpression>

#include <benchmark/benchmark.h>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::bench;

namespace {

constexpr auto kExchange = std::chrono::seconds(5);

template<typename Server>
void queryPosix(benchmark::State &state)
{
    Server instrument;
    instrument.open();
    std::string answer;
    for (auto _ : state) {
        instrument.exchange(kQuery, answer);
        benchmark::DoNotOptimize(answer.data());
    }
}

template<typename Server>
void queryTransport(benchmark::State &state)
{
    Server instrument;
    const auto link = makeTransport(QString::fromStdString(instrument.address()), {});
    require(bool(link.value()->open(Call::within(kExchange))));
    for (auto _ : state) {
        auto reply = link.value()->query("MEAS:VOLT?", ReplyShape::Line, Call::within(kExchange));
        if (!reply || reply.value().size() != sizeof kAnswer - 2)
            state.SkipWithError("wrong reply");
    }
    link.value()->close();
}

/// The same question to the same server on the same core by lxi-tools, as it counts itself.
void queryLxi(benchmark::State &state)
{
    static const QRegularExpression rate(u"([0-9.]+) requests/second"_s);
    const EchoSocket instrument;
    for (auto _ : state) {
        QProcess lxi;
        lxi.start(u"lxi"_s, {u"benchmark"_s, u"--raw"_s, u"-a"_s, u"127.0.0.1"_s, u"-p"_s,
                             QString::number(instrument.port()), u"-c"_s, u"2000"_s});
        require(lxi.waitForFinished());
        const auto said = rate.match(QString::fromLatin1(lxi.readAllStandardOutput()));
        require(said.hasMatch());
        state.SetIterationTime(1 / said.captured(1).toDouble());
    }
}

/// As little of an instrument as can be queried: what is measured is host and transport.
class BareInstrument final : public Instrument
{
public:
    explicit BareInstrument(const std::string &address)
        : m_link(makeTransport(QString::fromStdString(address), {}).value())
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
    EchoSocket instrument;
    InstrumentHost host(
        u"bare"_s, {}, [&] { return std::make_unique<BareInstrument>(instrument.address()); },
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

template<typename Server>
void blockPosix(benchmark::State &state)
{
    Server instrument;
    instrument.open();
    std::string block;
    for (auto _ : state) {
        instrument.exchange("B?\n", block);
        benchmark::DoNotOptimize(block.data());
    }
    state.SetBytesProcessed(state.iterations() * int64_t(kBlock));
}

template<typename Server>
void blockTransport(benchmark::State &state)
{
    Server instrument;
    const auto link = makeTransport(QString::fromStdString(instrument.address()), {});
    require(bool(link.value()->open(Call::within(kExchange))));
    for (auto _ : state) {
        const auto reply = link.value()->query("B?", ReplyShape::Block, Call::within(kExchange));
        if (!reply || reply.value().size() != qsizetype(instrument.block().size() - 1))
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

BENCHMARK(queryPosix<EchoSocket>)->Name("query/reference")->Apply(timed);
BENCHMARK(queryTransport<EchoSocket>)->Name("query/transport")->Apply(timed);
BENCHMARK(queryLxi)
    ->Name("query/lxi")
    ->UseManualTime()
    ->Iterations(1)
    ->Repetitions(9)
    ->ReportAggregatesOnly();
BENCHMARK(queryHost)->Name("query/host")->Apply(timed);
BENCHMARK(blockPosix<EchoSocket>)->Name("block/reference")->Apply(timed);
BENCHMARK(blockTransport<EchoSocket>)->Name("block")->Apply(timed);
BENCHMARK(queryPosix<EchoVxi11>)->Name("query/vxi11/reference")->Apply(timed);
BENCHMARK(queryTransport<EchoVxi11>)->Name("query/vxi11")->Apply(timed);
BENCHMARK(blockPosix<EchoVxi11>)->Name("block/vxi11/reference")->Apply(timed);
BENCHMARK(blockTransport<EchoVxi11>)->Name("block/vxi11")->Apply(timed);
BENCHMARK(queryPosix<EchoHislip>)->Name("query/hislip/reference")->Apply(timed);
BENCHMARK(queryTransport<EchoHislip>)->Name("query/hislip")->Apply(timed);
BENCHMARK(blockPosix<EchoHislip>)->Name("block/hislip/reference")->Apply(timed);
BENCHMARK(blockTransport<EchoHislip>)->Name("block/hislip")->Apply(timed);

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
