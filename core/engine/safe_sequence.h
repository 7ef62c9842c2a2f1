#pragma once

#include "core/base/clock.h"
#include "core/data/run_store.h"
#include "core/engine/safe_report.h"

#include <QObject>
#include <QSet>

#include <map>
#include <memory>

namespace birch {

class Bench;
class InstrumentHost;
class SafeDrive;

struct SafeOptions {
    /// An instrument that gives no answer for this long is missing; the others go on without it.
    Nanoseconds answerTimeout = std::chrono::seconds(2);
    Nanoseconds firstRetry = std::chrono::milliseconds(500); ///< doubled from try to try
    Nanoseconds lastRetry = std::chrono::seconds(10);
};

/// Drives movements and settings to their declared safe values, by their safe order, and reads
/// back.
///
/// Lower orders first; what has one order goes together. The next order begins when all of this one
/// have arrived, or are missing: no answer for SafeOptions::answerTimeout, or not settled within
/// the movement's own settle timeout. Missing ones are tried again, with back-off, until they
/// arrive or are dismissed. A closed instrument is opened. Works without a scan, and with one that
/// hangs: what runs on the instruments is cancelled first.
///
/// Event-driven: belongs to one thread, never blocks it. The bench must outlive it.
class SafeSequence : public QObject
{
    Q_OBJECT
public:
    SafeSequence(Bench &bench, Clock &clock, SafeOptions options = {}, QObject *parent = nullptr);
    ~SafeSequence() override;

    /// Makes these instruments safe; all of the bench where none is named. Returns at once; the
    /// signals come through the event loop. While it runs, a second start changes nothing but adds
    /// the instruments that were not part of it. After finished() it is a new run, of these alone
    /// and of what is still pending.
    void start(const QStringList &nicknames = {});
    bool isRunning() const { return m_isRunning; } ///< between start() and finished()

    /// The operator takes care of this instrument: no more tries.
    void dismiss(const QString &nickname);

    SafeReport report() const { return m_report; }

signals:
    /// What happened, as it happens, e.g. "smu.bias → 0 V, read back 0 V".
    void step(const birch::ScanLogEntry &entry);
    /// Each has had its turn: safe, or pending and tried again behind the scenes. Once
    /// per run.
    void finished(const birch::SafeReport &report);
    /// After finished(): the outcome of a pending one changed.
    void changed(const birch::SafeReport &report);

private:
    /// An instrument that is tried again by itself.
    struct Retry {
        Nanoseconds delay{};
        int round = 0; ///< a timer of an older round is void
    };

    void addTargets(const QStringList &nicknames);
    void nextOrder();
    void finishRun();
    void drive(const QString &nickname);
    void drop(const QString &nickname);
    void driveEnded(const QString &nickname);
    void scheduleRetry(const QString &nickname);
    void settled(int position, const QVariant &readback);
    void missed(int position, const QString &why, bool isWorthRetry);
    QList<int> due(const QString &nickname) const;
    bool hasPending(const QString &nickname) const;
    void noteChange();
    void log(const QString &level, const QString &message);

    Bench &m_bench;
    Clock &m_clock;
    SafeOptions m_options;
    SafeReport m_report;
    bool m_isRunning = false;
    qint64 m_order = 0;      // the one being driven, while running
    QSet<QString> m_awaited; // instruments the order waits for
    QSet<QString> m_missed;  // instruments whose last drive left something undone
    QStringList m_added;     // by a second start: driven before finished()
    std::map<QString, std::unique_ptr<SafeDrive>> m_drives;
    std::map<QString, Retry> m_retries;
    int m_rounds = 0;
};

} // namespace birch
