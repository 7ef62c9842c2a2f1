#include "widgets/shell/queue_actions.h"

#include "core/base/id.h"
#include "core/engine/queue_engine.h"
#include "widgets/models/queue_model.h"
#include "widgets/queue/queue_panel.h"
#include "widgets/queue/turn_dialog.h"
#include "widgets/shell/action_set.h"

#include <QAction>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// As it would wait once more.
QueueItem copyOf(const QueueItem &item)
{
    QueueItem copy;
    copy.id = newUid();
    copy.name = item.name;
    copy.plan = item.plan;
    copy.tree = item.tree;
    copy.details = item.details;
    copy.turn = item.turn;
    copy.turn.repeatsDone = 0;
    copy.turn.isNow = copy.turn.isRetry = false;
    return copy;
}
} // namespace

QueueActions::QueueActions(const WindowContext &context, const ActionSet &actions,
                           QueueModel &model, QueuePanel &panel)
    : QObject(&panel)
    , m_engine(context.engine)
    , m_actions(actions)
    , m_model(model)
    , m_panel(panel)
{
    const auto onSelected = [this, &actions](const char16_t *action,
                                             void (QueueEngine::*call)(const QUuid &)) {
        connect(actions[QString::fromUtf16(action)], &QAction::triggered, this,
                [this, call] { (m_engine.*call)(m_panel.selected()); });
    };
    onSelected(u"queue-now", &QueueEngine::runNow);
    onSelected(u"queue-again", &QueueEngine::requeue);
    connect(actions[u"queue-ready"_s], &QAction::triggered, this, &QueueActions::toggleReady);
    connect(actions[u"queue-turn"_s], &QAction::triggered, this, &QueueActions::editTurn);
    connect(actions[u"queue-duplicate"_s], &QAction::triggered, this, &QueueActions::duplicate);
    connect(actions[u"queue-clear"_s], &QAction::triggered, &m_engine, &QueueEngine::removeEnded);
}

QList<QAction *> QueueActions::menu(const ActionSet &actions)
{
    return {actions[u"queue-now"_s],       actions[u"queue-ready"_s], actions[u"queue-turn"_s],
            actions[u"queue-duplicate"_s], actions[u"queue-again"_s], actions[u"queue-remove"_s],
            actions[u"queue-clear"_s]};
}

const QueueItem *QueueActions::selected() const
{
    const int row = m_model.rowOf(m_panel.selected());
    return row < 0 ? nullptr : &m_model.item(row);
}

void QueueActions::refresh(bool isAcquire)
{
    const QueueItem *item = isAcquire ? selected() : nullptr;
    const bool isWaiting = item && item->state == ScanState::Queued;
    for (const auto &id : {u"queue-now"_s, u"queue-ready"_s, u"queue-turn"_s})
        m_actions[id]->setEnabled(isWaiting);
    m_actions[u"queue-ready"_s]->setChecked(isWaiting && item->turn.isReady);
    m_actions[u"queue-duplicate"_s]->setEnabled(item);
    m_actions[u"queue-again"_s]->setEnabled(
        item && (isFinal(item->state) || item->state == ScanState::Interrupted));
    bool isAnyOver = false;
    for (int row = 0; row < m_model.rowCount(); ++row)
        isAnyOver |= isFinal(m_model.item(row).state);
    m_actions[u"queue-clear"_s]->setEnabled(isAcquire && isAnyOver);
}

void QueueActions::toggleReady()
{
    const QueueItem *item = selected();
    if (!item)
        return;
    ItemTurn turn = item->turn;
    turn.isReady = !turn.isReady;
    m_engine.setTurn(item->id, turn);
}

void QueueActions::editTurn()
{
    const QueueItem *item = selected();
    if (!item)
        return;
    const QUuid id = item->id; // the queue goes on while the dialog is open
    TurnDialog dialog(item->details.title.isEmpty() ? item->name : item->details.title, item->turn,
                      &m_panel);
    if (dialog.exec() == QDialog::Accepted)
        m_engine.setTurn(id, dialog.turn());
}

void QueueActions::duplicate()
{
    const QueueItem *item = selected();
    if (!item)
        return;
    const int row = m_model.rowOf(item->id);
    const QueueItem copy = copyOf(*item);
    m_engine.add(copy);
    m_engine.move(copy.id, row + 1);
}

} // namespace birch
