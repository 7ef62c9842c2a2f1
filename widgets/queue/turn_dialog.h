#pragma once

#include "core/engine/queue_item.h"

#include <QDialog>

class QCheckBox;
class QDateTimeEdit;
class QSpinBox;

namespace birch {

/// When it is a waiting scan's turn, and how often: priority, gate, start time, repeats.
class TurnDialog : public QDialog
{
    Q_OBJECT
public:
    TurnDialog(const QString &scan, const ItemTurn &turn, QWidget *parent = nullptr);

    ItemTurn turn() const;

private:
    ItemTurn m_turn;
    QSpinBox *m_priority;
    QCheckBox *m_ready;
    QCheckBox *m_hasStart;
    QDateTimeEdit *m_start; ///< in the computer's own time zone
    QSpinBox *m_repeats;
};

} // namespace birch
