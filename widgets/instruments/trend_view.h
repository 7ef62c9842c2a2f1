#pragma once

#include "core/instrument/instrument_host.h"

#include <QElapsedTimer>
#include <QWidget>

#include <deque>

class QComboBox;
class QTimer;

namespace birch {

/// A value of one instrument over the last minutes, read once per second while this is visible.
/// Only reads, so that it may be looked at while a scan holds the instrument.
class TrendView : public QWidget
{
    Q_OBJECT
public:
    TrendView(InstrumentHost &host, QWidget *parent = nullptr);

    qsizetype points() const { return qsizetype(m_points.size()); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    struct Quantity {
        QString name;
        QString unit;
        int movement = -1;    ///< its readback; or
        int measurement = -1; ///< one column of it
        int column = 0;
    };
    struct Point {
        double seconds = 0; ///< since the view was made
        double value = 0;   ///< NaN: not known, the line breaks
    };

    void listQuantities();
    void choose(int index);
    void poll();
    void take(quint64 choice, double value);
    QRectF plotArea() const;

    InstrumentHost &m_host;
    QList<Quantity> m_quantities;
    QComboBox *m_choice;
    QTimer *m_timer;
    QElapsedTimer m_clock;
    std::deque<Point> m_points;
    quint64 m_chosen = 0; ///< grows with each choice: answers to an older one are dropped
    bool m_isAsking = false;
};

} // namespace birch
