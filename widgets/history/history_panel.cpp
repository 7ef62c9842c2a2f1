#include "widgets/history/history_panel.h"

#include "core/base/id.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/scan_repository.h"
#include "widgets/chart/chart_panel.h"
#include "widgets/history/export_bar.h"
#include "widgets/history/history_filter_row.h"
#include "widgets/history/scan_details_view.h"
#include "widgets/models/history_model.h"
#include "widgets/models/stored_series_source.h"

#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

/// What can be chosen from, in the filters and in the details.
struct Choices {
    QMap<QString, QString> samples; ///< uid by human id
    QStringList projects;
};

Result<Choices> readChoices(Connection &connection, const Session &session)
{
    EntityFilter filter;
    filter.perPage = 1000;
    Choices choices;
    const auto samples = EntityRepository(connection, sampleSpec()).list(session, filter);
    if (!samples)
        return samples.error();
    for (const EntityRecord &sample : samples.value().records)
        choices.samples.insert(sample.text(u"sample_id"_s), sample.uid);
    const auto projects = EntityRepository(connection, projectSpec()).list(session, filter);
    if (!projects)
        return projects.error();
    for (const EntityRecord &project : projects.value().records)
        choices.projects << project.text(u"name"_s);
    choices.projects.sort(Qt::CaseInsensitive);
    return choices;
}

} // namespace

HistoryPanel::~HistoryPanel() = default;

QUuid HistoryPanel::selected() const
{
    const QModelIndexList rows = m_view->selectionModel()->selectedRows();
    return rows.isEmpty() ? QUuid() : m_model->scan(rows.first().row()).uid;
}

const ScanRecord *HistoryPanel::selectedScan()
{
    const int row = m_model->rowOf(selected());
    if (row >= 0)
        return &m_model->scan(row);
    if (m_shown)
        return &*m_shown;
    emit notice(true, tr("No scan is selected: click one in the list first"));
    return nullptr;
}

void HistoryPanel::refresh()
{
    m_model->refresh();
    askChoices();
    if (!selected().isNull())
        askReport();
}

void HistoryPanel::askChoices()
{
    m_reader.ask<Choices>(&readChoices, this, [this](const Result<Choices> &read) {
        if (!read)
            return; // the list says what is wrong with the database
        m_filter->setSamples(read.value().samples.keys());
        m_filter->setProjects(read.value().projects);
        m_details->setSamples(read.value().samples);
        m_details->setProjects(read.value().projects);
    });
}

void HistoryPanel::showCount()
{
    QString count;
    if (m_model->wasLoaded())
        count = m_model->total() == 1
                    ? tr("1 scan")
                    : (m_model->isTotalExact() ? tr("%1 scans") : tr("%1 or more scans"))
                          .arg(QLocale(QLocale::English).toString(m_model->total()));
    m_count->setText(count);
    const bool isEmpty = m_model->wasLoaded() && m_model->rowCount() == 0;
    m_list->setCurrentIndex(isEmpty ? 1 : 0);
    m_hint->setText(m_filter->isOpen()
                        ? tr("No scan yet. In Acquire (Ctrl+1) build a scan tree, add it to the "
                             "queue (Ctrl+Enter) and start it (F5): it will be listed here.")
                        : tr("No scan fits all of these filters."));
    m_clearFilter->setVisible(!m_filter->isOpen());
    const int wanted = m_model->rowOf(m_wanted);
    if (!m_wanted.isNull() && wanted >= 0) {
        m_wanted = {};
        m_view->setCurrentIndex(m_model->index(wanted, HistoryModel::IdColumn));
    }
}

void HistoryPanel::showScan(const QString &key)
{
    setPreviewOpen(true);
    m_reader.ask<ScanReport>(
        [key](Connection &connection, const Session &session) {
            return ScanRepository(connection).show(session, key);
        },
        this,
        [this](const Result<ScanReport> &report) {
            if (!report)
                return emit notice(true, report.error().message);
            m_wanted = report.value().scan.uid;
            if (m_model->rowOf(m_wanted) < 0 && !m_filter->isOpen())
                m_filter->clearAll();
            m_view->clearSelection(); // it may be on a page that the list has not come to
            showReport(report.value());
            showCount();
        });
}

void HistoryPanel::selectionMoved()
{
    if (selected().isNull()) {
        m_rest->stop();
        m_shown.reset();
        m_series.clear();
        m_chart->clear(tr("Select a scan to see its data."));
        m_details->clear();
        return;
    }
    m_rest->start();
}

void HistoryPanel::askReport()
{
    const QUuid scan = selected();
    if (scan.isNull())
        return;
    m_reader.ask<ScanReport>(
        [key = uidText(scan)](Connection &connection, const Session &session) {
            return ScanRepository(connection).show(session, key);
        },
        this,
        [this, scan](const Result<ScanReport> &report) {
            if (selected() != scan)
                return;
            if (report)
                showReport(report.value());
            else
                emit notice(true, report.error().message);
        });
}

void HistoryPanel::showReport(const ScanReport &report)
{
    m_model->take(report.scan);
    m_details->setReport(report);
    const bool isSame =
        m_shown && m_shown->uid == report.scan.uid && report.scan.objects.size() == m_series.size();
    m_shown = report.scan;
    if (!isSame)
        return preview();
    for (size_t i = 0; i < m_series.size(); ++i)
        m_series[i]->update(report.scan.objects[i]);
}

void HistoryPanel::preview()
{
    m_series.clear();
    std::vector<std::shared_ptr<const SeriesSource>> sources;
    for (const StoredObject &object : m_shown->objects) {
        m_series.push_back(std::make_shared<StoredSeriesSource>(
            *m_dataReader, object,
            [this](const QString &sentence) { emit notice(true, sentence); }));
        sources.push_back(m_series.back());
    }
    m_chart->setSources(m_shown->scanId, std::move(sources));
}

void HistoryPanel::setPreviewOpen(bool isOpen)
{
    m_top->setVisible(!isOpen);
    m_back->setVisible(isOpen);
    if (!isOpen)
        m_view->setFocus();
}

void HistoryPanel::editSelected()
{
    const ScanRecord *scan = selectedScan();
    if (!scan)
        return;
    m_reader.ask<ScanReport>(
        [key = uidText(scan->uid)](Connection &connection, const Session &session) {
            return ScanRepository(connection).show(session, key);
        },
        this,
        [this](const Result<ScanReport> &report) {
            if (!report)
                return emit notice(true, report.error().message);
            const ScanDetails &details = report.value().scan.details;
            if (report.value().tree.isEmpty())
                return emit notice(true,
                                   tr("%1 was stored without its scan tree: choose another scan")
                                       .arg(report.value().scan.scanId));
            emit editAgain(report.value().tree,
                           details.title.isEmpty() ? details.name : details.title);
        });
}

void HistoryPanel::exportSelected()
{
    if (const ScanRecord *scan = selectedScan())
        m_export->open(*scan);
}

void HistoryPanel::saveDetails(const QUuid &scan, const ScanDetails &details, qint64 revision)
{
    m_reader.ask<ScanReport>(
        [=](Connection &connection, const Session &session) -> Result<ScanReport> {
            ScanRepository scans(connection);
            if (const Status saved = scans.editDetails(session, scan, details, revision); !saved)
                return saved.error();
            return scans.show(session, uidText(scan));
        },
        this,
        [this, scan](const Result<ScanReport> &saved) {
            if (!saved) {
                m_details->showProblem(saved.error().message);
                emit notice(true, saved.error().message);
                return;
            }
            m_model->take(saved.value().scan);
            if (selected() == scan)
                m_details->setReport(saved.value());
            m_details->forgetDraft(scan);
        });
}

void HistoryPanel::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    // A style sheet set below comes back here as another palette change.
    if (event->type() != QEvent::PaletteChange || m_theme == currentTheme())
        return;
    m_theme = currentTheme();
    m_details->refreshTheme();
    m_chart->refreshTheme();
}

} // namespace birch
