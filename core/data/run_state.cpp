#include "core/data/run_state.h"

#include <array>

namespace birch {

namespace {

struct ScanRow {
    ScanState state;
    const char16_t *name;
};
constexpr std::array kScanStates{
    ScanRow{ScanState::Queued, u"queued"},           ScanRow{ScanState::Running, u"running"},
    ScanRow{ScanState::Paused, u"paused"},           ScanRow{ScanState::Completed, u"completed"},
    ScanRow{ScanState::Aborted, u"aborted"},         ScanRow{ScanState::Failed, u"failed"},
    ScanRow{ScanState::Interrupted, u"interrupted"},
};

struct QueueRow {
    QueueState state;
    const char16_t *name;
};
constexpr std::array kQueueStates{
    QueueRow{QueueState::Idle, u"idle"},
    QueueRow{QueueState::Running, u"running"},
    QueueRow{QueueState::Paused, u"paused"},
    QueueRow{QueueState::Stopping, u"stopping"},
};

template<typename State>
struct Edge {
    State from;
    State to;
};
using S = ScanState;
constexpr std::array kScanEdges{
    Edge<S>{S::Queued, S::Running},      Edge<S>{S::Queued, S::Aborted},
    Edge<S>{S::Queued, S::Failed},       Edge<S>{S::Running, S::Paused},
    Edge<S>{S::Running, S::Completed},   Edge<S>{S::Running, S::Aborted},
    Edge<S>{S::Running, S::Failed},      Edge<S>{S::Running, S::Interrupted},
    Edge<S>{S::Paused, S::Running},      Edge<S>{S::Paused, S::Completed},
    Edge<S>{S::Paused, S::Aborted},      Edge<S>{S::Paused, S::Failed},
    Edge<S>{S::Paused, S::Interrupted},  Edge<S>{S::Interrupted, S::Running},
    Edge<S>{S::Interrupted, S::Aborted}, // closed by the operator, rows kept
};
using Q = QueueState;
constexpr std::array kQueueEdges{
    Edge<Q>{Q::Idle, Q::Running}, Edge<Q>{Q::Running, Q::Paused}, Edge<Q>{Q::Running, Q::Stopping},
    Edge<Q>{Q::Running, Q::Idle}, Edge<Q>{Q::Paused, Q::Running}, Edge<Q>{Q::Paused, Q::Stopping},
    Edge<Q>{Q::Paused, Q::Idle},  Edge<Q>{Q::Stopping, Q::Idle},
};

template<typename Edges, typename State>
bool holds(const Edges &edges, State from, State to)
{
    for (const auto &edge : edges) {
        if (edge.from == from && edge.to == to)
            return true;
    }
    return false;
}

} // namespace

QString scanStateName(ScanState state)
{
    return QString::fromUtf16(kScanStates[size_t(state)].name);
}

std::optional<ScanState> scanStateFromName(const QString &name)
{
    for (const ScanRow &row : kScanStates) {
        if (name == QStringView(row.name))
            return row.state;
    }
    return {};
}

QString queueStateName(QueueState state)
{
    return QString::fromUtf16(kQueueStates[size_t(state)].name);
}

std::optional<QueueState> queueStateFromName(const QString &name)
{
    for (const QueueRow &row : kQueueStates) {
        if (name == QStringView(row.name))
            return row.state;
    }
    return {};
}

bool isAllowed(ScanState from, ScanState to)
{
    return holds(kScanEdges, from, to);
}

bool isAllowed(QueueState from, QueueState to)
{
    return holds(kQueueEdges, from, to);
}

bool isFinal(ScanState state)
{
    return state == ScanState::Completed || state == ScanState::Aborted ||
           state == ScanState::Failed;
}

} // namespace birch
