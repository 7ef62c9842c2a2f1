#include "widgets/chart/chart_panel.h"

#include "widgets/chart/array_row_source.h"
#include "widgets/chart/chart_view.h"
#include "widgets/theme/colour_map.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSaveFile>
#include <QSlider>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr std::chrono::milliseconds kFrame{33};
constexpr int kMaxTraces = 12;

QToolButton *makeToggle(QWidget *parent, const QString &text, const QString &tip)
{
    auto *button = new QToolButton(parent);
    button->setText(text);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setCheckable(true);
    return button;
}

AxisScale scaleOf(const QToolButton *log, const ColumnSpec *column)
{
    if (column && column->role == ColumnRole::Time)
        return AxisScale::Time;
    return log->isChecked() ? AxisScale::Log : AxisScale::Linear;
}

} // namespace

ChartPanel::ChartPanel(QWidget *parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_object(new QComboBox(this))
    , m_kind(new QComboBox(this))
    , m_x(new QComboBox(this))
    , m_y(new QToolButton(this))
    , m_yMenu(new QMenu(m_y))
    , m_mapY(new QComboBox(this))
    , m_mapZ(new QComboBox(this))
    , m_colours(new QComboBox(this))
    , m_logX(makeToggle(this, tr("log x"), tr("Logarithmic x axis")))
    , m_logY(makeToggle(this, tr("log y"), tr("Logarithmic y axis")))
    , m_follow(makeToggle(this, {}, tr("Show everything and follow the scan")))
    , m_row(new QSlider(Qt::Horizontal, this))
    , m_rowText(new QLabel(this))
    , m_readout(new QLabel(this))
    , m_hint(new QLabel(this))
    , m_stack(new QStackedWidget(this))
    , m_view(new ChartView(this))
    , m_timer(new QTimer(this))
{
    makeControls();
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_title->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_hint->setAlignment(Qt::AlignCenter);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_stack->addWidget(m_hint);
    m_stack->addWidget(m_view);
    m_readout->setAccessibleName(tr("Values under the pointer"));
    m_readout->setMinimumHeight(24);
    m_readout->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);

    auto *controls = new QHBoxLayout;
    controls->setSpacing(6);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_object, m_kind})
        controls->addWidget(widget);
    controls->addStretch(1);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_x, m_y, m_mapY, m_mapZ, m_colours,
                                                            m_logX, m_logY, m_follow})
        controls->addWidget(widget);
    auto *rowLine = new QHBoxLayout;
    rowLine->addWidget(m_rowText);
    rowLine->addWidget(m_row, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 4, 8, 4);
    layout->setSpacing(2);
    layout->addWidget(m_title);
    layout->addLayout(controls);
    layout->addWidget(m_stack, 1);
    layout->addLayout(rowLine);
    layout->addWidget(m_readout);

    connect(m_view, &ChartView::cursorMoved, m_readout, &QLabel::setText);
    connect(m_view, &ChartView::followingChanged, m_follow, &QToolButton::setChecked);
    connect(m_timer, &QTimer::timeout, this, &ChartPanel::refresh);
    m_timer->start(kFrame);
    clear({});
}

ChartPanel::~ChartPanel() = default;

void ChartPanel::makeControls()
{
    const auto name = [](QWidget *widget, const QString &text) {
        widget->setAccessibleName(text);
        widget->setToolTip(text);
    };
    name(m_object, tr("Measurement"));
    name(m_kind, tr("Draw as"));
    name(m_x, tr("Column on the x axis"));
    name(m_y, tr("Columns on the y axis"));
    name(m_mapY, tr("Column on the y axis of the map"));
    name(m_mapZ, tr("Column shown as colour"));
    name(m_colours, tr("Colours of the map"));
    name(m_row, tr("Which point's array to show; at the right end the newest"));
    m_y->setText(tr("y columns"));
    m_y->setPopupMode(QToolButton::InstantPopup);
    m_y->setMenu(m_yMenu);
    m_y->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_colours->addItems(colourTableNames());
    m_follow->setIcon(themeIcon(u"fit"_s));
    m_follow->setChecked(true);
    for (QComboBox *box : {m_object, m_kind, m_x, m_mapY, m_mapZ, m_colours})
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);

    connect(m_object, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (!m_isFilling)
            chooseObject(index);
    });
    connect(m_kind, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_isFilling)
            chooseKind();
    });
    for (QComboBox *box : {m_x, m_mapY, m_mapZ}) {
        connect(box, &QComboBox::currentIndexChanged, this, [this] {
            if (!m_isFilling)
                rebuild();
        });
    }
    connect(m_colours, &QComboBox::currentTextChanged, m_view, &ChartView::setColours);
    connect(m_logX, &QToolButton::toggled, this, &ChartPanel::rebuild);
    connect(m_logY, &QToolButton::toggled, this, &ChartPanel::rebuild);
    connect(m_follow, &QToolButton::clicked, this, &ChartPanel::resetView);
    connect(m_row, &QSlider::valueChanged, this, [this](int row) {
        if (!m_isFilling && m_array)
            m_array->setRow(row == m_row->maximum() ? -1 : row);
    });
}

void ChartPanel::setSources(const QString &title,
                            std::vector<std::shared_ptr<const SeriesSource>> sources)
{
    m_sources = std::move(sources);
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
    m_isFilling = true;
    m_object->clear();
    for (const auto &source : m_sources)
        m_object->addItem(source->schema().name);
    m_object->setVisible(m_sources.size() > 1);
    m_isFilling = false;
    if (m_sources.empty())
        return clear(tr("This scan has no measurement to draw."));
    m_stack->setCurrentWidget(m_view);
    chooseObject(0);
}

void ChartPanel::clear(const QString &hint)
{
    m_sources.clear();
    m_source.reset();
    m_array.reset();
    m_view->clear();
    m_hint->setText(hint);
    m_title->hide();
    m_stack->setCurrentWidget(m_hint);
    for (QWidget *widget :
         std::initializer_list<QWidget *>{m_object, m_kind, m_x, m_y, m_mapY, m_mapZ, m_colours,
                                          m_logX, m_logY, m_follow, m_row, m_rowText})
        widget->hide();
}

ChartKind ChartPanel::kind() const
{
    return ChartKind(m_kind->currentData().toInt());
}

void ChartPanel::chooseObject(int index)
{
    if (index < 0 || size_t(index) >= m_sources.size())
        return;
    m_source = m_sources[size_t(index)];
    m_choice = chartChoice(m_source->schema());
    m_isFilling = true;
    m_kind->clear();
    for (const ChartKind kind : std::as_const(m_choice.kinds)) {
        m_kind->addItem(kind == ChartKind::Map     ? tr("Map")
                        : kind == ChartKind::Array ? tr("Array")
                                                   : tr("Line"),
                        int(kind));
    }
    fillColumns(m_source->schema());
    m_isFilling = false;
    if (m_choice.kinds.isEmpty())
        return clear(tr("This measurement has no numbers to draw."));
    chooseKind();
}

void ChartPanel::fillColumns(const TableSchema &schema)
{
    m_x->clear();
    m_mapY->clear();
    m_mapZ->clear();
    m_yMenu->clear();
    m_x->addItem(tr("row number"), kRowNumber);
    for (int i = 0; i < schema.columns.size(); ++i) {
        const ColumnSpec &column = schema.columns[i];
        if (!isScalarNumber(column))
            continue;
        const QString title = columnTitle(column);
        m_x->addItem(title, i);
        m_mapY->addItem(title, i);
        m_mapZ->addItem(title, i);
        QAction *action = m_yMenu->addAction(title);
        action->setCheckable(true);
        action->setData(i);
        action->setChecked(m_choice.lineY.contains(i));
        connect(action, &QAction::toggled, this, &ChartPanel::rebuild);
    }
}

void ChartPanel::chooseKind()
{
    const bool isMap = kind() == ChartKind::Map;
    const bool isLine = kind() == ChartKind::Line;
    m_isFilling = true;
    m_x->setCurrentIndex(m_x->findData(isMap ? m_choice.mapX : m_choice.lineX));
    m_mapY->setCurrentIndex(m_mapY->findData(m_choice.mapY));
    m_mapZ->setCurrentIndex(m_mapZ->findData(m_choice.mapZ));
    m_isFilling = false;
    m_kind->setVisible(m_kind->count() > 1);
    m_x->setVisible(isMap || isLine);
    m_y->setVisible(isLine);
    m_logX->setVisible(!isMap);
    m_logY->setVisible(!isMap);
    m_mapY->setVisible(isMap);
    m_mapZ->setVisible(isMap);
    m_colours->setVisible(isMap);
    m_follow->show();
    m_row->setVisible(kind() == ChartKind::Array);
    m_rowText->setVisible(kind() == ChartKind::Array);
    rebuild();
}

QList<int> ChartPanel::checkedColumns() const
{
    QList<int> columns;
    for (const QAction *action : m_yMenu->actions()) {
        if (action->isChecked() && columns.size() < kMaxTraces)
            columns << action->data().toInt();
    }
    return columns;
}

void ChartPanel::rebuild()
{
    if (!m_source || m_isFilling)
        return;
    m_array.reset();
    const TableSchema &schema = m_source->schema();
    switch (kind()) {
    case ChartKind::Line:
        return rebuildLine(schema);
    case ChartKind::Map:
        return rebuildMap(schema);
    case ChartKind::Array:
        return rebuildArray(schema);
    }
}

void ChartPanel::rebuildLine(const TableSchema &schema)
{
    const int x = m_x->currentData().toInt();
    std::vector<Trace> traces;
    QStringList titles;
    const QList<int> columns = checkedColumns();
    for (qsizetype i = 0; i < columns.size(); ++i) {
        const ColumnSpec &column = schema.columns[columns[i]];
        traces.push_back({m_source, x, columns[i], tracePen(int(i), currentTheme()), column.name});
        titles << columnTitle(column);
    }
    const ColumnSpec *xColumn = x == kRowNumber ? nullptr : &schema.columns[x];
    m_view->showTraces(std::move(traces),
                       {xColumn ? columnTitle(*xColumn) : tr("row"), scaleOf(m_logX, xColumn)},
                       {titles.join(u", "_s), scaleOf(m_logY, nullptr)});
}

void ChartPanel::rebuildMap(const TableSchema &schema)
{
    const int x = m_x->currentData().toInt();
    const int y = m_mapY->currentData().toInt();
    const int z = m_mapZ->currentData().toInt();
    if (x == kRowNumber)
        return m_x->setCurrentIndex(m_x->findData(m_choice.mapX));
    m_view->showMap(std::make_unique<MapGrid>(m_source, x, y, z), {columnTitle(schema.columns[x])},
                    {columnTitle(schema.columns[y])}, columnTitle(schema.columns[z]));
}

void ChartPanel::rebuildArray(const TableSchema &)
{
    m_array = std::make_shared<ArrayRowSource>(m_source, m_choice.arrayColumn);
    m_array->update();
    m_isFilling = true;
    m_row->setMaximum(int(std::max<qint64>(m_source->rowCount() - 1, 0)));
    m_row->setValue(m_row->maximum());
    m_isFilling = false;
    m_rowText->setText(tr("point %1").arg(m_array->shownRow() + 1));
    const QList<ColumnSpec> &columns = m_array->schema().columns;
    m_view->showTraces({{m_array, 0, 1, tracePen(0, currentTheme()), columns[1].name}},
                       {columnTitle(columns[0]), scaleOf(m_logX, nullptr)},
                       {columnTitle(columns[1]), scaleOf(m_logY, nullptr)});
}

void ChartPanel::refresh()
{
    if (!isVisible() || !m_source)
        return;
    if (!m_array)
        return m_view->refresh();
    const int last = int(std::max<qint64>(m_source->rowCount() - 1, 0));
    if (m_row->maximum() != last) {
        const bool wasNewest = m_row->value() == m_row->maximum();
        m_isFilling = true;
        m_row->setMaximum(last);
        if (wasNewest)
            m_row->setValue(last);
        m_isFilling = false;
    }
    if (m_array->update()) {
        m_rowText->setText(tr("point %1").arg(m_array->shownRow() + 1));
        if (m_view->isFollowing())
            m_view->resetView();
        else
            m_view->refresh();
        m_view->viewport()->update();
        m_view->scene()->update();
    }
}

void ChartPanel::resetView()
{
    m_view->resetView();
    m_follow->setChecked(true);
}

bool ChartPanel::savePng(const QString &path, QString *problem)
{
    QSaveFile file(path);
    if (file.open(QIODevice::WriteOnly) && m_view->grab().save(&file, "PNG") && file.commit())
        return true;
    *problem = tr("The picture could not be written to %1: %2. Choose another folder.")
                   .arg(path, file.errorString());
    return false;
}

void ChartPanel::refreshTheme()
{
    m_view->applyThemeColors();
    if (m_source)
        rebuild();
}

} // namespace birch
