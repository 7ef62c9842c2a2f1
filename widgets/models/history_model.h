#pragma once

#include "core/store/scan_repository.h"
#include "core/store/store_reader.h"

#include <QAbstractTableModel>

namespace birch {

/// Scans, newest first, page by page from the database as the view asks for more. UI thread; the
/// database's work is done on the reader's thread.
///
/// Answers are merged in: rows that stay are never taken out, so that selection and scroll survive.
class HistoryModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column {
        StateColumn,
        IdColumn,
        NameColumn,
        SampleColumn,
        ProjectColumn,
        OperatorColumn,
        StartedColumn,
        PointsColumn,
        DurationColumn,
        ColumnCount
    };
    enum Role { StateRole = Qt::UserRole + 1, UidRole };
    static constexpr int kPage = 100;

    /// \a reader outlives it. Empty until the first setFilter() or refresh().
    explicit HistoryModel(StoreReader &reader, QObject *parent = nullptr);

    /// Shows the scans that \a filter lets through; its paging is ours.
    void setFilter(const ScanFilter &filter);
    const ScanFilter &filter() const { return m_filter; }
    /// Takes in what is new among the scans that are shown.
    void refresh();
    /// A scan that was read for another reason: shown as it is now. Ignored when it is not shown.
    void take(const ScanRecord &scan);

    const ScanRecord &scan(int row) const { return m_scans.at(row); }
    int rowOf(const QUuid &uid) const; ///< -1: not loaded
    qint64 total() const { return m_total; }
    /// False: there are at least total() scans.
    bool isTotalExact() const { return m_isTotalExact; }
    bool isLoading() const { return m_isLoading; }
    bool wasLoaded() const { return m_wasLoaded; } ///< false: nothing is known yet

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

signals:
    void loaded();                        ///< an answer has been merged in
    void failed(const QString &sentence); ///< what was shown is still shown

private:
    enum class Answer { NewList, Refresh, NextPage };
    void ask(const ScanFilter &filter, Answer kind);
    void merge(const ScanPage &page, Answer kind);
    void removeFrom(int first, int end);
    QString text(const ScanRecord &scan, int column) const;

    StoreReader &m_reader;
    ScanFilter m_filter;
    QList<ScanRecord> m_scans;
    QString m_anchor;
    qint64 m_total = 0;
    bool m_isTotalExact = true;
    quint64 m_question = 0; ///< answers to earlier ones are left out
    bool m_isLoading = false;
    bool m_wasLoaded = false;
};

} // namespace birch
