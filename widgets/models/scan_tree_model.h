#pragma once

#include "core/plan/node_registry.h"
#include "core/plan/tree_edit.h"

#include <QAbstractItemModel>

#include "core/base/problem.h"

namespace birch {

/// A scan tree for a view. Every change goes through perform(), row by row; edits of the view
/// itself (check box, rename, drag) are asked for by editRequested(), so that they get an undo
/// step. UI thread; the root node is not shown.
class ScanTreeModel : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Role { KindRole = Qt::UserRole + 1, NodeIdRole, SummaryRole, ProblemsRole, LabelRole };

    ScanTreeModel(const NodeRegistry &registry, QObject *parent = nullptr);

    const ScanTree &tree() const { return m_tree; }
    const NodeRegistry &registry() const { return m_registry; }
    /// Applies \a edit; the inverse. After an error nothing has changed.
    Result<TreeEdit> perform(TreeEdit &edit);
    /// Shown on the nodes they name until the next call.
    void setProblems(const Problems &problems);
    const Problems &problems() const { return m_problems; }

    ScanNode *nodeAt(const QModelIndex &index) const; ///< the root for an invalid index
    QModelIndex indexOf(const NodeId &id) const;      ///< invalid for the root and unknown ids

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    using QObject::parent;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    bool canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                         const QModelIndex &parent) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                      const QModelIndex &parent) override;

    static const QString kMimeType;

signals:
    /// \a edit is spent by the receiver (a direct connection).
    void editRequested(birch::TreeEdit *edit, const QString &text);

private:
    Result<TreeEdit> performInsert(TreeEdit &edit, const TreeEdit::Insert &insert);
    Result<TreeEdit> performRemove(TreeEdit &edit, const TreeEdit::Remove &remove);
    Result<TreeEdit> performMove(TreeEdit &edit, const TreeEdit::Move &move);
    Result<TreeEdit> performReplace(TreeEdit &edit);
    QModelIndex indexOf(const ScanNode *node) const;
    QString displayText(const ScanNode &node) const;
    QStringList problemsOf(const ScanNode &node) const;
    void announce(const QModelIndex &index);
    void announceAll(const QModelIndex &parent);

    const NodeRegistry &m_registry;
    ScanTree m_tree;
    Problems m_problems;
};

} // namespace birch
