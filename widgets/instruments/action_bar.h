#pragma once

#include <QWidget>

class QPushButton;

namespace birch {

class InstrumentHost;
class ManualLease;

/// What an instrument can be told to do without a value, a button each: home, zero. Asks first
/// where the definition wants it; one at a time. Stopped by the Stop of the movement that travels.
class ActionBar : public QWidget
{
    Q_OBJECT
public:
    ActionBar(InstrumentHost &host, ManualLease &lease, QWidget *parent = nullptr);

    void setControlEnabled(bool isEnabled);

signals:
    void failed(const QString &sentence);
    void done(const QString &sentence);

private:
    void ask(int action);
    void act(int action);
    void showEnabled();

    InstrumentHost &m_host;
    ManualLease &m_lease;
    QList<QPushButton *> m_buttons;
    bool m_isEnabled = false;
    bool m_isActing = false;
};

} // namespace birch
