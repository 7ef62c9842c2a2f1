#pragma once

#include "core/instrument/instrument_host.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace birch {

/// What a ScriptedInstrument shall do, and what was asked of it. Shared by test and instrument,
/// thread-safe. Calls are named "open" "lock" "unlock" "begin" "state" "stop" "read" "parameter"
/// "setParameter" "act" "isActing" "raw".
class InstrumentScript
{
public:
    /// \a call blocks until released, stopped, or its deadline has passed.
    void hang(const QString &call);
    /// \a call blocks and obeys nothing but release(): a driver against its contract.
    void hangDeaf(const QString &call);
    void release(const QString &call); ///< it works again; who hangs in it goes on
    void fail(const QString &call, const Error &error, int times = 1'000'000);
    void take(const QString &call, Nanoseconds duration); ///< obeys deadline and stop token
    void arriveAfter(int polls);   ///< a begun movement or action is under way this many times
    void loseLock();               ///< as a fault of the connection does
    void setOffset(double offset); ///< readbacks are off by this: never within tolerance

    /// In order, e.g. "open", "begin 0 5", "state 0", "stop 0", "read 0", "parameter nplc".
    QStringList events() const;
    int count(const QString &event) const;
    bool isInside(const QString &call) const; ///< blocked in it right now

private:
    friend class ScriptedInstrument;
    enum class Block { None, Obedient, Deaf };
    struct Behaviour {
        Block block = Block::None;
        Nanoseconds duration{};
        Error error;
        int failures = 0;
    };

    Status enter(const QString &call, const QString &arguments, const Call &limits);

    mutable std::mutex m_mutex; // guards all below
    std::condition_variable_any m_changed;
    std::map<QString, Behaviour> m_behaviours;
    std::map<QString, int> m_inside;
    std::vector<std::u16string> m_events; // not shared implicitly: a sanitizer could not follow
    int m_pollsToArrive = 0;
    bool m_isLocked = false;
    double m_offset = 0;
};

/// An instrument of two movements "x" and "y" (or as many as its spec has) that does as scripted.
class ScriptedInstrument final : public Instrument
{
public:
    ScriptedInstrument(InstrumentSpec spec, std::shared_ptr<InstrumentScript> script);
    ~ScriptedInstrument() override;

    const InstrumentSpec &spec() const override { return m_spec; }
    Status open(const Call &call) override;
    Status poll(const Call &call) override;
    void close() override;
    Result<QString> identify(const Call &) override { return QStringLiteral("Scripted,1"); }
    bool isOpen() const override { return m_isOpen; }
    QString identity() const override
    {
        return m_isOpen ? QStringLiteral("Scripted,1") : QString();
    }
    QString address() const override { return {}; }
    Doubt doubt() const override;
    Status lock(const Call &call) override;
    Status unlock(const Call &call) override;
    Status begin(int index, double target, const Call &call) override;
    Result<MovementState> state(int index, const Call &call) override;
    Status stop(int index, const Call &call) override;
    Status read(int index, std::span<ColumnValues *const> columns, const Call &call) override;
    Result<QVariant> parameter(const QString &key, const Call &call) override;
    Status setParameter(const QString &key, const QVariant &value, const Call &call) override;
    Status act(int index, const Call &call) override;
    Result<bool> isActing(int index, const Call &call) override;
    Result<QByteArray> raw(const QByteArray &text, bool expectsReply, const Call &call) override;

private:
    struct Axis {
        double position = 0;
        double target = 0;
        int pollsLeft = 0;
    };
    Status noted(Status status);

    InstrumentSpec m_spec;
    std::shared_ptr<InstrumentScript> m_script;
    std::map<int, Axis> m_axes;
    QVariantMap m_parameters;
    int m_actsLeft = 0;
    bool m_isOpen = false;
    bool m_shallBeLocked = false;
};

/// Two movements "x" and "y" in mm (poll 1 ms, tolerance 0.01), one measurement "iv" with columns
/// "voltage" and "current", parameters "nplc", "range" and, not in the snapshot, "secret".
InstrumentSpec scriptedSpec();

std::unique_ptr<InstrumentHost>
scriptedHost(const QString &nickname, const std::shared_ptr<InstrumentScript> &script,
             const InstrumentSpec &spec = scriptedSpec(),
             InstrumentHost::Placement placement = InstrumentHost::Placement::OwnThread);

} // namespace birch
