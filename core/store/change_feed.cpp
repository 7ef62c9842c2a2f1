#include "core/store/change_feed.h"

#include "core/store/change_listener.h"

#include <QHash>

namespace birch {

namespace {
ChangeAction folded(ChangeAction before, ChangeAction after)
{
    if (before == ChangeAction::Removed && after == ChangeAction::Added)
        return ChangeAction::Changed;
    return before == ChangeAction::Added && after == ChangeAction::Changed ? before : after;
}
} // namespace

ChangeFeed::ChangeFeed(const Database &database, QObject *parent)
    : QObject(parent)
    , m_listener(std::make_unique<Listener>(database, this))
{
    qRegisterMetaType<QList<Change>>();
}

ChangeFeed::~ChangeFeed() = default;

void ChangeFeed::customEvent(QEvent *)
{
    const Listener::News news = m_listener->take();
    if (news.isAnything)
        emit anythingMayHaveChanged();
    else
        emit changed(foldedChanges(news.changes));
}

QList<Change> foldedChanges(const QList<Change> &changes)
{
    QList<Change> result;
    QHash<std::pair<QString, QUuid>, qsizetype> places;
    for (const Change &change : changes) {
        const auto key = std::pair(change.kind, change.uid);
        const auto known = places.constFind(key);
        if (known != places.cend()) {
            result[*known].action = folded(result[*known].action, change.action);
            continue;
        }
        places.insert(key, result.size());
        result.append(change);
    }
    return result;
}

} // namespace birch
