#include "widgets/models/queue_model.h"

#include "core/base/id.h"
#include "widgets/models/number_text.h"

#include <QMimeData>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const QString kMimeType = u"application/x-birch-queue-item"_s;
}

QueueModel::QueueModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void QueueModel::insertItem(int row, const QueueItem &item)
{
    beginInsertRows({}, row, row);
    m_items.insert(row, item);
    endInsertRows();
}

void QueueModel::removeItem(int row)
{
    beginRemoveRows({}, row, row);
    m_items.removeAt(row);
    endRemoveRows();
}

void QueueModel::moveItem(int from, int to)
{
    if (from == to)
        return;
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    m_items.move(from, to);
    endMoveRows();
}

void QueueModel::changeItem(int row, const QueueItem &item)
{
    m_items[row] = item;
    emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

void QueueModel::updateProgress(const ItemProgress &progress)
{
    const int row = rowOf(progress.id);
    if (row < 0)
        return;
    QueueItem &item = m_items[row];
    item.points = progress.points;
    item.pointsPlanned = progress.pointsPlanned;
    item.progress = progress.progress;
    item.elapsed = progress.elapsed;
    item.remaining = progress.remaining;
    item.isLater = progress.isLater;
    item.finishesUs = progress.finishesUs;
    m_running = progress.id;
    m_ifPausedNow = progress.ifPausedNow;
    m_parts = progress.parts;
    emit dataChanged(index(row, NameColumn), index(row, ProgressColumn));
}

int QueueModel::rowOf(const QUuid &id) const
{
    for (int row = 0; row < m_items.size(); ++row) {
        if (m_items[row].id == id)
            return row;
    }
    return -1;
}

QList<int> QueueModel::rowsWithoutSample() const
{
    QList<int> rows;
    for (int row = 0; row < m_items.size(); ++row) {
        if (m_items[row].state == ScanState::Queued && m_items[row].details.sampleUid.isEmpty())
            rows << row + 1;
    }
    return rows;
}

int QueueModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_items.size());
}

int QueueModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString QueueModel::timeText(const QueueItem &item) const
{
    if (item.state == ScanState::Queued && item.plan) {
        const QString turn = turnText(item);
        const QString time = tr("about %1").arg(displayDuration(item.plan->duration));
        return turn.isEmpty() ? time : turn + u" · "_s + time;
    }
    if (item.state == ScanState::Running || item.state == ScanState::Paused) {
        const QString remaining =
            !item.remaining ? QString()
            : item.isLater ? tr("%1 left (steps take longer)").arg(displayDuration(*item.remaining))
                           : tr("%1 left").arg(displayDuration(*item.remaining));
        const QString elapsed = displayDuration(item.elapsed);
        if (item.finishesUs <= 0 || item.state == ScanState::Paused || remaining.isEmpty())
            return remaining.isEmpty() ? elapsed : elapsed + u", "_s + remaining;
        const QDateTime ends = QDateTime::fromMSecsSinceEpoch(item.finishesUs / 1000);
        return tr("%1, %2, ends %3")
            .arg(elapsed, remaining, displayClock(ends, QDateTime::currentDateTime()));
    }
    return tr("took %1").arg(displayDuration(item.elapsed));
}

/// What is out of the usual: "" for a scan that runs once, in its place.
QString QueueModel::turnText(const QueueItem &item) const
{
    const ItemTurn &turn = item.turn;
    QStringList parts;
    if (item.state == ScanState::Queued) {
        if (turn.isNow)
            parts << tr("next");
        if (!turn.isReady)
            parts << tr("not ready");
        if (turn.notBeforeUs > 0)
            parts << tr("from %1").arg(
                displayClock(QDateTime::fromMSecsSinceEpoch(turn.notBeforeUs / 1000),
                             QDateTime::currentDateTime()));
        if (turn.priority != 0)
            parts << tr("priority %1").arg(turn.priority);
        if (turn.isRetry)
            parts << tr("once more");
    }
    if (turn.repeats > 1)
        parts << tr("%1 of %2 runs").arg(turn.repeatsDone).arg(turn.repeats);
    return parts.join(u", "_s);
}

QString QueueModel::text(const QueueItem &item, int column) const
{
    switch (column) {
    case NameColumn:
        return item.details.title.isEmpty() ? item.name : item.details.title;
    case ProgressColumn:
        return tr("%1 of %2").arg(item.points).arg(item.pointsPlanned);
    default:
        return scanStateName(item.state);
    }
}

QVariant QueueModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const QueueItem &item = m_items[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return text(item, index.column());
    case Qt::ToolTipRole:
        return text(item, NameColumn) + u'\n' + timeText(item) + u'\n' +
               tr("%1 of %2 points").arg(item.points).arg(item.pointsPlanned) +
               (item.reason.isEmpty() ? QString() : u'\n' + item.reason);
    case StateRole:
        return int(item.state);
    case ProgressRole:
        return item.progress;
    case IdRole:
        return item.id;
    case TimeRole:
        return timeText(item);
    case TurnRole:
        return turnText(item);
    default:
        return {};
    }
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole)
        return {};
    if (orientation == Qt::Vertical)
        return section + 1;
    switch (section) {
    case NameColumn:
        return tr("Scan");
    case StateColumn:
        return tr("State");
    default:
        return tr("Progress");
    }
}

Qt::ItemFlags QueueModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::ItemIsDropEnabled;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    if (m_items[index.row()].state == ScanState::Queued)
        flags |= Qt::ItemIsDragEnabled;
    return flags;
}

QStringList QueueModel::mimeTypes() const
{
    return {kMimeType};
}

QMimeData *QueueModel::mimeData(const QModelIndexList &indexes) const
{
    if (indexes.isEmpty())
        return nullptr;
    auto *data = new QMimeData;
    data->setData(kMimeType, uidText(m_items[indexes.first().row()].id).toLatin1());
    return data;
}

bool QueueModel::dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int,
                              const QModelIndex &parent)
{
    if (action != Qt::MoveAction || !data->hasFormat(kMimeType))
        return false;
    const QUuid id = QUuid::fromString(QString::fromLatin1(data->data(kMimeType)));
    const int from = rowOf(id);
    int to = row >= 0 ? row : parent.isValid() ? parent.row() : int(m_items.size());
    if (from < 0)
        return false;
    if (from < to)
        --to; // counted without the moved one
    if (to != from)
        emit moveRequested(id, to);
    return false; // the rows move when the engine says so
}

} // namespace birch
