#include "widgets/history/export_bar.h"

#include "core/base/id.h"
#include "core/exchange/file_names.h"
#include "core/exchange/stored_scan_source.h"
#include "widgets/theme/calm_combo_box.h"
#include "widgets/theme/icon.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QStandardPaths>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kSteps = 1000; // of the progress bar; a step is told once

QString suffixOf(ExportFormat format)
{
    switch (format) {
    case ExportFormat::Csv:
        return u".csv"_s;
    case ExportFormat::Hdf5:
        return u".nxs"_s;
    case ExportFormat::Json:
        break;
    }
    return u".json"_s;
}

} // namespace

ExportBar::ExportBar(const StoreReader &reader, QWidget *parent)
    : QFrame(parent)
    , m_reader(reader)
    , m_title(new QLabel(this))
    , m_format(new CalmComboBox(this))
    , m_folder(new QLineEdit(this))
    , m_browse(new QToolButton(this))
    , m_target(new QLabel(this))
    , m_progress(new QProgressBar(this))
    , m_start(new QPushButton(tr("Export"), this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
{
    setAccessibleName(tr("Export"));
    setObjectName(u"export-bar"_s);
    makeRow();
    m_folder->setText(QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportBar::describe);
    connect(m_folder, &QLineEdit::textChanged, this, &ExportBar::describe);
    connect(m_folder, &QLineEdit::returnPressed, m_start, &QPushButton::click);
    connect(m_browse, &QToolButton::clicked, this, &ExportBar::chooseFolder);
    connect(m_start, &QPushButton::clicked, this, &ExportBar::start);
    connect(m_cancel, &QPushButton::clicked, this, &ExportBar::cancel);
    hide();
}

ExportBar::~ExportBar()
{
    m_stop.request_stop();
    m_exporter.reset(); // waits for the block in hand
}

void ExportBar::makeRow()
{
    const auto name = [](QWidget *widget, const QString &id, const QString &text) {
        widget->setObjectName(id);
        widget->setAccessibleName(text);
        widget->setToolTip(text);
    };
    m_format->addItem(tr("CSV"), int(ExportFormat::Csv));
    m_format->addItem(tr("HDF5 (NeXus)"), int(ExportFormat::Hdf5));
    m_format->addItem(tr("JSON"), int(ExportFormat::Json));
    name(m_format, u"export-format"_s, tr("Format"));
    name(m_folder, u"export-folder"_s, tr("Folder to write to"));
    name(m_browse, u"export-browse"_s, tr("Choose the folder"));
    name(m_start, u"export-start"_s, tr("Write the files now"));
    name(m_cancel, u"export-cancel"_s, tr("Stop the export, or close this row (Esc)"));
    m_browse->setIcon(themeIcon(u"open"_s));
    m_start->setProperty("primary", true);
    m_progress->setRange(0, kSteps);
    m_progress->setAccessibleName(tr("Progress of the export"));
    m_target->setForegroundRole(QPalette::PlaceholderText);
    m_target->setObjectName(u"export-target"_s);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->addWidget(m_title);
    layout->addWidget(m_format);
    layout->addWidget(m_folder, 2);
    layout->addWidget(m_browse);
    layout->addWidget(m_target);
    layout->addWidget(m_progress, 1);
    layout->addWidget(m_start);
    layout->addWidget(m_cancel);
}

void ExportBar::open(const ScanRecord &scan)
{
    if (!isRunning()) {
        m_scan = scan;
        m_title->setText(tr("Export %1 as").arg(scan.scanId));
        showRunning();
        describe();
    }
    show();
    m_folder->setFocus();
}

ExportFormat ExportBar::format() const
{
    return ExportFormat(m_format->currentData().toInt());
}

QString ExportBar::targetPath() const
{
    const QString folder = m_folder->text().trimmed();
    if (folder.isEmpty())
        return {};
    // Several tables do not fit into one CSV file: they get a folder.
    const bool isFolder = format() == ExportFormat::Csv && m_scan.objects.size() != 1;
    return QDir(folder).filePath(fileNameFor(m_scan.scanId) +
                                 (isFolder ? QString() : suffixOf(format())));
}

void ExportBar::describe()
{
    const QString path = targetPath();
    const QFileInfo target(path);
    QString text;
    if (!path.isEmpty())
        text = target.exists() ? tr("replaces %1").arg(target.fileName())
                               : tr("→ %1").arg(target.fileName());
    m_target->setText(text);
    m_target->setToolTip(path);
    m_start->setEnabled(!path.isEmpty() && !isRunning());
}

void ExportBar::chooseFolder()
{
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Export to folder"), m_folder->text());
    if (!folder.isEmpty())
        m_folder->setText(folder);
}

void ExportBar::start()
{
    if (isRunning())
        return;
    m_stop = std::stop_source();
    m_exporter = std::make_unique<StoreReader>(m_reader.database(), m_reader.userName());
    ExportRequest request;
    request.format = format();
    request.path = targetPath();
    request.stop = m_stop.get_token();
    request.progress = [this, last = -1](qint64 done, qint64 total) mutable {
        const int step = total > 0 ? int(double(done) / double(total) * kSteps) : kSteps;
        if (step == last)
            return;
        last = step; // the destructor waits for this thread: we are alive
        QMetaObject::invokeMethod(this, [this, step] { m_progress->setValue(step); });
    };
    m_progress->setValue(0);
    showRunning();
    m_exporter->ask<QStringList>(
        [request, key = uidText(m_scan.uid)](Connection &connection,
                                             const Session &session) -> Result<QStringList> {
            auto source = StoredScanSource::open(connection, session, key);
            if (!source)
                return source.error();
            return exportScan(*source.value(), request);
        },
        this, [this](const Result<QStringList> &written) { finish(written); });
}

void ExportBar::cancel()
{
    if (isRunning())
        m_stop.request_stop();
    else
        hide();
}

void ExportBar::finish(const Result<QStringList> &written)
{
    m_exporter.release()->deleteLater(); // we are in its answer
    showRunning();
    describe();
    if (written) {
        hide();
        const QString where = written.value().isEmpty()
                                  ? targetPath()
                                  : QDir::toNativeSeparators(written.value().first());
        emit notice(false, tr("%1 is exported to %2").arg(m_scan.scanId, where));
    } else if (written.error().code == ErrorCode::Cancelled) {
        emit notice(false,
                    tr("The export of %1 was stopped; nothing was written").arg(m_scan.scanId));
    } else {
        emit notice(true, written.error().message);
    }
}

void ExportBar::showRunning()
{
    const bool isBusy = isRunning();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_format, m_folder, m_browse})
        widget->setEnabled(!isBusy);
    m_start->setEnabled(!isBusy);
    m_target->setVisible(!isBusy);
    m_progress->setVisible(isBusy);
    m_cancel->setText(isBusy ? tr("Stop") : tr("Close"));
}

} // namespace birch
