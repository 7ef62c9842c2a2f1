#include "widgets/shell/pause_bar.h"

#include "widgets/shell/action_set.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace birch {

PauseBar::PauseBar(const ActionSet &actions, QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
{
    setAccessibleName(tr("Pause"));
    m_text->setWordWrap(true);
    m_text->setAccessibleName(tr("Why the queue is paused, and what is repeated"));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *resume = new QToolButton(this);
    resume->setDefaultAction(actions[u"resume"_s]);
    resume->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    resume->setMinimumHeight(28);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 8, 4);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(resume);
    refreshTheme();
    hide();
}

void PauseBar::showPause(bool isPaused, const QString &note)
{
    setVisible(isPaused || !note.isEmpty());
    m_text->setText(!isPaused        ? tr("Pausing. %1").arg(note)
                    : note.isEmpty() ? tr("Paused before the next scan.")
                                     : tr("Paused. %1").arg(note));
}

void PauseBar::refreshTheme()
{
    const ThemeColors &colors = currentColors();
    m_icon->setPixmap(themeIcon(u"pause"_s, colors.warning).pixmap(20, 20));
    setStyleSheet(
        u"birch--PauseBar { background: %1; border: 0; border-left: 6px solid %2; }"_s.arg(
            colors.surface.name(), colors.warning.name()));
}

QString PauseBar::text() const
{
    return isHidden() ? QString() : m_text->text();
}

} // namespace birch
