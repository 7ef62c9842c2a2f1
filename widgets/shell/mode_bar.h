#pragma once

#include <QWidget>

namespace birch {

/// The narrow bar at the left: one button per mode, icon above word.
class ModeBar : public QWidget
{
    Q_OBJECT
public:
    ModeBar(const QList<QAction *> &modes, QWidget *parent = nullptr);
};

} // namespace birch
