#include "widgets/shell/command_bar.h"

#include "widgets/models/number_text.h"
#include "widgets/shell/action_set.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/state_look.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QToolButton *makeButton(QWidget *parent, QAction *action, const QList<QAction *> &more)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setMinimumHeight(36);
    button->setAccessibleName(action->text());
    if (!more.isEmpty()) {
        auto *menu = new QMenu(button);
        menu->addActions(more);
        button->setMenu(menu);
        button->setPopupMode(QToolButton::MenuButtonPopup);
    }
    return button;
}

} // namespace

CommandBar::CommandBar(const QString &station, const ActionSet &actions, QWidget *parent)
    : QWidget(parent)
    , m_menu(new QToolButton(this))
    , m_pill(new QLabel(this))
    , m_what(new QLabel(this))
    , m_progress(new QProgressBar(this))
    , m_ends(new QLabel(this))
    , m_start(makeButton(this, actions[u"start"_s], {}))
    , m_pause(makeButton(this, actions[u"pause"_s],
                         {actions[u"pause"_s], actions[u"pause-now"_s],
                          actions[u"pause-after-scan"_s], actions[u"resume"_s]}))
    , m_ifPausedNow(m_pause->menu()->addAction(QString()))
    , m_stop(makeButton(this, actions[u"stop"_s], {actions[u"stop"_s], actions[u"abort"_s]}))
    , m_safe(new QPushButton(tr("MAKE SAFE"), this))
    , m_actions(actions)
{
    setAutoFillBackground(true);
    m_ifPausedNow->setEnabled(false);
    m_pause->menu()->setToolTipsVisible(true);
    setAccessibleName(tr("Command bar"));
    auto *name = new QLabel(u"Birch · "_s + station, this);
    name->setForegroundRole(QPalette::PlaceholderText);
    m_pill->setAlignment(Qt::AlignCenter);
    m_pill->setMinimumSize(120, 32);
    m_pill->setAccessibleName(tr("State of the queue"));
    m_what->setAccessibleName(tr("Running scan"));
    m_what->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_progress->setAccessibleName(tr("Progress of the running scan"));
    m_progress->setTextVisible(false);
    m_progress->setMinimumWidth(140);
    m_progress->setMaximumWidth(320);
    m_ends->setAccessibleName(tr("How far it is and when it ends"));
    m_safe->setMinimumSize(130, 44);
    m_safe->setAccessibleName(tr("Make safe"));
    m_safe->setToolTip(actions[u"safe"_s]->toolTip());
    m_safe->setFocusPolicy(Qt::TabFocus);
    connect(m_safe, &QPushButton::clicked, actions[u"safe"_s], &QAction::trigger);

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 12, 6);
    layout->setSpacing(10);
    m_menu->setIcon(themeIcon(u"menu"_s));
    m_menu->setToolTip(tr("Menu"));
    m_menu->setAccessibleName(tr("Menu"));
    m_menu->setPopupMode(QToolButton::InstantPopup);
    m_menu->setMinimumSize(36, 36);
    layout->addWidget(m_menu);
    layout->addWidget(name);
    layout->addWidget(m_pill);
    layout->addWidget(m_what, 1);
    layout->addWidget(m_progress);
    layout->addWidget(m_ends);
    layout->addSpacing(8);
    layout->addWidget(m_start);
    layout->addWidget(m_pause);
    layout->addWidget(m_stop);
    layout->addSpacing(24);
    layout->addWidget(m_safe);
    m_start->setText(tr("Start"));
    m_pause->setText(tr("Resume")); // the longer one
    m_pause->setMinimumWidth(m_pause->sizeHint().width());
    refreshTheme();
}

void CommandBar::show(const CommandBarState &state)
{
    m_state = state;
    const StateLook look = lookOf(state.queue);
    const bool isActive = state.queue != QueueState::Idle;
    m_pill->setText(look.shape + u"  "_s + look.word.toUpper());
    m_pill->setStyleSheet(
        u"font-weight: bold; border: 2px solid %1; border-radius: 8px; color: %1; padding: 2px 10px;"_s
            .arg(look.color.name()));
    QString what = state.scanName;
    if (state.scanCount > 0 && state.scanNumber > 0)
        what = tr("%1, %2 of %3").arg(state.scanName).arg(state.scanNumber).arg(state.scanCount);
    if (!state.safeState.isEmpty())
        what = state.safeState;
    m_what->setText(what);
    m_what->setToolTip(what);
    m_progress->setVisible(isActive && state.pointsPlanned > 0);
    m_progress->setMaximum(1000);
    if (state.pointsPlanned > 0) {
        m_progress->setValue(int(state.points * 1000 / state.pointsPlanned));
    }
    // The number stands beside the bar: on it, one half would be hard to read.
    QStringList far;
    if (state.pointsPlanned > 0)
        far << u"%1 %"_s.arg(state.points * 100 / state.pointsPlanned);
    if (state.ends.isValid())
        far << tr("ends %1").arg(displayClock(state.ends, QDateTime::currentDateTime()));
    m_ends->setVisible(isActive && !far.isEmpty());
    m_ends->setText(far.join(u"   "_s));
    m_start->setVisible(!isActive);
    m_pause->setVisible(isActive);
    m_pause->setDefaultAction(
        m_actions[state.queue == QueueState::Paused ? u"resume"_s : u"pause"_s]);
    m_pause->setText(state.queue == QueueState::Paused ? tr("Resume") : tr("Pause"));
    m_ifPausedNow->setText(state.ifPausedNow);
    m_ifPausedNow->setVisible(!state.ifPausedNow.isEmpty());
    m_stop->setVisible(isActive);
    m_stop->setText(tr("Stop"));
}

void CommandBar::setMenu(QMenu *menu)
{
    m_menu->setMenu(menu);
}

void CommandBar::refreshTheme()
{
    const ThemeColors &colors = currentColors();
    QPalette background = palette();
    background.setColor(QPalette::Window, colors.raised);
    setPalette(background);
    m_safe->setIcon(themeIcon(u"safe"_s, colors.dangerText));
    m_safe->setStyleSheet(
        u"QPushButton { background: %1; color: %2; font-weight: bold; border: 0; "
        "border-radius: 6px; padding: 0 14px; } "
        "QPushButton:pressed, QPushButton:hover { background: %3; }"_s.arg(
            colors.danger.name(), colors.dangerText.name(), colors.danger.darker(115).name()));
    show(m_state);
}

} // namespace birch
