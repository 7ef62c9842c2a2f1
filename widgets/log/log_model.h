#pragma once

#include "core/data/run_store.h"

#include <QAbstractTableModel>

#include <deque>

namespace birch {

/// One line of the log as shown.
struct LogLine {
    ScanLogEntry entry;
    QString source; ///< scan id, "queue", a log category
};

/// The newest lines, oldest first; the oldest go when it is full. UI thread.
class LogModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { TimeColumn, LevelColumn, SourceColumn, MessageColumn, ColumnCount };
    enum Role { LevelRole = Qt::UserRole + 1 };

    explicit LogModel(QObject *parent = nullptr, int capacity = 20'000);

    void append(const LogLine &line);
    void clear();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    int m_capacity;
    std::deque<LogLine> m_lines;
};

} // namespace birch
