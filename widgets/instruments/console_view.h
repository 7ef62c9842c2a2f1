#pragma once

#include "core/instrument/secret_mask.h"

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace birch {

class InstrumentHost;
class ManualLease;

/// Commands typed to one instrument, as they are sent, with what it answers and how long that took.
/// A command with a question mark waits for an answer. Up and Down bring back what was typed. Sends
/// only while nobody else holds the lease; what was said stays readable.
class ConsoleView : public QWidget
{
    Q_OBJECT
public:
    ConsoleView(InstrumentHost &host, ManualLease &lease, QWidget *parent = nullptr);

    void setControlEnabled(bool isEnabled, const QString &reason);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void submit();
    void send(const QByteArray &command, bool isErrorQuery);
    void answered(const QByteArray &command, bool isErrorQuery, qint64 ms, const QByteArray &reply);
    void askErrors();
    void recall(int step);
    void append(const QString &mark, const QString &text);

    InstrumentHost &m_host;
    ManualLease &m_lease;
    const SecretMask m_secrets; ///< what the lines do not show
    QPlainTextEdit *m_lines;
    QLineEdit *m_input;
    QPushButton *m_send;
    QPushButton *m_errors;
    QStringList m_history; ///< newest last
    int m_recalled = 0;    ///< position in it; its size: none
    int m_pending = 0;     ///< commands that are not answered yet
    int m_errorsLeft = 0;  ///< answers of the error list that are still asked for
};

} // namespace birch
