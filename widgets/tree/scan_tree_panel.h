#pragma once

#include "core/plan/node_id.h"

#include <QWidget>

class QAction;
class QLabel;
class QMenu;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace birch {

class ScanNode;
class TreeDocument;

/// The scan tree with its footer (points, duration, size). Nodes are added from a menu of all
/// kinds, moved by drag or keys; an empty tree teaches.
class ScanTreePanel : public QWidget
{
    Q_OBJECT
public:
    /// \a actions: of the window, shown as buttons above the tree.
    ScanTreePanel(TreeDocument &document, const QList<QAction *> &actions,
                  QWidget *parent = nullptr);

    QTreeView *view() const { return m_view; }
    NodeId selected() const; ///< null: nothing
    void select(const NodeId &id);

public slots:
    void addAfter(); ///< opens the menu of kinds
    void addInside();
    void addKind(const QString &kind, bool isInside);
    void removeNode();
    void moveUp();
    void moveDown();
    void toggleNode();
    void renameNode();
    void cutNode();
    void copyNode();
    void pasteNode();

signals:
    void selectionChanged(const QUuid &node);
    void openWanted();
    void demoWanted();
    void failed(const QString &sentence);

private:
    QWidget *makeEmptyState();
    void showKindMenu(bool isInside);
    void insert(std::unique_ptr<ScanNode> node, bool isInside, const QString &text);
    void moveBy(int rows);
    void refreshFooter();
    ScanNode *selectedNode() const; ///< null: nothing

    TreeDocument &m_document;
    QTreeView *m_view;
    QStackedWidget *m_stack;
    QLabel *m_footer;
};

} // namespace birch
