#pragma once

#include "core/exchange/scan_export.h"
#include "core/store/scan_record.h"
#include "core/store/store_reader.h"

#include <QFrame>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QToolButton;

namespace birch {

/// Writes one scan to files, in a row of the window: format, folder, progress, cancel. One export
/// at a time, on a thread and a connection of its own.
class ExportBar : public QFrame
{
    Q_OBJECT
public:
    /// \a reader: of the database; not used for the export itself. Outlives it.
    explicit ExportBar(const StoreReader &reader, QWidget *parent = nullptr);
    /// Stops a running export; nothing of it is left behind.
    ~ExportBar() override;

    /// Shows the row for \a scan. While an export runs it stays with that one.
    void open(const ScanRecord &scan);
    bool isRunning() const { return m_exporter != nullptr; }
    QString targetPath() const;

signals:
    void notice(bool isError, const QString &sentence);

private:
    void makeRow();
    ExportFormat format() const;
    void describe();
    void chooseFolder();
    void start();
    void cancel();
    void finish(const Result<QStringList> &written);
    void showRunning();

    const StoreReader &m_reader;
    ScanRecord m_scan;
    std::unique_ptr<StoreReader> m_exporter; ///< while an export runs
    std::stop_source m_stop;

    QLabel *m_title;
    QComboBox *m_format;
    QLineEdit *m_folder;
    QToolButton *m_browse;
    QLabel *m_target;
    QProgressBar *m_progress;
    QPushButton *m_start;
    QPushButton *m_cancel;
};

} // namespace birch
