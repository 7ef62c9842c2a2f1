#pragma once

#include "widgets/instruments/manual_control.h"

#include <QFrame>
#include <QPointer>

class QLabel;
class QLayout;
class QPushButton;
class QTimer;

namespace birch {

class ActionBar;
class BenchPort;
class MovementRow;
class ConsoleView;
class EntryDialog;
class SettingsPanel;

/// One instrument: nickname, model, address, state lamp, lease owner, its movements, its readings,
/// its settings, a trend, a console and the traffic. Polls positions only while it is visible and
/// connected.
class InstrumentCard : public QFrame
{
    Q_OBJECT
public:
    InstrumentCard(InstrumentHost &host, BenchPort &bench, QWidget *parent = nullptr);

signals:
    void failed(const QString &sentence);
    void done(const QString &sentence);

protected:
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    QWidget *makeHeader();
    QWidget *makeMeasurement(int index);
    QLayout *makeMore();
    QPushButton *makeEdit();
    void edit();
    void toggleConnection();
    void read(int index, QLabel *target);
    void showReading(int index, QLabel *target, const Reading &reading);
    void refreshState();
    void showLamp();
    void poll();

    InstrumentHost &m_host;
    BenchPort &m_bench;
    ManualLease m_lease;
    QLabel *m_lamp;
    QLabel *m_name;
    QLabel *m_identity;
    QLabel *m_owner;
    QPushButton *m_connect;
    QList<MovementRow *> m_movements;
    QList<QPushButton *> m_readButtons;
    ActionBar *m_actions = nullptr;      ///< null: it has none
    SettingsPanel *m_settings = nullptr; ///< null: it has none
    ConsoleView *m_console;
    QPointer<EntryDialog> m_editor;
    QTimer *m_timer;
};

} // namespace birch
