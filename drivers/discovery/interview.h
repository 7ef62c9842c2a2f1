#pragma once

#include "core/base/call.h"
#include "core/base/result.h"
#include "drivers/transport/trace_ring.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace birch {

/// What an instrument may be asked without changing anything in it, and what its answer is good
/// for.
struct Probe {
    enum class Kind : quint8 { Number, Numbers, Switch, Text };
    QByteArray query;
    Kind kind = Kind::Text;
    const char *key = "";
    const char *label = "";
    const char *unit = "";
};

/// What it answered.
struct Interview {
    QString address;
    QString identity;
    bool hasErrorQueue = false; ///< SYST:ERR? was answered as SCPI says
    QByteArray version;         ///< of SCPI; "": not told
    QByteArray options;
    bool hasStatusByte = false; ///< *STB?
    struct Answer {
        Probe probe;
        QByteArray reply;
    };
    QList<Answer> answers; ///< those that are what their probe expects
};

/// Connects and asks: who it is, its errors and its version of SCPI; and where it speaks SCPI some
/// settings. Queries alone, none of which measures, triggers or sets; what an instrument does not
/// know it may complain about (the complaints are read away in the end). Blocks its thread for up
/// to 20 s, less with \a call. Errors: those of the transport, of *IDN? alone.
Result<Interview> interview(const QString &address, const Call &call,
                            std::shared_ptr<TraceRing> trace = {});

} // namespace birch
