#include "widgets/models/scan_tree_model.h"

#include "core/base/id.h"
#include "core/plan/scan_json.h"

#include <QIODevice>
#include <QJsonDocument>
#include <QMimeData>

using namespace Qt::StringLiterals;

namespace birch {

const QString ScanTreeModel::kMimeType = u"application/x-birch-node+json"_s;

namespace {
const QString kMovedNode = u"application/x-birch-node-id"_s;
}

ScanTreeModel::ScanTreeModel(const NodeRegistry &registry, QObject *parent)
    : QAbstractItemModel(parent)
    , m_registry(registry)
{
}

Result<TreeEdit> ScanTreeModel::perform(TreeEdit &edit)
{
    // A refused edit must not announce rows that then stay.
    if (const Status check = edit.check(m_tree); !check)
        return check.error();
    if (const auto *insert = std::get_if<TreeEdit::Insert>(&edit.change()))
        return performInsert(edit, *insert);
    if (const auto *remove = std::get_if<TreeEdit::Remove>(&edit.change()))
        return performRemove(edit, *remove);
    if (const auto *move = std::get_if<TreeEdit::Move>(&edit.change()))
        return performMove(edit, *move);
    if (std::holds_alternative<TreeEdit::Replace>(edit.change()))
        return performReplace(edit);
    const NodeId id = edit.node();
    auto inverse = edit.apply(m_tree);
    if (!id.isNull())
        announce(indexOf(id));
    return inverse;
}

Result<TreeEdit> ScanTreeModel::performInsert(TreeEdit &edit, const TreeEdit::Insert &insert)
{
    beginInsertRows(indexOf(insert.parent), insert.row, insert.row);
    auto inverse = edit.apply(m_tree);
    endInsertRows();
    return inverse;
}

Result<TreeEdit> ScanTreeModel::performRemove(TreeEdit &edit, const TreeEdit::Remove &remove)
{
    const ScanNode *node = m_tree.find(remove.node);
    beginRemoveRows(indexOf(node->parent()), node->row(), node->row());
    auto inverse = edit.apply(m_tree);
    endRemoveRows();
    return inverse;
}

Result<TreeEdit> ScanTreeModel::performMove(TreeEdit &edit, const TreeEdit::Move &move)
{
    const ScanNode *node = m_tree.find(move.node);
    const ScanNode *target = m_tree.find(move.parent);
    const int from = node->row();
    const bool isSameParent = node->parent() == target;
    if (isSameParent && move.row == from)
        return edit.apply(m_tree); // nothing moves; Qt refuses such an announcement
    // Qt counts the row with the moved node still in place.
    const int to = isSameParent && move.row > from ? move.row + 1 : move.row;
    beginMoveRows(indexOf(node->parent()), from, from, indexOf(target), to);
    auto inverse = edit.apply(m_tree);
    endMoveRows();
    return inverse;
}

Result<TreeEdit> ScanTreeModel::performReplace(TreeEdit &edit)
{
    beginResetModel();
    m_problems.clear();
    auto inverse = edit.apply(m_tree);
    endResetModel();
    return inverse;
}

void ScanTreeModel::setProblems(const Problems &problems)
{
    if (m_problems == problems)
        return;
    m_problems = problems;
    announceAll({});
}

ScanNode *ScanTreeModel::nodeAt(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<ScanNode *>(index.internalPointer()) : m_tree.root();
}

QModelIndex ScanTreeModel::indexOf(const NodeId &id) const
{
    return indexOf(m_tree.find(id));
}

QModelIndex ScanTreeModel::indexOf(const ScanNode *node) const
{
    if (!node || node == m_tree.root())
        return {};
    return createIndex(node->row(), 0, const_cast<ScanNode *>(node));
}

QModelIndex ScanTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    const ScanNode *node = nodeAt(parent);
    if (column != 0 || row < 0 || row >= node->childCount() || parent.column() > 0)
        return {};
    return createIndex(row, 0, node->child(row));
}

QModelIndex ScanTreeModel::parent(const QModelIndex &index) const
{
    return index.isValid() ? indexOf(nodeAt(index)->parent()) : QModelIndex();
}

int ScanTreeModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : nodeAt(parent)->childCount();
}

int ScanTreeModel::columnCount(const QModelIndex &) const
{
    return 1;
}

QString ScanTreeModel::displayText(const ScanNode &node) const
{
    const NodeDeclaration *declaration = m_registry.declaration(node.kind);
    const NodeKind *kind = m_registry.find(node.kind);
    const QString name =
        node.label.isEmpty() ? (declaration ? declaration->label : node.kind) : node.label;
    const QString summary = kind ? kind->summary(node.fields) : QString();
    return summary.isEmpty() ? name : name + u"  "_s + summary;
}

QStringList ScanTreeModel::problemsOf(const ScanNode &node) const
{
    QStringList lines;
    const QString id = uidText(node.id);
    for (const Problem &problem : m_problems) {
        if (problem.node == id)
            lines << problem.message + u". "_s + problem.remedy;
    }
    return lines;
}

QVariant ScanTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const ScanNode &node = *nodeAt(index);
    switch (role) {
    case Qt::DisplayRole:
        return displayText(node);
    case Qt::EditRole:
    case LabelRole:
        return node.label;
    case Qt::CheckStateRole:
        return node.isEnabled ? Qt::Checked : Qt::Unchecked;
    case KindRole:
        return node.kind;
    case NodeIdRole:
        return node.id;
    case ProblemsRole:
        return problemsOf(node);
    case SummaryRole: {
        const NodeKind *kind = m_registry.find(node.kind);
        return kind ? kind->summary(node.fields) : QString();
    }
    case Qt::ToolTipRole: {
        const QStringList problems = problemsOf(node);
        return problems.isEmpty() ? displayText(node) : problems.join(u'\n');
    }
    default:
        return {};
    }
}

bool ScanTreeModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid())
        return false;
    const NodeId id = nodeAt(index)->id;
    if (role == Qt::CheckStateRole) {
        const bool isEnabled = value.toInt() == Qt::Checked;
        TreeEdit edit(TreeEdit::SetEnabled{id, isEnabled});
        emit editRequested(&edit, isEnabled ? tr("Enable node") : tr("Disable node"));
        return true;
    }
    if (role == Qt::EditRole) {
        TreeEdit edit(TreeEdit::SetLabel{id, value.toString().trimmed()});
        emit editRequested(&edit, tr("Rename node"));
        return true;
    }
    return false;
}

Qt::ItemFlags ScanTreeModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable |
                          Qt::ItemIsUserCheckable | Qt::ItemIsDragEnabled;
    const NodeDeclaration *declaration = m_registry.declaration(nodeAt(index)->kind);
    if (declaration && declaration->takesChildren)
        flags |= Qt::ItemIsDropEnabled;
    return flags;
}

QStringList ScanTreeModel::mimeTypes() const
{
    return {kMovedNode, kMimeType};
}

QMimeData *ScanTreeModel::mimeData(const QModelIndexList &indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    const ScanNode &node = *nodeAt(indexes.first());
    auto *data = new QMimeData;
    data->setData(kMovedNode, uidText(node.id).toLatin1());
    data->setData(kMimeType, nodeToText(node));
    return data;
}

bool ScanTreeModel::canDropMimeData(const QMimeData *data, Qt::DropAction action, int, int,
                                    const QModelIndex &parent) const
{
    if (action != Qt::MoveAction || !data->hasFormat(kMovedNode))
        return false;
    const ScanNode *node =
        m_tree.find(QUuid::fromString(QString::fromLatin1(data->data(kMovedNode))));
    const ScanNode *target = nodeAt(parent);
    const NodeDeclaration *declaration = m_registry.declaration(target->kind);
    return node && declaration && declaration->takesChildren && !node->isAncestorOf(target);
}

bool ScanTreeModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                                 const QModelIndex &parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const NodeId id = QUuid::fromString(QString::fromLatin1(data->data(kMovedNode)));
    const ScanNode *node = m_tree.find(id);
    const ScanNode *target = nodeAt(parent);
    int to = row < 0 ? target->childCount() : row;
    if (node->parent() == target && node->row() < to)
        --to; // the edit counts without the moved node
    TreeEdit edit(TreeEdit::Move{id, target->id, to});
    emit editRequested(&edit, tr("Move node"));
    return false; // moved already: the view must not remove the source
}

void ScanTreeModel::announce(const QModelIndex &index)
{
    if (index.isValid())
        emit dataChanged(index, index);
}

void ScanTreeModel::announceAll(const QModelIndex &parent)
{
    const int rows = rowCount(parent);
    if (rows == 0)
        return;
    emit dataChanged(index(0, 0, parent), index(rows - 1, 0, parent));
    for (int row = 0; row < rows; ++row)
        announceAll(index(row, 0, parent));
}

} // namespace birch
