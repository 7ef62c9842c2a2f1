#include "widgets/history/history_panel.h"

#include <QAction>
#include <QToolButton>
#include <QVBoxLayout>

namespace birch {

HistoryPanel::HistoryPanel(StoreReader &reader, const QList<QAction *> &actions, QWidget *parent)
    : QWidget(parent)
    , m_reader(reader)
{
    auto *layout = new QVBoxLayout(this);
    for (QAction *action : actions) {
        auto *button = new QToolButton(this);
        button->setDefaultAction(action);
        layout->addWidget(button);
    }
}

void HistoryPanel::refresh()
{
    (void)m_reader;
}

void HistoryPanel::editSelected() {}

void HistoryPanel::exportSelected() {}

void HistoryPanel::showScan(const QString &) {}

} // namespace birch
