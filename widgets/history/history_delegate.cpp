#include "widgets/history/history_delegate.h"

#include "widgets/models/history_model.h"
#include "widgets/theme/state_look.h"

namespace birch {

void HistoryDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    if (index.column() != HistoryModel::StateColumn)
        return;
    const StateLook look = lookOf(ScanState(index.data(HistoryModel::StateRole).toInt()));
    option->text = look.shape + u' ' + look.word;
    if (!(option->state & QStyle::State_Selected))
        option->palette.setColor(QPalette::Text, look.color);
}

} // namespace birch
