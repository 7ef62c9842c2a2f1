#include "app/session/bench_traces.h"

namespace birch {

std::shared_ptr<TraceRing> BenchTraces::add(const QString &nickname, const QString &address,
                                            qsizetype capacity)
{
    m_lines.removeIf([&](const Line &line) { return line.nickname == nickname; });
    m_lines.append({nickname, address, std::make_shared<TraceRing>(capacity)});
    return m_lines.last().ring;
}

std::shared_ptr<TraceRing> BenchTraces::ring(const QString &nickname) const
{
    for (const Line &line : m_lines) {
        if (line.nickname == nickname)
            return line.ring;
    }
    return {};
}

QList<LinkTrace> BenchTraces::snapshot() const
{
    QList<LinkTrace> traces;
    for (const Line &line : m_lines)
        traces.append(line.ring->snapshot(line.nickname, line.address));
    return traces;
}

} // namespace birch
