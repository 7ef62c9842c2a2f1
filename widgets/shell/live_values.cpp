#include "widgets/shell/live_values.h"

#include "widgets/models/number_text.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxTiles = 8;
constexpr qint64 kTrendRows = 60;
constexpr int kTrendFrom = 130;
} // namespace

/// Name, value and trend of one column.
class LiveValues::Tile final : public QWidget
{
public:
    Tile(int column, const ColumnSpec &spec, QWidget *parent)
        : QWidget(parent)
        , m_column(column)
        , m_spec(spec)
    {
        setMinimumSize(84, 44);
        setAccessibleName(spec.name);
    }

    void update(const SeriesSource &source)
    {
        const qint64 rows = source.rowCount();
        m_trend = source.values(m_column, std::max<qint64>(rows - kTrendRows, 0), kTrendRows);
        m_text = m_trend.empty() || !std::isfinite(m_trend.back())
                     ? u"–"_s
                     : displayQuantity(m_trend.back(), m_spec.unit);
        setToolTip(m_spec.name + u": "_s + m_text);
        QWidget::update();
    }

    QSize sizeHint() const override { return {150, 44}; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const ThemeColors &colors = currentColors();
        QFont small = font();
        small.setPointSizeF(small.pointSizeF() * 0.85);
        painter.setFont(small);
        painter.setPen(colors.mutedText);
        const QString name =
            QFontMetrics(small).elidedText(m_spec.name, Qt::ElideMiddle, width() - 8);
        painter.drawText(QRect(4, 2, width() - 8, height() / 2 - 2),
                         Qt::AlignLeft | Qt::AlignVCenter, name);
        QFont bold = font();
        bold.setBold(true);
        painter.setFont(bold);
        painter.setPen(colors.text);
        painter.drawText(QRect(4, height() / 2 - 2, width() - 8, height() / 2),
                         Qt::AlignLeft | Qt::AlignVCenter, m_text);
        if (width() >= kTrendFrom) // a narrow tile keeps its number readable
            paintTrend(painter, QRectF(width() - 52, height() / 2.0, 46, height() / 2.0 - 6));
    }

private:
    void paintTrend(QPainter &painter, const QRectF &area) const
    {
        double low = INFINITY;
        double high = -INFINITY;
        for (const double value : m_trend) {
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
        if (m_trend.size() < 2 || !(high > low))
            return;
        QPainterPath path;
        bool isDown = false;
        for (size_t i = 0; i < m_trend.size(); ++i) {
            if (!std::isfinite(m_trend[i])) {
                isDown = false;
                continue;
            }
            const QPointF at(area.left() + area.width() * double(i) / double(m_trend.size() - 1),
                             area.bottom() - area.height() * (m_trend[i] - low) / (high - low));
            if (isDown)
                path.lineTo(at);
            else
                path.moveTo(at);
            isDown = true;
        }
        painter.setPen(QPen(currentColors().accent, 1.2));
        painter.drawPath(path);
    }

    int m_column;
    ColumnSpec m_spec;
    QString m_text = u"–"_s;
    std::vector<double> m_trend;
};

LiveValues::LiveValues(QWidget *parent)
    : QWidget(parent)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(8, 2, 8, 2);
    layout->setSpacing(16);
    layout->addStretch(1);
    setMinimumHeight(52);
    setAccessibleName(tr("Live values"));
}

void LiveValues::setSource(std::shared_ptr<const SeriesSource> source)
{
    if (source == m_source)
        return;
    qDeleteAll(m_tiles);
    m_tiles.clear();
    m_source = std::move(source);
    m_rows = -1;
    if (!m_source)
        return;
    const QList<ColumnSpec> &columns = m_source->schema().columns;
    for (int i = 0; i < columns.size() && m_tiles.size() < kMaxTiles; ++i) {
        const ColumnSpec &column = columns[i];
        const bool isShown =
            (column.role == ColumnRole::Setpoint || column.role == ColumnRole::Value) &&
            column.valuesPerRow() == 1 && column.type != ColumnType::Utf8;
        if (!isShown)
            continue;
        auto *tile = new Tile(i, column, this);
        static_cast<QHBoxLayout *>(layout())->insertWidget(int(m_tiles.size()), tile);
        m_tiles << tile;
    }
    refresh();
}

void LiveValues::refresh()
{
    if (!m_source || m_source->rowCount() == m_rows)
        return;
    m_rows = m_source->rowCount();
    for (Tile *tile : std::as_const(m_tiles))
        tile->update(*m_source);
}

} // namespace birch
