#pragma once

#include "core/base/error.h"

#include <QMetaType>
#include <QString>

namespace birch {

/// One change of a connection, as histories keep it. Stored by name: never rename.
enum class ConnectionStep : quint8 {
    Connecting,
    Ready,
    Fault,
    Reconnecting, ///< the 1st, 2nd, 4th, 8th … attempt since the fault
    Back,         ///< as Ready, after a fault
    Offline       ///< closed on request
};

enum class ConnectionFault : quint8 {
    None,
    Timeout,      ///< no answer in time
    Protocol,     ///< an answer that was not understood
    Closed,       ///< lost while it was in use
    Refused,      ///< can not be reached, or is held by another client
    WrongIdentity ///< another instrument answers
};

struct ConnectionEvent {
    ConnectionStep step = ConnectionStep::Connecting;
    ConnectionFault fault = ConnectionFault::None; ///< of Fault, Reconnecting and Back
    int attempt = 0;                               ///< attempts to connect again since the fault
    QString reason = {};   ///< one sentence; "" where there is nothing to say
    QString identity = {}; ///< of Ready and Back: who answers
    qint64 atUs = 0;       ///< microseconds UTC

    bool operator==(const ConnectionEvent &) const = default;
};

QString connectionStepName(ConnectionStep step);    ///< "connecting" … as stored
QString connectionFaultName(ConnectionFault fault); ///< "none" … as stored
/// Connecting, None for an unknown name.
ConnectionStep connectionStepFromName(const QString &name);
ConnectionFault connectionFaultFromName(const QString &name);

/// What kind of fault an error of an instrument is. \a wasOpen: while its link was in use.
ConnectionFault connectionFaultOf(const Error &error, bool isAnother, bool wasOpen);

} // namespace birch

Q_DECLARE_METATYPE(birch::ConnectionEvent)
