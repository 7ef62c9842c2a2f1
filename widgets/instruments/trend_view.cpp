#include "widgets/instruments/trend_view.h"

#include "widgets/models/number_text.h"

#include <QComboBox>
#include <QPainter>
#include <QPainterPath>
#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::milliseconds kInterval{1000};
constexpr std::chrono::seconds kPatience{5};
constexpr double kWindow = 300; // s
constexpr int kPlotHeight = 130;
constexpr int kGap = 6;

struct Range {
    double low = 0;
    double high = 0;
};

/// Of what is known among \a points; a line in the middle where it never changes.
template<typename Points>
std::optional<Range> rangeOf(const Points &points)
{
    std::optional<Range> range;
    for (const auto &point : points) {
        if (!std::isfinite(point.value))
            continue;
        range = range ? Range{std::min(range->low, point.value), std::max(range->high, point.value)}
                      : Range{point.value, point.value};
    }
    if (range && range->low == range->high) {
        const double margin = range->low == 0 ? 1 : std::abs(range->low) * 0.01;
        range = Range{range->low - margin, range->high + margin};
    }
    return range;
}
} // namespace

TrendView::TrendView(InstrumentHost &host, QWidget *parent)
    : QWidget(parent)
    , m_host(host)
    , m_choice(new QComboBox(this))
    , m_timer(new QTimer(this))
{
    listQuantities();
    setAccessibleName(tr("Trend of %1").arg(host.nickname()));
    m_choice->setAccessibleName(tr("What the trend of %1 shows").arg(host.nickname()));
    m_choice->setToolTip(tr("Read once per second while it is shown; the last five minutes"));
    for (const Quantity &quantity : std::as_const(m_quantities))
        m_choice->addItem(quantity.name);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_choice, 0, Qt::AlignLeft);
    layout->addSpacing(kPlotHeight + kGap);
    m_clock.start();
    m_timer->setInterval(kInterval);
    connect(m_timer, &QTimer::timeout, this, &TrendView::poll);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &TrendView::choose);
}

void TrendView::listQuantities()
{
    const InstrumentSpec &spec = m_host.spec();
    for (int i = 0; i < spec.measurements.size(); ++i) {
        const QList<ColumnSpec> &columns = spec.measurements[i].columns;
        for (int column = 0; column < columns.size(); ++column) {
            const bool isNumber = columns[column].type == ColumnType::Float64 ||
                                  columns[column].type == ColumnType::Int64;
            if (isNumber && columns[column].valuesPerRow() == 1)
                m_quantities.append({columns[column].name, columns[column].unit, -1, i, column});
        }
    }
    for (int i = 0; i < spec.movements.size(); ++i)
        m_quantities.append({spec.movements[i].name, spec.movements[i].unit, i});
}

void TrendView::choose(int)
{
    ++m_chosen;
    m_isAsking = false;
    m_points.clear();
    update();
    poll();
}

void TrendView::poll()
{
    const Quantity quantity = m_quantities.value(m_choice->currentIndex());
    if (m_isAsking || !isVisible() || m_host.connectionState() != ConnectionState::Open)
        return;
    m_isAsking = true;
    const quint64 choice = m_chosen;
    if (quantity.measurement >= 0) {
        m_host.read(Priority::Panel, quantity.measurement, kPatience, this,
                    [this, choice, column = size_t(quantity.column)](Result<Reading> reading) {
                        const bool isKnown =
                            reading && reading.value()[column].stateAt(0) == ValueState::Ok;
                        take(choice, isKnown ? reading.value()[column].doubleAt(0) : qQNaN());
                    });
    } else if (quantity.movement >= 0) {
        m_host.state(Priority::Panel, quantity.movement, kPatience, this,
                     [this, choice](Result<MovementState> state) {
                         take(choice, state ? state.value().readback : qQNaN());
                     });
    }
}

void TrendView::take(quint64 choice, double value)
{
    if (choice != m_chosen)
        return;
    m_isAsking = false;
    const double now = double(m_clock.elapsed()) / 1000;
    m_points.push_back({now, value});
    while (m_points.front().seconds < now - kWindow)
        m_points.pop_front();
    update();
}

QRectF TrendView::plotArea() const
{
    return QRectF(0, m_choice->geometry().bottom() + kGap, width(), kPlotHeight);
}

void TrendView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area = plotArea();
    painter.fillRect(area, palette().base());
    painter.setPen(palette().color(QPalette::Mid));
    painter.drawRect(area.adjusted(0, 0, -1, -1));
    const auto range = rangeOf(m_points);
    const QString unit = m_quantities.value(m_choice->currentIndex()).unit;
    painter.setPen(palette().color(QPalette::PlaceholderText));
    const QRectF inside = area.adjusted(8, 6, -8, -6);
    if (!range) {
        painter.drawText(inside, Qt::AlignCenter,
                         m_host.connectionState() == ConnectionState::Open
                             ? tr("Waiting for the first value…")
                             : tr("Connect %1 to see its values").arg(m_host.nickname()));
        return;
    }
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignTop,
                     displayValue(range->high, ValueState::Ok, unit));
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignBottom,
                     displayValue(range->low, ValueState::Ok, unit));
    painter.drawText(inside, Qt::AlignRight | Qt::AlignBottom, tr("now"));
    const double latest = m_points.back().value;
    painter.drawText(inside, Qt::AlignRight | Qt::AlignTop,
                     displayValue(latest,
                                  std::isfinite(latest) ? ValueState::Ok : ValueState::NotANumber,
                                  unit));
    const double now = double(m_clock.elapsed()) / 1000;
    const double first = std::min(m_points.front().seconds, now - 10);
    const double scale = inside.width() / (now - first);
    QPainterPath path;
    bool isBroken = true;
    for (const Point &point : m_points) {
        if (!std::isfinite(point.value)) {
            isBroken = true;
            continue;
        }
        const QPointF at(inside.left() + (point.seconds - first) * scale,
                         inside.bottom() - (point.value - range->low) / (range->high - range->low) *
                                               inside.height());
        isBroken ? path.moveTo(at) : path.lineTo(at);
        isBroken = false;
    }
    painter.setPen(QPen(palette().color(QPalette::Highlight), 1.6));
    painter.drawPath(path);
}

void TrendView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_timer->start();
    poll();
}

void TrendView::hideEvent(QHideEvent *event)
{
    m_timer->stop();
    m_points.push_back({double(m_clock.elapsed()) / 1000, qQNaN()}); // not looked at: a gap
    QWidget::hideEvent(event);
}

} // namespace birch
