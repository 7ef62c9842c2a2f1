#pragma once

#include "core/data/scan_timing.h"

#include <QWidget>

namespace birch {

/// Where the wall time of a scan went, as one line from left to right: a stretch per part, the
/// largest first.
class TimeBar : public QWidget
{
    Q_OBJECT
public:
    struct Stretch {
        QString label;
        qint64 ns = 0;
    };

    explicit TimeBar(QWidget *parent = nullptr);

    /// Largest first.
    void setStretches(const QList<Stretch> &stretches);
    /// Of stretch \a index, as the line has it.
    static QColor colorOf(qsizetype index);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRect rectOf(qsizetype index) const;

    QList<Stretch> m_stretches;
    qint64 m_sumNs = 0;
};

} // namespace birch
