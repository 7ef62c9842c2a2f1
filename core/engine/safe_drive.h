#pragma once

#include "core/base/clock.h"
#include "core/engine/safe_report.h"
#include "core/instrument/instrument_host.h"
#include "core/instrument/settle_watch.h"

#include <map>

namespace birch {

/// Brings some movements and settings of one instrument to their targets, together, and says how
/// each ended; then it is over. Bounded: an instrument that gives no answer for \a answerTimeout is
/// given up, and so is a movement that has not settled in its own time. What a connection that has
/// to be opened was doing is not known: its motion is halted first. Lives on the thread of its
/// SafeSequence; destroying it drops all that is still to be heard.
class SafeDrive final : public QObject
{
    Q_OBJECT
public:
    struct Target {
        int position = -1; ///< the caller's, given back
        int movement = -1; ///< -1: a setting
        QString parameter; ///< its key
        QVariant value;
    };

    SafeDrive(InstrumentHost &host, Clock &clock, Nanoseconds answerTimeout);

    void start(const QList<Target> &targets);

signals: // exactly one of the first two per target, then ended()
    void arrived(int position, const QVariant &readback);
    void failed(int position, const QString &why, bool isWorthRetry);
    void ended();

private:
    struct Travel {
        Target target;
        SettleWatch watch;
        qint64 giveUpNs; // boot time
    };

    void haltAll();
    void beginAll();
    void beginSetting(const Target &setting);
    void checkSetting(const QString &key, const Result<QVariant> &readback);
    void begun(int movement, const Status &status);
    void poll(int movement);
    void polled(int movement, const Result<MovementState> &state);
    void watchForAnswers();
    void answered() { m_lastAnswerNs = m_clock.bootNs(); }
    void end(int movement, const Error &error);
    void endSetting(const QString &key, const Error &error);
    void fail(int position, const Error &error);
    void endAll(const QString &why);
    void endIfDone();
    Error notSettled(const Travel &travel, double readback) const;
    SettleWatch::Time now() const { return SettleWatch::Time(Nanoseconds(m_clock.bootNs())); }

    InstrumentHost &m_host;
    Clock &m_clock;
    Nanoseconds m_answerTimeout;
    std::map<int, Travel> m_travels; // by movement; what has not ended yet
    QList<Target> m_settings;        // the same, one after the other
    qint64 m_lastAnswerNs = 0;
    bool m_isOver = false;
};

} // namespace birch
