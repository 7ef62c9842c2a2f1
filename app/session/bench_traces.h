#pragma once

#include "drivers/transport/trace_ring.h"

#include <QList>

#include <memory>

namespace birch {

/// The latest traffic of the connections of a bench. A copy shares the rings: it goes on telling
/// what happens, and outlives the bench.
class BenchTraces
{
public:
    /// A ring of \a capacity bytes for the connections of one instrument, to come one after
    /// another; it takes the place of the one that was there.
    std::shared_ptr<TraceRing> add(const QString &nickname, const QString &address,
                                   qsizetype capacity);
    /// Null: no such instrument.
    std::shared_ptr<TraceRing> ring(const QString &nickname) const;
    QList<LinkTrace> snapshot() const;

private:
    struct Line {
        QString nickname;
        QString address;
        std::shared_ptr<TraceRing> ring;
    };
    QList<Line> m_lines;
};

} // namespace birch
