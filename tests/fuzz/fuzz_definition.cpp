// Instrument definitions come from anywhere: whatever the bytes, loading answers with a definition
// or with problems. A definition that loads is turned round for the simulator as well.
#include "drivers/definition/definition_loader.h"
#include "drivers/simulator/simulated_instrument.h"

#include <cstdint>
#include <cstdlib>

static constexpr char kBase[] = R"(schema: 1
id: base
manufacturer: Probe
model: P1
identity: {query: "*IDN?", pattern: '^PROBE,'}
movements:
  level: {unit: V, limits: [-10, 10], set: "VOLT {value}", get: "VOLT?"}
parameters:
  nplc: {type: number, get: "NPLC?", set: "NPLC {value}"}
)";

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    using namespace birch;
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    // "base" is a definition to extend; any other id leads back to the same text.
    const DefinitionLoad load =
        loadDefinitionText(text, QStringLiteral("fuzz"), [&](const QString &id) {
            const bool isBase = id == QStringLiteral("base");
            return Result<DefinitionFile>(DefinitionFile{id, isBase ? QByteArray(kBase) : text});
        });
    if (bool(load.definition) != load.problems.isEmpty())
        std::abort();
    if (!load.definition)
        return 0;
    World world(1, {}, [] { return 0.0; });
    BenchEntry entry;
    entry.nickname = QStringLiteral("fuzz");
    entry.definition = load.definition;
    const auto instrument = SimulatedInstrument::create(entry, world);
    if (!instrument)
        return 0;
    for (const MovementCommands &movement : load.definition->movements) {
        (void)instrument.value()->respond(movement.set.filled("1"));
        (void)instrument.value()->respond(movement.get);
    }
    return 0;
}
