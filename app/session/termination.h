#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace birch {

/// SIGTERM, SIGHUP and SIGINT as a signal of the event loop, so that a program leaves by its safe
/// path; SIGUSR1 and SIGUSR2 to pause and to resume what runs. One per process, made on the main
/// thread.
class Termination : public QObject
{
    Q_OBJECT
public:
    explicit Termination(QObject *parent = nullptr);
    ~Termination() override;

signals:
    void requested(int signalNumber);
    void pauseRequested();
    void resumeRequested();

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
    int m_readEnd = -1;
};

} // namespace birch
