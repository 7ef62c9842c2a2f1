#include "widgets/history/time_bar.h"

#include "core/plan/duration_text.h"
#include "widgets/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace birch {

TimeBar::TimeBar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Where the time went"));
}

QColor TimeBar::colorOf(qsizetype index)
{
    constexpr qsizetype kColors = 6; // what comes after them is grey
    return index < kColors ? tracePen(int(index), currentTheme()).color() : currentColors().grid;
}

QSize TimeBar::sizeHint() const
{
    return {200, fontMetrics().height() + 8};
}

void TimeBar::setStretches(const QList<Stretch> &stretches)
{
    m_stretches = stretches;
    m_sumNs = 0;
    QStringList words;
    for (const Stretch &stretch : stretches) {
        m_sumNs += stretch.ns;
        words << stretch.label + u' ' + durationText(Nanoseconds(stretch.ns));
    }
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    update();
}

QRect TimeBar::rectOf(qsizetype index) const
{
    qint64 before = 0;
    for (qsizetype i = 0; i < index; ++i)
        before += m_stretches.at(i).ns;
    const auto at = [this](qint64 ns) {
        return int(double(width()) * double(ns) / double(std::max<qint64>(m_sumNs, 1)));
    };
    const int left = at(before);
    return {left, 0, at(before + m_stretches.at(index).ns) - left, height()};
}

void TimeBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    for (qsizetype i = 0; i < m_stretches.size(); ++i)
        painter.fillRect(rectOf(i), colorOf(i));
    painter.setPen(currentColors().border);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

bool TimeBar::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const QPoint at = static_cast<QHelpEvent *>(event)->pos();
    for (qsizetype i = 0; i < m_stretches.size(); ++i) {
        if (rectOf(i).contains(at))
            QToolTip::showText(mapToGlobal(at),
                               tr("%1: %2").arg(m_stretches.at(i).label,
                                                durationText(Nanoseconds(m_stretches.at(i).ns))),
                               this, rectOf(i));
    }
    return true;
}

} // namespace birch
