#include "widgets/shell/mode_bar.h"

#include <QAction>
#include <QToolButton>
#include <QVBoxLayout>

namespace birch {

ModeBar::ModeBar(const QList<QAction *> &modes, QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Modes"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(4, 8, 4, 8);
    layout->setSpacing(4);
    for (QAction *mode : modes) {
        auto *button = new QToolButton(this);
        button->setDefaultAction(mode);
        button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
        button->setIconSize(QSize(24, 24));
        button->setMinimumSize(88, 60);
        button->setAccessibleName(mode->text());
        layout->addWidget(button);
    }
    layout->addStretch(1);
}

} // namespace birch
