#include "widgets/queue/queue_panel.h"

#include "widgets/models/queue_model.h"
#include "widgets/queue/queue_delegate.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

QueuePanel::QueuePanel(QueueModel &model, const QList<QAction *> &actions, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_view(new QTableView(this))
    , m_stack(new QStackedWidget(this))
{
    auto *top = new QHBoxLayout;
    top->addStretch(1);
    for (QAction *action : actions) {
        auto *button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAccessibleName(action->text());
        top->addWidget(button);
    }

    m_view->setModel(&model);
    m_view->setItemDelegate(new QueueDelegate(m_view));
    m_view->setAccessibleName(tr("Queue"));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setDragDropMode(QAbstractItemView::InternalMove);
    m_view->setDragDropOverwriteMode(false);
    m_view->setDropIndicatorShown(true);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->verticalHeader()->setDefaultAlignment(Qt::AlignCenter);
    m_view->verticalHeader()->setHighlightSections(false);
    m_view->verticalHeader()->setSectionsClickable(false);
    m_view->setCornerButtonEnabled(false);
    m_view->verticalHeader()->setDefaultSectionSize(44);
    QHeaderView *header = m_view->horizontalHeader();
    header->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    header->setSectionResizeMode(QueueModel::NameColumn, QHeaderView::Stretch);
    header->setSectionResizeMode(QueueModel::StateColumn, QHeaderView::ResizeToContents);
    m_view->setColumnWidth(QueueModel::ProgressColumn, 100);

    auto *hint = new QLabel(tr("The queue is empty. Build a scan tree below and press Ctrl+Enter, "
                               "or open a queue file."),
                            this);
    hint->setAlignment(Qt::AlignCenter);
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(hint);
    m_stack->addWidget(m_view);
    const auto showHint = [this] { m_stack->setCurrentIndex(m_model.rowCount() == 0 ? 0 : 1); };
    connect(&model, &QAbstractItemModel::rowsInserted, this, showHint);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, showHint);
    // The header looks at its contents when they change, not when there are more of them.
    connect(&model, &QAbstractItemModel::rowsInserted, m_view,
            [this] { m_view->resizeColumnToContents(QueueModel::StateColumn); });
    showHint();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->addWidget(m_stack, 1);
    layout->addLayout(top);
    setMinimumWidth(400);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this] { emit selectionChanged(selected()); });
    connect(m_view, &QAbstractItemView::clicked, this,
            [this] { emit selectionChanged(selected()); });
}

void QueuePanel::setMenu(const QList<QAction *> &actions)
{
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->addActions(actions);
}

QUuid QueuePanel::selected() const
{
    const QModelIndex current = m_view->currentIndex();
    return current.isValid() ? m_model.item(current.row()).id : QUuid();
}

void QueuePanel::select(const QUuid &id)
{
    const int row = m_model.rowOf(id);
    if (row >= 0)
        m_view->setCurrentIndex(m_model.index(row, QueueModel::NameColumn));
}

} // namespace birch
