#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;

namespace birch {

class InstrumentHost;
class ManualLease;

/// One movement under manual control: its position, a field for a new value, Set and Stop.
/// Sets only within the limits and only while nobody else holds the lease.
class MovementRow : public QWidget
{
    Q_OBJECT
public:
    MovementRow(InstrumentHost &host, int movement, ManualLease &lease, QWidget *parent = nullptr);

    void refresh(); ///< asks where it is; nothing while closed
    void setControlEnabled(bool isEnabled, const QString &reason);

signals:
    void failed(const QString &sentence);
    void done(const QString &sentence);

private:
    void set();
    void stop();
    void show(double readback);
    void showProblem(const QString &sentence);

    InstrumentHost &m_host;
    ManualLease &m_lease;
    int m_movement;
    QLabel *m_value;
    QLineEdit *m_target;
    QPushButton *m_set;
    QPushButton *m_stop;
    QLabel *m_problem;
    bool m_isEnabled = false;
    bool m_isMoving = false; ///< by us: it is set again once it has arrived
};

} // namespace birch
