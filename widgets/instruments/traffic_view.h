#pragma once

#include <QWidget>

class QCheckBox;
class QPlainTextEdit;
class QTimer;

namespace birch {

class BenchPort;

/// What goes over the connection of one instrument, as it comes: sent, received, connected, lost.
/// Looks only while it is visible; what happened before is in it, as far as memory goes.
class TrafficView : public QWidget
{
    Q_OBJECT
public:
    TrafficView(const BenchPort &bench, const QString &nickname, QWidget *parent = nullptr);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void refresh();

    const BenchPort &m_bench;
    QString m_nickname;
    QPlainTextEdit *m_lines;
    QCheckBox *m_hold;
    QTimer *m_timer;
    qint64 m_lastNs = 0; ///< of the newest line that is shown
};

} // namespace birch
