#include "core/instrument/connection_event.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::array kSteps{QLatin1String("connecting"), QLatin1String("ready"),
                            QLatin1String("fault"),      QLatin1String("reconnecting"),
                            QLatin1String("back"),       QLatin1String("offline")};
constexpr std::array kFaults{QLatin1String("none"),     QLatin1String("timeout"),
                             QLatin1String("protocol"), QLatin1String("closed"),
                             QLatin1String("refused"),  QLatin1String("wrong_identity")};

template<typename Enum, typename Names>
Enum fromName(const Names &names, const QString &name)
{
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? Enum() : Enum(found - names.begin());
}
} // namespace

QString connectionStepName(ConnectionStep step)
{
    return kSteps[size_t(step)];
}

QString connectionFaultName(ConnectionFault fault)
{
    return kFaults[size_t(fault)];
}

ConnectionStep connectionStepFromName(const QString &name)
{
    return fromName<ConnectionStep>(kSteps, name);
}

ConnectionFault connectionFaultFromName(const QString &name)
{
    return fromName<ConnectionFault>(kFaults, name);
}

ConnectionFault connectionFaultOf(const Error &error, bool isAnother, bool wasOpen)
{
    if (isAnother)
        return ConnectionFault::WrongIdentity;
    if (error.code == ErrorCode::Timeout)
        return ConnectionFault::Timeout;
    if (error.code == ErrorCode::Conflict) // another client holds it
        return ConnectionFault::Refused;
    if (error.code == ErrorCode::NotConnected)
        return wasOpen ? ConnectionFault::Closed : ConnectionFault::Refused;
    return ConnectionFault::Protocol;
}

} // namespace birch
