#pragma once

#include <QComboBox>
#include <QWheelEvent>

namespace birch {

/// The wheel scrolls what is around it and changes no value: values change on purpose only.
class CalmComboBox final : public QComboBox
{
public:
    using QComboBox::QComboBox;

protected:
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }
};

} // namespace birch
