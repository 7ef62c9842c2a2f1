// The half of HistoryPanel that puts its parts together.
#include "core/base/id.h"
#include "widgets/chart/chart_panel.h"
#include "widgets/history/export_bar.h"
#include "widgets/history/history_delegate.h"
#include "widgets/history/history_filter_row.h"
#include "widgets/history/history_panel.h"
#include "widgets/history/scan_details_view.h"
#include "widgets/models/history_model.h"
#include "widgets/models/stored_series_source.h"
#include "widgets/theme/icon.h"

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::milliseconds kRest{80}; // arrow keys held down run past a row faster
}

HistoryPanel::HistoryPanel(StoreReader &reader, const QList<QAction *> &actions, QWidget *parent)
    : QWidget(parent)
    , m_reader(reader)
    , m_dataReader(std::make_unique<StoreReader>(reader.database(), reader.userName()))
    , m_model(new HistoryModel(reader, this))
    , m_theme(currentTheme())
    , m_filter(new HistoryFilterRow(this))
    , m_export(new ExportBar(reader, this))
    , m_count(new QLabel(this))
    , m_view(new QTableView(this))
    , m_list(new QStackedWidget(this))
    , m_hint(new QLabel(this))
    , m_clearFilter(new QPushButton(tr("Show all scans"), this))
    , m_top(new QWidget(this))
    , m_back(new QToolButton(this))
    , m_chart(new ChartPanel(this))
    , m_details(new ScanDetailsView(this))
    , m_rest(new QTimer(this))
{
    makeView();
    makeLayout(actions);
    connectAll();
    m_rest->setSingleShot(true);
    m_rest->setInterval(kRest);
    selectionMoved();
    setPreviewOpen(false);
    showCount();
}

void HistoryPanel::makeView()
{
    m_view->setModel(m_model);
    m_view->setItemDelegate(new HistoryDelegate(m_view));
    m_view->setAccessibleName(tr("Scans, newest first"));
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setTabKeyNavigation(false);
    m_view->setShowGrid(false);
    m_view->setWordWrap(false);
    m_view->setAlternatingRowColors(true);
    m_view->verticalHeader()->hide();
    m_view->verticalHeader()->setDefaultSectionSize(28);
    QHeaderView *header = m_view->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionResizeMode(HistoryModel::NameColumn, QHeaderView::Stretch);
    header->setMinimumSectionSize(60);
    header->setStretchLastSection(false);
    const std::pair<int, int> widths[] = {
        {HistoryModel::StateColumn, 106},   {HistoryModel::IdColumn, 150},
        {HistoryModel::SampleColumn, 96},   {HistoryModel::ProjectColumn, 96},
        {HistoryModel::OperatorColumn, 72}, {HistoryModel::StartedColumn, 126},
        {HistoryModel::PointsColumn, 118},  {HistoryModel::DurationColumn, 84}};
    for (const auto &[column, width] : widths)
        m_view->setColumnWidth(column, width);
}

void HistoryPanel::makeLayout(const QList<QAction *> &actions)
{
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_filter, 1);
    buttons->addWidget(m_count);
    for (QAction *action : actions) {
        auto *button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setAccessibleName(action->text());
        const bool isPlain = action == actions.last(); // refresh: its sign says it all
        button->setToolButtonStyle(isPlain ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
        buttons->addWidget(button);
    }
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    auto *empty = new QWidget(this);
    auto *emptyLayout = new QVBoxLayout(empty);
    emptyLayout->addStretch(1);
    emptyLayout->addWidget(m_hint);
    emptyLayout->addWidget(m_clearFilter, 0, Qt::AlignCenter);
    emptyLayout->addStretch(1);
    m_list->addWidget(m_view);
    m_list->addWidget(empty);
    auto *topLayout = new QVBoxLayout(m_top);
    topLayout->setContentsMargins(8, 8, 8, 4);
    topLayout->addLayout(buttons);
    topLayout->addWidget(m_list, 1);

    m_back->setIcon(themeIcon(u"close"_s));
    m_back->setText(tr("Back to the list"));
    m_back->setToolTip(tr("Show the list of scans again (Esc)"));
    m_back->setObjectName(u"history-back"_s);
    m_back->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    auto *chartSide = new QWidget(this);
    auto *chartLayout = new QVBoxLayout(chartSide);
    chartLayout->setContentsMargins(0, 0, 0, 0);
    chartLayout->setSpacing(0);
    chartLayout->addWidget(m_back, 0, Qt::AlignLeft);
    chartLayout->addWidget(m_chart, 1);
    auto *below = new QSplitter(Qt::Horizontal, this);
    below->addWidget(chartSide);
    below->addWidget(m_details);
    below->setStretchFactor(0, 1);
    below->setSizes({800, 380});
    below->setChildrenCollapsible(false);
    auto *parts = new QSplitter(Qt::Vertical, this);
    parts->addWidget(m_top);
    parts->addWidget(below);
    parts->setSizes({300, 400});
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 4);
    parts->setChildrenCollapsible(false);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_export);
    layout->addWidget(parts, 1);
}

void HistoryPanel::connectAll()
{
    connect(m_filter, &HistoryFilterRow::changed, this,
            [this] { m_model->setFilter(m_filter->filter()); });
    connect(m_clearFilter, &QPushButton::clicked, m_filter, &HistoryFilterRow::clearAll);
    connect(m_model, &HistoryModel::loaded, this, &HistoryPanel::showCount);
    connect(m_model, &HistoryModel::failed, this,
            [this](const QString &sentence) { emit notice(true, sentence); });
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &HistoryPanel::selectionMoved);
    connect(m_rest, &QTimer::timeout, this, &HistoryPanel::askReport);
    connect(m_view, &QAbstractItemView::activated, this, [this] { setPreviewOpen(true); });
    connect(m_view, &QAbstractItemView::doubleClicked, this, [this] { setPreviewOpen(true); });
    connect(m_back, &QToolButton::clicked, this, [this] { setPreviewOpen(false); });
    auto *escape = new QShortcut(Qt::Key_Escape, this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, [this] {
        if (m_export->isVisible() && !m_export->isRunning())
            m_export->hide();
        else if (m_top->isHidden())
            setPreviewOpen(false);
    });
    connect(m_export, &ExportBar::notice, this, &HistoryPanel::notice);
    connect(m_details, &ScanDetailsView::saveWanted, this, &HistoryPanel::saveDetails);
    connect(m_details, &ScanDetailsView::reloadWanted, this, &HistoryPanel::askReport);
    connect(m_details, &ScanDetailsView::continueWanted, this, &HistoryPanel::continueWanted);
}

} // namespace birch
