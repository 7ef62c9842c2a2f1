#pragma once

#include "core/data/run_state.h"

#include <QDateTime>
#include <QWidget>

class QLabel;
class QMenu;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace birch {

class ActionSet;

/// What the command bar shows; a value made by the window from the engine's signals.
struct CommandBarState {
    QueueState queue = QueueState::Idle;
    QString scanName;   ///< running or next; "" for none
    int scanNumber = 0; ///< 1-based position in the queue
    int scanCount = 0;
    qint64 points = 0;
    qint64 pointsPlanned = 0;
    QString ifPausedNow;        ///< a sentence; "" while nothing runs
    QDateTime ends;             ///< invalid: unknown
    QString safeState;          ///< what make safe is doing, "" when it is not
    bool isSafePending = false; ///< an instrument could not be driven safe yet
};

/// Always there, in every mode: state, what, how far, when it ends, pause, stop, and make safe.
class CommandBar : public QWidget
{
    Q_OBJECT
public:
    CommandBar(const QString &station, const ActionSet &actions, QWidget *parent = nullptr);

    void show(const CommandBarState &state);
    using QWidget::show;
    void refreshTheme();
    void setMenu(QMenu *menu); ///< behind the button at the left

private:
    QToolButton *m_menu;
    QLabel *m_pill;
    QLabel *m_what;
    QProgressBar *m_progress;
    QLabel *m_ends;
    QToolButton *m_start;
    QToolButton *m_pause;
    QAction *m_ifPausedNow; ///< a line in the menu of m_pause, not to be chosen
    QToolButton *m_stop;
    QPushButton *m_safe;
    const ActionSet &m_actions;
    CommandBarState m_state;
};

} // namespace birch
