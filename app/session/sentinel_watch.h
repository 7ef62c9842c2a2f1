#pragma once

#include "app/session/message_pipe.h"
#include "app/session/process_handle.h"
#include "app/session/sentinel_handover.h"
#include "core/engine/motion_stop.h"
#include "core/engine/safe_sequence.h"
#include "core/instrument/bench.h"
#include "core/notify/notice_sender.h"

#include <QTimer>

namespace birch {

/// The sentinel: watches one workstation and, once that is dead, and only then, makes its bench
/// safe. A workstation that falls silent is killed first, so that its connections are free. Main
/// thread of birch-sentinel.
class SentinelWatch : public QObject
{
    Q_OBJECT
public:
    /// \a workstation: the pipe to it. \a definitionFolders: where definitions are looked up.
    /// \a makeSender: for who is to be told of a death.
    SentinelWatch(FileHandle workstation, QStringList definitionFolders,
                  std::function<std::unique_ptr<NoticeSender>()> makeSender);

    /// A newer program takes the bench over, or the machine goes down: what was done so far is
    /// recorded. One that only watches leaves; the workstation starts another.
    void leave();

signals:
    void finished(int exitCode); ///< 0: nothing to do, or all proven safe

private:
    enum class Phase : quint8 { Waiting, Watching, Killing, Driving, Over };

    void take(const QJsonObject &message);
    void takeHandover(const QJsonObject &message);
    Status makeBench();
    void takeGuard(const QJsonObject &message);
    void refuse(const Error &error);
    void tick();
    void pipeClosed();
    void workstationEnded();
    void kill();
    void drive(const QString &why);
    void checkDone();
    void tellPeople(const QString &why);
    void log(const ScanLogEntry &entry);
    void note(const QString &level, const QString &message);
    void finish(int exitCode);

    MessagePipe m_pipe;
    QStringList m_folders;
    Phase m_phase = Phase::Waiting;
    SentinelHandover m_handover;
    GuardedRun m_run;
    std::function<std::unique_ptr<NoticeSender>()> m_makeSender;
    std::unique_ptr<NoticeSender> m_sender;
    std::optional<ProcessHandle> m_workstation;
    std::unique_ptr<QSocketNotifier> m_ended;
    std::unique_ptr<SentinelRecordWriter> m_record; ///< null: it could not be made
    QTimer m_tick;
    bool m_hasBeat = false; ///< since the last tick
    int m_missed = 0;

    SystemClock m_clock;
    Bench m_bench;
    std::unique_ptr<SafeSequence> m_sequence;
    std::unique_ptr<MotionStop> m_stop;
};

} // namespace birch
