#pragma once

#include "core/engine/move_group.h"

#include <QStringList>

#include <vector>

namespace birch {

/// The movements and settings with a pause value, called outputs here: brings them there while a
/// scan is paused, and back to what they were before it goes on. Reads back. Engine thread; never
/// waits; the hosts outlive it.
///
/// Lower pause orders first, on the way back last; movements of one order move together, its
/// settings follow (on the way back they go first). What is at its pause value already is left
/// alone.
class QuietOutputs : public QObject
{
    Q_OBJECT
public:
    using Done = std::function<void(const Status &)>;
    using Log = std::function<void(const QString &level, const QString &message)>;

    /// Of all instruments of \a handles, in the plan or not.
    QuietOutputs(RunHandles &handles, Clock &clock, Log log);
    ~QuietOutputs() override;

    /// \a done is called once, through the event loop unless there is nothing to do, and never
    /// after drop(). Goes on behind an output that fails, so that all others are quiet; the first
    /// error is told.
    void park(Done done);
    /// Stops at the first failure; the outputs that are not back yet stay parked, and the next
    /// call goes on with them.
    void giveBack(Done done);
    /// Nicknames of instruments with outputs that are, or may be, away from where the scan had
    /// them.
    QStringList parked() const;
    /// Replies to come are ignored; in-process outputs on their way are halted.
    void drop();

private:
    struct Output {
        int handle = -1; ///< in m_handles.movements; -1: the plan does not set it
        double pauseValue = 0;
        int order = 0;
        QString unit;
        double before = 0;
        bool isParked = false;
    };

    struct Setting {
        InstrumentHost *host = nullptr;
        const ParameterSpec *spec = nullptr;
        QVariant before;
        bool isParked = false;

        QString name() const { return host->nickname() + u'.' + spec->key; }
        bool isAt(const QVariant &wanted, const QVariant &now) const;
    };
    struct Due {
        int order = 0;
        bool isSetting = false;
        size_t index = 0; ///< in m_settings or m_outputs
    };

    void read(size_t output);
    void note(size_t output, const MovementState &state);
    void readSetting(size_t setting);
    void change(size_t setting, bool isBack);
    void changed(size_t setting, bool isBack, const Result<QVariant> &readback);
    void fail(const Error &error);
    void moveNext(bool isBack);
    void moveTogether(bool isBack);
    void moved(bool isBack, const Status &status);
    void readBack(size_t output);
    void answer();

    RunHandles &m_handles;
    Log m_log;
    std::vector<Output> m_outputs;           ///< by order
    std::vector<MovementHandle> m_movements; ///< of the outputs, at the same place
    std::vector<Setting> m_settings;
    MoveGroup m_moves;
    std::vector<Due> m_due;            ///< still to be moved
    std::vector<MoveTarget> m_targets; ///< under way
    std::optional<Error> m_failure;
    Done m_done;
    quint64 m_run = 0; ///< replies of an earlier one are late
};

} // namespace birch
