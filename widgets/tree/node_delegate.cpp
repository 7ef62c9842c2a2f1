#include "widgets/tree/node_delegate.h"

#include "widgets/models/scan_tree_model.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kBadge = 18;
}

void NodeDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->icon = themeIcon(index.data(ScanTreeModel::KindRole).toString());
    option->decorationSize = QSize(18, 18);
    if (index.data(Qt::CheckStateRole).toInt() != Qt::Checked)
        option->palette.setColor(QPalette::Text, currentColors().mutedText);
}

void NodeDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    QStyleOptionViewItem adapted = option;
    initStyleOption(&adapted, index);
    const QString summary = index.data(ScanTreeModel::SummaryRole).toString();
    const bool hasProblems = !index.data(ScanTreeModel::ProblemsRole).toStringList().isEmpty();
    const QString full = adapted.text;
    const QString name = summary.isEmpty() ? full : full.chopped(summary.size()).trimmed();
    adapted.text = name;
    const QWidget *widget = option.widget;
    QStyle *style = widget ? widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &adapted, painter, widget);

    const QRect text = style->subElementRect(QStyle::SE_ItemViewItemText, &adapted, widget);
    const int used = adapted.fontMetrics.horizontalAdvance(name) + 14;
    QRect rest = text.adjusted(used, 0, hasProblems ? -kBadge - 6 : -4, 0);
    const bool isSelected = option.state & QStyle::State_Selected;
    painter->save();
    painter->setPen(isSelected ? currentColors().accentText : currentColors().mutedText);
    if (rest.width() > 20)
        painter->drawText(rest, Qt::AlignVCenter | Qt::AlignLeft,
                          adapted.fontMetrics.elidedText(summary, Qt::ElideRight, rest.width()));
    if (hasProblems) {
        const QColor color = isSelected ? currentColors().accentText : currentColors().warning;
        const QRect badge(option.rect.right() - kBadge - 4, option.rect.center().y() - kBadge / 2,
                          kBadge, kBadge);
        themeIcon(u"warning"_s, color).paint(painter, badge);
    }
    painter->restore();
}

QSize NodeDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    return QStyledItemDelegate::sizeHint(option, index).expandedTo(QSize(0, 30));
}

} // namespace birch
