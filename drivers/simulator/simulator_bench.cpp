#include "drivers/simulator/simulator_bench.h"

#include "drivers/simulator/faulty_writer.h"
#include "drivers/simulator/frame_peer.h"
#include "drivers/simulator/simulated_instrument.h"

#include <QCoreApplication>

#include <chrono>
#include <map>
#include <utility>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::SimulatorBench)
};

/// Seconds of the monotonic clock since the bench was started, times \a factor.
World::Seconds physicsTime(double factor)
{
    using Clock = std::chrono::steady_clock;
    return [start = Clock::now(), factor] {
        return std::chrono::duration<double>(Clock::now() - start).count() * factor;
    };
}
} // namespace

struct SimulatorBench::Device {
    std::unique_ptr<SimulatedInstrument> instrument;
    std::unique_ptr<FramePeer> peer; ///< null: it is spoken to in lines
    FaultScript faults;
    std::unique_ptr<Endpoint> endpoint; // last: stops calling before the others go
};

struct SimulatorBench::State {
    State(quint64 seed, QMap<QString, double> initial, double factor)
        : world(seed, std::move(initial), physicsTime(factor))
    {
    }
    World world;
    std::map<QString, Device> devices;
    std::unique_ptr<Endpoint> control;
    std::optional<quint16> portmapperPort; ///< until an instrument has it
};

SimulatorBench::SimulatorBench() = default;
SimulatorBench::~SimulatorBench() = default;

Result<std::unique_ptr<SimulatorBench>> SimulatorBench::start(const BenchFile &bench,
                                                              const SimulatorOptions &options)
{
    const double factor = options.timeFactor.value_or(bench.timeFactor);
    if (!(factor > 0))
        return Error{ErrorCode::BadInput, Text::tr("The time factor must be positive: use 1")};
    std::unique_ptr<SimulatorBench> simulator(new SimulatorBench);
    simulator->m_state =
        std::make_unique<State>(options.seed.value_or(bench.seed), bench.world, factor);
    simulator->m_state->portmapperPort = options.portmapperPort;
    for (const BenchEntry &entry : bench.entries) {
        const QString faults =
            options.faults.value(entry.nickname, entry.faults.join(QLatin1Char(' ')));
        if (Status added = simulator->add(entry, faults); !added)
            return added.error().within(entry.nickname);
    }
    for (auto it = options.faults.cbegin(); it != options.faults.cend(); ++it) {
        if (!bench.find(it.key()))
            return Error{ErrorCode::BadInput,
                         Text::tr("There is no instrument \"%1\" to give faults to: use a nickname "
                                  "of the bench")
                             .arg(it.key())};
    }
    if (options.hasControl) {
        if (Status opened = simulator->openControl(); !opened)
            return opened.error();
    }
    return simulator;
}

Result<std::unique_ptr<Endpoint>> SimulatorBench::makeEndpoint(Resource::Kind kind,
                                                               const LinkOptions &link,
                                                               Endpoint::Handler handler)
{
    const QByteArray &terminator = link.writeTerminator;
    switch (kind) {
    case Resource::Kind::Serial:
        return Endpoint::pseudoTerminal(terminator, std::move(handler), link.framing);
    case Resource::Kind::Vxi11:
        return Endpoint::vxi11(terminator, std::move(handler),
                               std::exchange(m_state->portmapperPort, std::nullopt));
    case Resource::Kind::Hislip:
        return Endpoint::hislip(terminator, std::move(handler));
    default:
        return Endpoint::socket(terminator, std::move(handler), link.framing);
    }
}

Status SimulatorBench::add(const BenchEntry &entry, const QString &faults)
{
    const auto resource = parseResource(entry.address);
    if (!resource)
        return resource.error();
    auto script = FaultScript::parse(faults);
    if (!script)
        return script.error();
    auto instrument = SimulatedInstrument::create(entry, m_state->world);
    if (!instrument)
        return instrument.error();
    Device &device = m_state->devices[entry.nickname];
    device.instrument = std::move(instrument).value();
    device.peer = makeFramePeer(*device.instrument);
    device.faults = std::move(script).value();
    const LinkOptions &link = entry.definition->link;
    const auto handler = [&device, terminator = link.readTerminator](const QByteArray &message,
                                                                     FaultyWriter &writer) {
        for (const QByteArray &reply :
             device.peer ? device.peer->respond(message) : device.instrument->respond(message)) {
            const std::vector<Fault> met = device.faults.next();
            if (findFault(met, Fault::Kind::Power))
                device.instrument->switchOffAndOn();
            if (findFault(met, Fault::Kind::Stranger))
                device.instrument->giveWayToStranger();
            writer.send(reply, terminator, met);
        }
    };
    auto endpoint = makeEndpoint(resource.value().kind, link, handler);
    if (!endpoint)
        return endpoint.error();
    device.endpoint = std::move(endpoint).value();
    return ok();
}

QMap<QString, QString> SimulatorBench::addresses() const
{
    QMap<QString, QString> addresses;
    for (const auto &[nickname, device] : m_state->devices)
        addresses.insert(nickname, device.endpoint->address());
    return addresses;
}

QString SimulatorBench::controlAddress() const
{
    return m_state->control ? m_state->control->address() : QString();
}

Status SimulatorBench::setFaults(const QString &nickname, const QString &script)
{
    const auto device = m_state->devices.find(nickname);
    if (device == m_state->devices.end())
        return Error{
            ErrorCode::NotFound,
            Text::tr("There is no instrument \"%1\": use a nickname of the bench").arg(nickname)};
    auto parsed = FaultScript::parse(script);
    if (!parsed)
        return parsed.error();
    device->second.faults = std::move(parsed).value();
    return ok();
}

Status SimulatorBench::openControl()
{
    auto endpoint = Endpoint::socket("\n", [this](const QByteArray &line, FaultyWriter &writer) {
        writer.send(control(line), "\n", {});
    });
    if (!endpoint)
        return endpoint.error();
    m_state->control = std::move(endpoint).value();
    return ok();
}

QByteArray SimulatorBench::control(const QByteArray &line)
{
    const QList<QByteArray> words = line.simplified().split(' ');
    if (words.size() < 2 || words.first() != "faults")
        return "error: write faults NICKNAME [SCRIPT]";
    const QString script = QString::fromUtf8(words.mid(2).join(' '));
    const Status done = setFaults(QString::fromUtf8(words[1]), script);
    return done ? QByteArray("ok") : "error: " + done.error().message.toUtf8();
}

} // namespace birch
