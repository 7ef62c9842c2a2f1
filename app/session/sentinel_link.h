#pragma once

#include "app/session/message_pipe.h"
#include "app/session/process_handle.h"
#include "app/session/sentinel_handover.h"
#include "core/engine/safe_port.h"

#include <QElapsedTimer>
#include <QTimer>

#include <functional>
#include <vector>

namespace birch {

/// The workstation's side of its sentinel: starts it, says what it guards, and beats from the event
/// loop of the engine thread, where this lives, so that an engine that hangs falls silent however
/// well the window does. A sentinel that ends or hangs is replaced, and the log says so.
class SentinelLink final : public QObject, public SentinelPort
{
    Q_OBJECT
public:
    /// All but the workstation itself, as of now. Called on the engine thread, when a sentinel
    /// starts and when what it guards changes.
    using Handover = std::function<SentinelHandover()>;

    /// \a log: into the log of what runs.
    SentinelLink(Handover handover, SafePort::Log log);
    /// Without release() the sentinel takes over.
    ~SentinelLink() override;

    void guard(const GuardedRun &run) override;
    void release() override;

private:
    struct Child {
        Child(ProcessHandle handle, FileHandle end)
            : process(std::move(handle))
            , pipe(std::move(end))
            , ended(process.descriptor(), QSocketNotifier::Read)
        {
        }
        ProcessHandle process;
        MessagePipe pipe;
        QSocketNotifier ended;
    };

    SentinelHandover handoverNow() const;
    Status launch();
    void launchInPlace();
    void relaunch();
    void beat();
    void take(const QJsonObject &message);
    void childEnded();
    void replace(const QString &why);
    void letGo(); ///< the child ends by itself, or has been killed; it is reaped when it has

    Handover m_makeHandover;
    SentinelHandover m_handover; ///< what the child was given
    SafePort::Log m_log;
    std::unique_ptr<Child> m_child;
    std::vector<std::unique_ptr<Child>> m_leaving;
    std::optional<GuardedRun> m_run; ///< what is guarded; none: released
    QTimer m_beat;
    QElapsedTimer m_sinceAnswer;
    int m_failures = 0; ///< starts in a row that came to nothing
    bool m_wasRefused = false;
};

} // namespace birch
