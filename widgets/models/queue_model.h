#pragma once

#include "core/engine/queue_item.h"

#include <QAbstractTableModel>

namespace birch {

/// The queue as the window shows it: mirrors the engine's signals row by row, so that selection and
/// scroll position survive. The number of a scan is its vertical header. A drag asks through
/// moveRequested(); the engine answers with itemMoved. UI thread; holds values.
class QueueModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { NameColumn, StateColumn, ProgressColumn, ColumnCount };
    enum Role { StateRole = Qt::UserRole + 1, ProgressRole, IdRole, TimeRole, TurnRole };

    explicit QueueModel(QObject *parent = nullptr);

    void insertItem(int row, const QueueItem &item);
    void removeItem(int row);
    void moveItem(int from, int to); ///< \a to counted without the moved one
    void changeItem(int row, const QueueItem &item);
    void updateProgress(const ItemProgress &progress);
    /// What a pause now would break off, as last told; "" for a scan that does not run.
    QString ifPausedNow(const QUuid &id) const
    {
        return id == m_running ? m_ifPausedNow : QString();
    }

    /// Where its time went so far, as last told; all 0 for a scan that does not run.
    PartTimes partTimes(const QUuid &id) const { return id == m_running ? m_parts : PartTimes(); }

    const QueueItem &item(int row) const { return m_items[row]; }
    int rowOf(const QUuid &id) const; ///< -1: none
    /// 1-based numbers of waiting scans without a sample.
    QList<int> rowsWithoutSample() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
                      const QModelIndex &parent) override;

signals:
    void moveRequested(const QUuid &id, int to);

private:
    QString text(const QueueItem &item, int column) const;
    QString timeText(const QueueItem &item) const;
    QString turnText(const QueueItem &item) const;

    QList<QueueItem> m_items;
    QUuid m_running; ///< the one that told its progress last
    QString m_ifPausedNow;
    PartTimes m_parts{};
};

} // namespace birch
