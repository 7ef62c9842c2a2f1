#pragma once

#include "core/base/result.h"
#include "drivers/transport/trace.h"

namespace birch {

/// Traces as a text that people read in a bug report and a test plays back:
///
///     birch trace 1
///     connection smu TCPIP0::192.0.2.7::5025::SOCKET
///     2026-11-21T18:20:00.123456789Z +0.000000000 connect
///     2026-11-21T18:20:00.124456789Z +0.001000000 > "*IDN?\n"
///     2026-11-21T18:20:00.125456789Z +0.002000000 < "ACME,M1,1,1.0\n"
///
/// `<.` ends a message; a number between mark and quote says how many bytes there were where not
/// all are there. Of a connection that fills more than 32 MiB of text only the end is written.
QByteArray traceToText(const QList<LinkTrace> &traces);

/// One event without its time, as above: `> "*IDN?\n"`.
QByteArray traceEventText(const TraceRecord &record);

/// Errors: BadInput, with the line.
Result<QList<LinkTrace>> traceFromText(QByteArrayView text);

} // namespace birch
