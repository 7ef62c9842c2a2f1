#include "core/engine/bench_safe.h"

#include <utility>

namespace birch {

BenchSafe::BenchSafe(Bench &bench, Clock &clock, Log background, SafeOptions options)
    : m_background(std::move(background))
    , m_sequence(bench, clock, options)
{
    QObject::connect(&m_sequence, &SafeSequence::step, &m_sequence,
                     [this](const ScanLogEntry &entry) {
                         const Log &log = m_waiting.empty() ? m_background : m_waiting.back().log;
                         log(entry.level, entry.message);
                     });
    QObject::connect(&m_sequence, &SafeSequence::finished, &m_sequence,
                     [this](const SafeReport &report) {
                         const auto waiting = std::exchange(m_waiting, {});
                         for (const Waiting &one : waiting)
                             one.done(report.isSafe());
                     });
}

void BenchSafe::drive(const QStringList &nicknames, Log log, std::function<void(bool)> done)
{
    m_waiting.push_back({std::move(log), std::move(done)});
    m_sequence.start(nicknames);
}

} // namespace birch
