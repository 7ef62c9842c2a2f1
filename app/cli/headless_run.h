#pragma once

#include "app/cli/command.h"
#include "app/cli/prompt_answers.h"
#include "app/session/workstation.h"

#include <QObject>
#include <QSet>

class QEventLoop;

namespace birch {
class QueueStation;
class SleepInhibitor;
class Termination;
} // namespace birch

namespace birch::cli {

/// Runs the items of an engine to the end without a window: progress on stderr, SIGTERM, SIGHUP and
/// SIGINT leave by the safe path so that the scan can be continued. SIGUSR1 pauses after the point,
/// once more at once; SIGUSR2 resumes.
class HeadlessRun : public QObject
{
    Q_OBJECT
public:
    HeadlessRun(const Invocation &invocation, StationData &data,
                std::unique_ptr<StationBench> bench);
    ~HeadlessRun() override;

    QueueEngine &engine() { return m_station->engine(); }
    Workstation &station() { return *m_station; }
    /// Starts the queue and the event loop; returns when everything has ended and is stored, or why
    /// not was said. The exit code, worst of all scans; points that are left in the spool are a
    /// failure.
    int run();
    /// The same for scans that \a queues takes from the database, until nothing is left for it.
    void serve(QueueStation &queues);
    /// Those whose scans were started, in order.
    QList<QueueItem> startedItems() const;

private:
    class Progress;
    void begin(QEventLoop &loop);
    void watchPrompts();
    void watchPauses(const Termination &termination);
    bool isHeld() const; ///< by a guard: it goes on by itself
    void leaveIfStuck();
    void leaveWhenDone();
    void noteUnsettled();
    int exitCode() const;

    void watchBacklog();
    void tellBacklog(const QString &problem);

    const Invocation &m_invocation;
    StationData &m_data;
    std::unique_ptr<Progress> m_progress;
    std::unique_ptr<Workstation> m_station;
    std::unique_ptr<PromptAnswers> m_answers;
    std::unique_ptr<Termination> m_termination;
    std::unique_ptr<SleepInhibitor> m_inhibitor;
    bool m_isLeaving = false;
    bool m_isPauseAsked = false; ///< by a signal: whoever sent it resumes
    QString m_ifPausedNow;
    QString m_pauseNote;   ///< as told last
    QSet<QUuid> m_settled; ///< stored, or said why not
    bool m_isAllStored = true;
    bool m_hasStarted = false;
};

/// {"database","scans":[SCAN]} on stdout, or a line for each: as the database has them, else as the
/// engine knows them. \a scanIds: gets the human ids.
void printScans(const Invocation &invocation, StationData &data, const QList<QueueItem> &items,
                QStringList *scanIds = nullptr);

} // namespace birch::cli
