#pragma once

#include "core/data/run_state.h"

#include <QObject>
#include <QThread>

namespace birch {

class QueueEngine;
class SleepInhibitorWorker;

/// Keeps the machine awake while a queue runs: a block of logind (org.freedesktop.login1), held as
/// an open file for as long as it counts. All of the bus's work is done on a thread of its own, so
/// no call here ever waits; without a bus or logind it is one log line.
class SleepInhibitor : public QObject
{
    Q_OBJECT
public:
    /// \a reason: one sentence the desktop shows to whoever tries to shut the machine down.
    explicit SleepInhibitor(const QString &reason, QObject *parent = nullptr);
    ~SleepInhibitor() override;

    /// Holds while the queue of \a engine is not idle. \a engine may go first.
    void follow(QueueEngine &engine);
    void setHeld(bool isHeld);

signals:
    /// What the bus answered, after setHeld().
    void changed(bool isHeld);

private:
    QThread *m_thread;              ///< left to itself if the bus hangs
    SleepInhibitorWorker *m_worker; ///< on m_thread; deleted there
};

} // namespace birch
