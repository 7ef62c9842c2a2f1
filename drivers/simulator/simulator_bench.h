#pragma once

#include "drivers/definition/bench_file.h"
#include "drivers/simulator/endpoint.h"
#include "drivers/simulator/fault_script.h"
#include "drivers/transport/resource.h"

#include <QMap>

#include <memory>
#include <optional>

namespace birch {

struct SimulatorOptions {
    std::optional<quint64> seed;      ///< instead of the bench's
    std::optional<double> timeFactor; ///< instead of the bench's; 10: everything ten times as fast
    QMap<QString, QString> faults;    ///< by nickname, instead of the bench's; see FaultScript
    bool hasControl = false;          ///< open a control port
    /// For clients that ask a portmapper: it knows the first VXI-11 instrument of the bench.
    std::optional<quint16> portmapperPort;
};

/// The instruments of a bench as servers: sockets, VXI-11 and HiSLIP servers on 127.0.0.1 and,
/// for serial addresses, pseudo-terminals, all on free places. Event-driven on the thread that
/// called start(), which must run an event loop and outlive it.
///
/// The control port (a simulator-only channel, one line per command, answered "ok" or "error: …"):
///     faults NICKNAME [SCRIPT]     sets the fault script of an instrument; none: no faults
class SimulatorBench
{
public:
    /// Errors: BadInput - a model, a fault script or an address that can not be simulated;
    /// NotConnected - no ports to be had.
    static Result<std::unique_ptr<SimulatorBench>> start(const BenchFile &bench,
                                                         const SimulatorOptions &options);
    ~SimulatorBench();

    QMap<QString, QString> addresses() const; ///< by nickname: VISA resource strings
    QString controlAddress() const;           ///< "" without hasControl

    /// Errors: NotFound, BadInput.
    Status setFaults(const QString &nickname, const QString &script);

private:
    SimulatorBench();
    struct Device;
    struct State;
    Result<std::unique_ptr<Endpoint>> makeEndpoint(Resource::Kind kind, const LinkOptions &link,
                                                   Endpoint::Handler handler);
    Status add(const BenchEntry &entry, const QString &faults);
    Status openControl();
    QByteArray control(const QByteArray &line);

    std::unique_ptr<State> m_state;
};

} // namespace birch
