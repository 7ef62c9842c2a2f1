#pragma once

#include "core/base/call.h"
#include "core/base/result.h"

#include <QMap>
#include <QProcess>

#include <optional>

namespace birch {

/// The simulated instruments of a bench as a child process (`birchctl instruments simulate`). It
/// ends when its standard input closes, so it can not outlive us, however we end.
class SimulatorProcess
{
public:
    SimulatorProcess() = default;
    ~SimulatorProcess();
    SimulatorProcess(const SimulatorProcess &) = delete;
    SimulatorProcess &operator=(const SimulatorProcess &) = delete;

    /// Starts it and waits until every instrument listens: nickname -> address. \a speed: of its
    /// physics; none: as the bench file says.
    /// Blocks up to \a call's deadline. Errors: NotFound (no birchctl beside this program),
    /// Timeout, Protocol (it said something else; its own words are quoted).
    Result<QMap<QString, QString>> start(const QString &benchFile, const Call &call,
                                         std::optional<double> speed = {});

private:
    QProcess m_process;
};

} // namespace birch
