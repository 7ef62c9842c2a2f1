#pragma once

#include "app/cli/command.h"
#include "app/session/bench_traces.h"
#include "core/base/file_writer.h"

#include <optional>

namespace birch::cli {

/// --trace FILE
QCommandLineOption traceOption();

/// The file that --trace names, if it does. Begun before anything runs, so that a name that can not
/// be written is told at once; whole, and readable by its owner alone, after write().
class TraceOutput
{
public:
    /// Errors: those of FileWriter.
    static Result<TraceOutput> open(const Invocation &invocation);
    /// What each connection keeps in memory.
    qsizetype capacity() const { return m_file ? TraceRing::kLarge : TraceRing::kUsual; }
    /// Says on stderr what came of it; nothing where no trace was asked for.
    void write(const Invocation &invocation, const BenchTraces &traces);

private:
    std::optional<FileWriter> m_file;
};

} // namespace birch::cli
