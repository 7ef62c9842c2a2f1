#pragma once

#include <QStyledItemDelegate>

namespace birch {

/// A scan's state as shape, word and colour.
class HistoryDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace birch
