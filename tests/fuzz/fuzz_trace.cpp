#include "drivers/transport/replay_transport.h"
#include "drivers/transport/trace_player.h"
#include "drivers/transport/trace_text.h"

#include <cstdlib>

using namespace birch;

namespace {
void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// Sends what was sent and reads what comes: ends, whatever the order of the records.
void play(const LinkTrace &trace)
{
    TracePlayer player(trace);
    char bytes[16];
    (void)player.connect();
    for (const TraceRecord &record : trace.records) {
        if (record.kind == TraceRecord::Kind::Send)
            (void)player.send(record.bytes);
        for (qsizetype i = 0; i <= record.bytes.size(); ++i)
            require(player.receive(bytes, sizeof bytes).size <= qsizetype(sizeof bytes));
        if (!player.isOpen())
            (void)player.connect();
    }
}
} // namespace

/// What is understood of a trace means the same when it is written again, and can be played.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView text(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto traces = traceFromText(text);
    if (!traces)
        return 0;
    for (const LinkTrace &trace : traces.value()) {
        for (const TraceRecord &record : trace.records)
            require(record.bytes.size() <= record.total);
        play(trace);
    }
    const QByteArray written = traceToText(traces.value());
    const auto again = traceFromText(written);
    require(bool(again) && again.value().size() == traces.value().size());
    require(traceToText(again.value()) == written);
    return 0;
}
