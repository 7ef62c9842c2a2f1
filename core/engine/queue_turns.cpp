#include "core/engine/queue_turns.h"

#include <algorithm>

namespace birch {

namespace {
int rankOf(const ItemTurn &turn)
{
    return turn.isNow ? 0 : turn.isRetry ? 2 : 1;
}

bool comesBefore(const QueueItem &a, const QueueItem &b)
{
    const int rankA = rankOf(a.turn);
    const int rankB = rankOf(b.turn);
    return rankA != rankB ? rankA < rankB : a.turn.priority > b.turn.priority;
}

bool isFree(const QueueItem &item, const QSet<QString> &busy)
{
    const QStringList &needs = item.plan->instruments;
    return std::none_of(needs.begin(), needs.end(),
                        [&busy](const QString &nickname) { return busy.contains(nickname); });
}
} // namespace

TurnChoice chooseNext(const TurnRound &round)
{
    TurnChoice choice;
    for (size_t row = 0; row < round.items.size(); ++row) {
        const QueueItem &item = *round.items[row];
        if (item.state != ScanState::Queued)
            continue;
        if (!item.turn.isNow) {
            if (!item.turn.isReady || (!round.only.isEmpty() && !round.only.contains(item.id)))
                continue;
            if (item.turn.notBeforeUs > round.nowUs) {
                choice.wakeUs = choice.wakeUs == 0 ? item.turn.notBeforeUs
                                                   : std::min(choice.wakeUs, item.turn.notBeforeUs);
                continue;
            }
        }
        if (!isFree(item, round.busy))
            continue;
        if (choice.row < 0 || comesBefore(item, *round.items[size_t(choice.row)]))
            choice.row = int(row);
    }
    return choice;
}

} // namespace birch
