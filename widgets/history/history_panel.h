#pragma once

#include "core/store/scan_record.h"
#include "core/store/store_reader.h"
#include "widgets/theme/theme.h"

#include <QJsonObject>
#include <QUuid>
#include <QWidget>

class QAction;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;
class QTimer;
class QToolButton;

namespace birch {

class ChartPanel;
class ExportBar;
class HistoryFilterRow;
class HistoryModel;
class ScanDetailsView;
class StoredSeriesSource;

/// Every scan so far: find one, look at it, write about it, take its tree or its data along.
/// All of the database's work is done on \a reader's thread, and on one of its own for the preview.
/// Empty until the first refresh().
class HistoryPanel : public QWidget
{
    Q_OBJECT
public:
    /// \a actions are shown as buttons; whoever made them connects them. \a reader outlives it.
    HistoryPanel(StoreReader &reader, const QList<QAction *> &actions, QWidget *parent = nullptr);
    ~HistoryPanel() override;

    QUuid selected() const; ///< null: nothing
    /// Selects the scan \a key (id or uid), now or as soon as it is listed, and opens its preview.
    void showScan(const QString &key);
    QTableView *view() const { return m_view; }
    HistoryModel *model() const { return m_model; }
    ChartPanel *chart() const { return m_chart; }

public slots:
    /// Takes new scans and changed states in; selection and scroll stay.
    void refresh();
    /// Asks for the selected scan's tree; editAgain() answers.
    void editSelected();
    /// Opens the export row for the selected scan.
    void exportSelected();

signals:
    void editAgain(const QJsonObject &tree, const QString &title);
    void continueWanted(const QString &scanKey);
    void notice(bool isError, const QString &sentence);

protected:
    void changeEvent(QEvent *event) override;

private:
    void makeView();
    void makeLayout(const QList<QAction *> &actions);
    void connectAll();
    void askChoices();
    void showCount();
    void selectionMoved();
    void askReport();
    void showReport(const ScanReport &report);
    void preview();
    void setPreviewOpen(bool isOpen);
    void saveDetails(const QUuid &scan, const ScanDetails &details, qint64 revision);
    const ScanRecord *selectedScan();

    StoreReader &m_reader;
    std::unique_ptr<StoreReader> m_dataReader; ///< values for the preview: the list never waits
    HistoryModel *m_model;
    std::vector<std::shared_ptr<StoredSeriesSource>> m_series; ///< of the scan in the preview
    std::optional<ScanRecord> m_shown;                         ///< in the preview
    QUuid m_wanted;                                            ///< to be selected once it is listed
    ThemeMode m_theme;

    HistoryFilterRow *m_filter;
    ExportBar *m_export;
    QLabel *m_count;
    QTableView *m_view;
    QStackedWidget *m_list;
    QLabel *m_hint;
    QPushButton *m_clearFilter;
    QWidget *m_top;
    QToolButton *m_back;
    ChartPanel *m_chart;
    ScanDetailsView *m_details;
    QTimer *m_rest; ///< while the selection runs along the list, nothing is read
};

} // namespace birch
