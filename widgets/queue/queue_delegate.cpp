#include "widgets/queue/queue_delegate.h"

#include "widgets/models/queue_model.h"
#include "widgets/theme/state_look.h"
#include "widgets/theme/theme.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString stateText(const QModelIndex &index)
{
    const StateLook look = lookOf(ScanState(index.data(QueueModel::StateRole).toInt()));
    return look.shape + u' ' + look.word;
}
} // namespace

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (index.column() ==
        QueueModel::StateColumn) // the shape is ours, so the model's text is too short
        size.setWidth(option.fontMetrics.horizontalAdvance(stateText(index)) + 16);
    return size;
}

void QueueDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    QStyleOptionViewItem adapted = option;
    if (index.column() == QueueModel::StateColumn) {
        const StateLook look = lookOf(ScanState(index.data(QueueModel::StateRole).toInt()));
        initStyleOption(&adapted, index);
        adapted.text = stateText(index);
        if (!(option.state & QStyle::State_Selected))
            adapted.palette.setColor(QPalette::Text, look.color);
        adapted.widget->style()->drawControl(QStyle::CE_ItemViewItem, &adapted, painter,
                                             option.widget);
        return;
    }
    if (index.column() == QueueModel::ProgressColumn)
        return paintProgress(painter, option, index);
    if (index.column() == QueueModel::NameColumn)
        return paintName(painter, option, index);
    QStyledItemDelegate::paint(painter, option, index);
}

void QueueDelegate::paintName(QPainter *painter, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const
{
    QStyleOptionViewItem background = option;
    initStyleOption(&background, index);
    const QString name = background.text;
    background.text.clear();
    option.widget->style()->drawControl(QStyle::CE_ItemViewItem, &background, painter,
                                        option.widget);
    const bool isSelected = option.state & QStyle::State_Selected;
    const ThemeColors &colors = currentColors();
    const QRect area = option.rect.adjusted(4, 3, -4, -3);
    const auto line = [&](Qt::Alignment where, const QFont &font, const QColor &color,
                          const QString &text) {
        painter->setFont(font);
        painter->setPen(isSelected ? colors.accentText : color);
        painter->drawText(area, where | Qt::AlignLeft,
                          QFontMetrics(font).elidedText(text, Qt::ElideRight, area.width()));
    };
    painter->save();
    line(Qt::AlignTop, option.font, colors.text, name);
    QFont small = option.font;
    small.setPointSizeF(small.pointSizeF() * 0.88);
    line(Qt::AlignBottom, small, colors.mutedText, index.data(QueueModel::TimeRole).toString());
    painter->restore();
}

void QueueDelegate::paintProgress(QPainter *painter, const QStyleOptionViewItem &option,
                                  const QModelIndex &index) const
{
    QStyleOptionViewItem background = option;
    initStyleOption(&background, index);
    background.text.clear();
    option.widget->style()->drawControl(QStyle::CE_ItemViewItem, &background, painter,
                                        option.widget);
    const double progress = index.data(QueueModel::ProgressRole).toDouble();
    const QRectF frame = QRectF(option.rect).adjusted(6, 12, -6, -12);
    const ThemeColors &colors = currentColors();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colors.border, 1));
    painter->setBrush(colors.surface);
    painter->drawRoundedRect(frame, 4, 4);
    const auto text = u"%1 %"_s.arg(int(progress * 100));
    const QRectF filled(frame.topLeft(), QSizeF(frame.width() * progress, frame.height()));
    painter->setPen(colors.text);
    painter->drawText(frame, Qt::AlignCenter, text);
    if (progress > 0) {
        painter->setClipRect(filled);
        painter->setBrush(colors.accent);
        painter->setPen(Qt::NoPen);
        painter->drawRoundedRect(frame, 4, 4);
        painter->setPen(colors.accentText); // the part of the number that lies on the bar
        painter->drawText(frame, Qt::AlignCenter, text);
    }
    painter->restore();
}

} // namespace birch
