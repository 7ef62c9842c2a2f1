#include "widgets/tree/scan_tree_panel.h"

#include "core/plan/scan_json.h"
#include "widgets/models/number_text.h"
#include "widgets/models/scan_tree_model.h"
#include "widgets/models/tree_document.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"
#include "widgets/tree/node_delegate.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

ScanTreePanel::ScanTreePanel(TreeDocument &document, const QList<QAction *> &actions,
                             QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_view(new QTreeView(this))
    , m_stack(new QStackedWidget(this))
    , m_footer(new QLabel(this))
{
    auto *top = new QHBoxLayout;
    top->addStretch(1);
    for (QAction *action : actions) {
        auto *button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAccessibleName(action->text());
        top->addWidget(button);
    }

    m_view->setModel(&document.model());
    m_view->setItemDelegate(new NodeDelegate(m_view));
    m_view->setAccessibleName(tr("Scan tree"));
    m_view->setHeaderHidden(true);
    m_view->setDragDropMode(QAbstractItemView::DragDrop);
    m_view->setDefaultDropAction(Qt::MoveAction);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setUniformRowHeights(true);
    m_view->setExpandsOnDoubleClick(false);
    m_stack->addWidget(makeEmptyState());
    m_stack->addWidget(m_view);
    m_footer->setWordWrap(true);
    m_footer->setAccessibleName(tr("Points and duration"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_footer);
    layout->addLayout(top);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this] { emit selectionChanged(selected()); });
    connect(m_view, &QAbstractItemView::clicked, this,
            [this] { emit selectionChanged(selected()); });
    connect(&document, &TreeDocument::compiledChanged, this, &ScanTreePanel::refreshFooter);
    connect(&document, &TreeDocument::fileChanged, this, &ScanTreePanel::refreshFooter);
    connect(&document.model(), &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex &under, int first) {
                m_view->expand(under);
                m_view->expandRecursively(m_document.model().index(first, 0, under));
            });
    connect(&document.model(), &QAbstractItemModel::modelReset, m_view, &QTreeView::expandAll);
    m_view->expandAll();
    refreshFooter();
}

QWidget *ScanTreePanel::makeEmptyState()
{
    auto *page = new QWidget(this);
    auto *text =
        new QLabel(tr("A scan is a tree: sweeps hold what happens at each position."), page);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignCenter);
    text->setForegroundRole(QPalette::PlaceholderText);
    auto *sweep = new QPushButton(themeIcon(u"sweep"_s), tr("Add sweep"), page);
    auto *open = new QPushButton(themeIcon(u"open"_s), tr("Open…"), page);
    auto *demo = new QPushButton(themeIcon(u"play"_s), tr("Demo"), page);
    sweep->setObjectName(u"empty-add-sweep"_s);
    sweep->setToolTip(tr("Start the tree with a sweep"));
    open->setToolTip(tr("Open a scan tree from a file"));
    demo->setToolTip(tr("Load a ready-made tree for the demo bench"));
    auto *layout = new QVBoxLayout(page);
    layout->addStretch(1);
    layout->addWidget(text);
    for (QPushButton *button : {sweep, open, demo})
        layout->addWidget(button, 0, Qt::AlignHCenter);
    layout->addStretch(1);
    connect(sweep, &QPushButton::clicked, this, [this] { addKind(u"sweep"_s, false); });
    connect(open, &QPushButton::clicked, this, &ScanTreePanel::openWanted);
    connect(demo, &QPushButton::clicked, this, &ScanTreePanel::demoWanted);
    return page;
}

void ScanTreePanel::refreshFooter()
{
    m_stack->setCurrentIndex(m_document.isEmpty() ? 0 : 1);
    if (m_document.isEmpty()) {
        m_footer->clear();
        return;
    }
    const CompiledPlan &compiled = m_document.compiled();
    if (compiled.plan) {
        const QString points = compiled.plan->isBound ? tr("at most %1 points") : tr("%1 points");
        m_footer->setText(points.arg(compiled.plan->points) + u" · "_s +
                          displayDuration(compiled.plan->duration) + u" · "_s +
                          displayBytes(compiled.plan->bytes));
        m_footer->setStyleSheet({});
        m_footer->setToolTip(tr("Estimated from the instruments' definitions"));
        return;
    }
    const Problem first = compiled.problems.value(0);
    m_footer->setText(u"⚠ "_s + tr("Problem 1 of %1").arg(compiled.problems.size()) + u": "_s +
                      first.message + u'.');
    m_footer->setStyleSheet(u"color: %1"_s.arg(currentColors().warning.name()));
    m_footer->setToolTip(first.remedy);
}

ScanNode *ScanTreePanel::selectedNode() const
{
    const QModelIndex current = m_view->currentIndex();
    return current.isValid() ? m_document.model().nodeAt(current) : nullptr;
}

NodeId ScanTreePanel::selected() const
{
    const ScanNode *node = selectedNode();
    return node ? node->id : NodeId();
}

void ScanTreePanel::select(const NodeId &id)
{
    m_view->setCurrentIndex(m_document.model().indexOf(id));
}

void ScanTreePanel::addAfter()
{
    showKindMenu(false);
}

void ScanTreePanel::addInside()
{
    showKindMenu(true);
}

void ScanTreePanel::showKindMenu(bool isInside)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const NodeRegistry &registry = m_document.model().registry();
    for (const QString &id : registry.ids()) {
        const NodeDeclaration *declaration = registry.declaration(id);
        QAction *action = menu->addAction(themeIcon(id), declaration->label);
        action->setToolTip(declaration->help);
        action->setObjectName(id);
        connect(action, &QAction::triggered, this, [this, id, isInside] { addKind(id, isInside); });
    }
    menu->setToolTipsVisible(true);
    const QModelIndex current = m_view->currentIndex();
    const QPoint at = current.isValid() ? m_view->visualRect(current).bottomLeft() + QPoint(24, 0)
                                        : QPoint(24, 24);
    menu->popup(m_view->viewport()->mapToGlobal(at));
}

void ScanTreePanel::addKind(const QString &kind, bool isInside)
{
    const NodeDeclaration *declaration = m_document.model().registry().declaration(kind);
    insert(std::make_unique<ScanNode>(kind), isInside,
           tr("Add %1").arg(declaration ? declaration->label.toLower() : kind));
}

void ScanTreePanel::insert(std::unique_ptr<ScanNode> node, bool isInside, const QString &text)
{
    const ScanNode *current = selectedNode();
    const ScanNode *parent = m_document.tree().root();
    int row = parent->childCount();
    if (current) {
        const NodeDeclaration *kind = m_document.model().registry().declaration(current->kind);
        const bool goesInside = isInside && kind && kind->takesChildren;
        parent = goesInside ? current : current->parent();
        row = goesInside ? current->childCount() : current->row() + 1;
    }
    const NodeId id = node->id;
    const Status done =
        m_document.apply(TreeEdit(TreeEdit::Insert{parent->id, row, std::move(node)}), text);
    if (!done)
        return emit failed(done.error().message);
    m_stack->setCurrentIndex(1);
    select(id);
    m_view->setFocus();
}

void ScanTreePanel::removeNode()
{
    if (const ScanNode *node = selectedNode())
        (void)m_document.apply(TreeEdit(TreeEdit::Remove{node->id}), tr("Remove node"));
}

void ScanTreePanel::moveBy(int rows)
{
    const ScanNode *node = selectedNode();
    if (!node)
        return;
    const int row = node->row() + rows;
    if (row < 0 || row >= node->parent()->childCount())
        return;
    const NodeId id = node->id;
    (void)m_document.apply(TreeEdit(TreeEdit::Move{id, node->parent()->id, row}), tr("Move node"));
    select(id);
}

void ScanTreePanel::moveUp()
{
    moveBy(-1);
}

void ScanTreePanel::moveDown()
{
    moveBy(1);
}

void ScanTreePanel::toggleNode()
{
    if (const ScanNode *node = selectedNode())
        (void)m_document.apply(TreeEdit(TreeEdit::SetEnabled{node->id, !node->isEnabled}),
                               node->isEnabled ? tr("Disable node") : tr("Enable node"));
}

void ScanTreePanel::renameNode()
{
    if (m_view->currentIndex().isValid())
        m_view->edit(m_view->currentIndex());
}

void ScanTreePanel::copyNode()
{
    const ScanNode *node = selectedNode();
    if (!node)
        return;
    auto *mime = new QMimeData;
    mime->setData(ScanTreeModel::kMimeType, nodeToText(*node));
    mime->setText(QString::fromUtf8(nodeToText(*node)));
    QApplication::clipboard()->setMimeData(mime);
}

void ScanTreePanel::cutNode()
{
    copyNode();
    removeNode();
}

void ScanTreePanel::pasteNode()
{
    const QMimeData *mime = QApplication::clipboard()->mimeData();
    QByteArray text = mime->data(ScanTreeModel::kMimeType);
    if (text.isEmpty())
        text = mime->text().toUtf8();
    Problems problems;
    const std::unique_ptr<ScanNode> node =
        readNode(QJsonDocument::fromJson(text).object(), m_document.model().registry(), &problems);
    if (!node)
        return emit failed(tr("The clipboard holds no scan node: copy one with Ctrl+C first."));
    insert(node->copy(), false, tr("Paste node"));
}

} // namespace birch
