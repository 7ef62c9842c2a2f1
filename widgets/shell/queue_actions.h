#pragma once

#include "widgets/shell/window_context.h"

#include <QObject>

class QAction;

namespace birch {

class ActionSet;
class QueueModel;
class QueuePanel;

/// What the queue's menu does with the selected scan.
class QueueActions : public QObject
{
    Q_OBJECT
public:
    /// All outlive it.
    QueueActions(const WindowContext &context, const ActionSet &actions, QueueModel &model,
                 QueuePanel &panel);

    /// As the selected scan allows.
    void refresh(bool isAcquire);
    /// In the order of the menu.
    static QList<QAction *> menu(const ActionSet &actions);

private:
    const QueueItem *selected() const; ///< null: none
    void toggleReady();
    void editTurn();
    void duplicate();

    QueueEngine &m_engine;
    const ActionSet &m_actions;
    QueueModel &m_model;
    QueuePanel &m_panel;
};

} // namespace birch
