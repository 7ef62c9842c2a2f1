#pragma once

#include <QUuid>
#include <QWidget>

class QLabel;
class QStackedWidget;
class QTableView;

namespace birch {

class QueueModel;

/// The queue: number, name, state, progress, time; reorder by drag. What can be done with it is the
/// window's actions, which appear as buttons above.
class QueuePanel : public QWidget
{
    Q_OBJECT
public:
    QueuePanel(QueueModel &model, const QList<QAction *> &actions, QWidget *parent = nullptr);

    /// On a right click into the list.
    void setMenu(const QList<QAction *> &actions);
    QUuid selected() const; ///< null: nothing
    void select(const QUuid &id);
    QTableView *view() const { return m_view; }

signals:
    void selectionChanged(const QUuid &id);

private:
    QueueModel &m_model;
    QTableView *m_view;
    QStackedWidget *m_stack;
};

} // namespace birch
