// Bench files: whatever the bytes, loading answers with a bench or with problems.
#include "drivers/definition/bench_file.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    using namespace birch;
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    const BenchLoad load = loadBenchText(
        text, QStringLiteral("/nonexistent/fuzz.bench.yaml"),
        {qEnvironmentVariable("BIRCH_SOURCE_DIR") + QStringLiteral("/resources/instruments")});
    if (load.bench.has_value() != load.problems.isEmpty())
        std::abort();
    return 0;
}
