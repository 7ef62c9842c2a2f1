#pragma once

#include "core/base/column_values.h"
#include "core/base/result.h"
#include "core/instrument/specs.h"

#include <QMap>
#include <QVariantMap>

#include <span>

namespace birch {

struct MovementState {
    double readback = 0; ///< in the movement's unit
    bool isMoving = false;
};

/// Who answers at an address, and where some of its movements stand.
struct InstrumentSurvey {
    QString identity;
    QMap<int, double> positions; ///< by movement, in its unit
};

/// One device behind one connection. Lives on the thread of its InstrumentHost (an in-process
/// instrument on the engine's); every call blocks that thread for one exchange at most, obeys its
/// deadline and stop token, and is made by the host alone.
class Instrument
{
public:
    virtual ~Instrument() = default;

    /// What it offers. Constant after open(); callable before it; no traffic.
    virtual const InstrumentSpec &spec() const = 0;

    /// Opens the link, checks the identity, sends the init sequence (unless another client holds
    /// the device: see initialise()).
    /// Errors: NotConnected, Timeout, Protocol (another instrument answers: says which), Cancelled.
    /// A failure leaves the link closed.
    virtual Status open(const Call &call) = 0;
    virtual void close() = 0;
    virtual bool isOpen() const = 0;
    /// Who answers, asked while it is closed and left closed: no init and no shutdown sequence,
    /// nothing is set. Errors as open().
    virtual Result<QString> identify(const Call &call) = 0;
    /// As identify(), and on the same link where \a movements stand, by reads alone. Errors: also
    /// NotFound where it can not be asked without being set up first.
    virtual Result<InstrumentSurvey> survey(const QList<int> &movements, const Call &call);
    /// What a fault has made uncertain, until reopen() succeeds, or lock() for Lock: others may
    /// have got in.
    enum class Doubt : quint8 { None, Lock, Settings, Link };
    virtual Doubt doubt() const { return Doubt::None; }
    /// Keeps other clients of the device (programs, computers) out by its own lock, until unlock().
    /// A success without traffic where it is held, and where link or device know no lock. Needs an
    /// open link. Errors: Conflict - another client holds it, and did not let go in time.
    virtual Status lock(const Call &) { return ok(); }
    /// Lets them in again. After a failure the link is closed, which ends every lock.
    virtual Status unlock(const Call &) { return ok(); }
    /// Sends the init sequence where open() found that another client held the device and left it
    /// out; once it is lock()ed. Else a success without traffic.
    virtual Status initialise(const Call &) { return ok(); }
    enum class Check : quint8 { Identity, Settings };
    /// Connects again where the connection is gone, and makes sure that the instrument that was
    /// open() before answers. Check::Settings: also that it is set as it was left; where it is not
    /// (it was switched off), init and all settings known are sent again in declared order and read
    /// back. Movements stay where they are. Returns a sentence on what was sent, "" for nothing.
    /// Errors: as open(); Protocol - another instrument answers, and was sent nothing but that
    /// question, or a setting could not be restored.
    virtual Result<QString> reopen(Check check, const Call &call);
    /// Whether the last open(), reopen() or poll() found another instrument in its place.
    virtual bool isAnother() const { return false; }
    /// While it is open: one short question, whether it is still there and the same. Sets nothing.
    virtual Status poll(const Call &) { return ok(); }
    virtual QString identity() const = 0; ///< the answer to *IDN? or the probe; "" before open()
    virtual QString address() const = 0;  ///< VISA resource string; "" in-process

    /// Asks movement \a index for \a target and returns once it was accepted, not once it arrived.
    /// Errors: OutOfRange - outside limits, nothing was sent; Timeout - state() tells whether it
    /// moves; Protocol; Cancelled - the instrument's own stop has been sent where it has one.
    virtual Status begin(int index, double target, const Call &call) = 0;
    /// As begin(), at \a rate of the movement's unit per second, for this one move. NotFound where
    /// spec has no ramp; nothing was sent then.
    virtual Status ramp(int index, double target, double rate, const Call &call);
    /// One short read: where it is and whether it still travels. Never waits for arrival.
    virtual Result<MovementState> state(int index, const Call &call) = 0;
    /// Halts movement \a index where it is; a success without traffic where spec has no stop.
    virtual Status stop(int index, const Call &call) = 0;

    /// Reads measurement \a index: appends exactly one row to each of \a columns (one per column of
    /// its spec, same order). On an error every column is left as it was.
    virtual Status read(int index, std::span<ColumnValues *const> columns, const Call &call) = 0;

    /// Reads or writes one parameter. Values: double, qlonglong, bool, QString (a choice's name).
    virtual Result<QVariant> parameter(const QString &key, const Call &call) = 0;
    virtual Status setParameter(const QString &key, const QVariant &value, const Call &call) = 0;

    /// Tells it to do action \a index and returns once that was accepted. Errors: NotFound - there
    /// is none; Timeout; Protocol; Cancelled - as begin(), where a movement travels by it.
    virtual Status act(int index, const Call &call);
    /// One short question: whether action \a index, last begun, is still under way.
    virtual Result<bool> isActing(int index, const Call &call);

    /// A raw exchange for the console and `instruments query`; an empty reply where \a text asks
    /// nothing. NotFound for instruments without a wire.
    virtual Result<QByteArray> raw(const QByteArray &text, bool expectsReply, const Call &call) = 0;
};

inline Result<QString> Instrument::reopen(Check, const Call &call)
{
    const Status opened = open(call);
    return opened ? Result<QString>(QString()) : opened.error();
}

} // namespace birch
