#pragma once

#include "core/base/call.h"
#include "core/instrument/connection_event.h"
#include "core/instrument/instrument.h"
#include "core/instrument/reply_port.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

class QThread;

namespace birch {

class HostRequest;
class HostWorker;
struct HostShared;

enum class ConnectionState : quint8 { Closed, Opening, Open, Lost };

/// Served in this order; equal ones in order of request. A Guard waits for eight turns of Step at
/// most. Idle: only where nothing else waits; see poll().
enum class Priority : quint8 { Safe, Step, Guard, Panel, Idle };

/// One row of a measurement: one ColumnValues per column of its spec.
struct Reading : std::vector<ColumnValues> {
    ReadTimes times; ///< of the exchange; what waited for its turn does not count
};

/// Where a movement has arrived.
struct Arrival {
    double readback = 0;
    Nanoseconds took{};     ///< from the command on
    Nanoseconds standing{}; ///< of it, within tolerance without interruption
};

/// One connection: its thread, its instrument, its queue of requests, its lease.
///
/// Every request returns at once; its reply is called exactly once, on the thread of \a context,
/// through the event loop (never from inside the request), and is dropped when \a context is gone.
/// Requests may be made from any thread, each with a context that lives on that thread; a context
/// may die at any time. Without a reply the context may be null.
///
/// Each request gets turns of one exchange: the most urgent first, equal ones in order of request.
/// A timeout counts from the request's first turn. A Safe request interrupts a less urgent
/// exchange. A move is begun, then polled between other requests until it has settled, so a panel
/// can read while a stage travels; another target or a stop for the same movement ends it with
/// Cancelled.
///
/// A lost connection (NotConnected) ends what waits. What is asked for then, and after any fault
/// that leaves the link in doubt, first has the instrument connected again: the same one has to
/// answer, under a lease with the settings it was left at (Instrument::reopen). Requests wait
/// for that for setPatience() (10 s), Safe ones for 1 s at most, then they fail as NotConnected.
/// Every error of an instrument begins with the nickname. Destroying the host stops what runs,
/// answers what waits with Cancelled, halts what moves, closes the instrument and joins the thread.
///
/// An *inline* host (in-process instruments) has no thread: the engine calls the instrument itself,
/// and requests made here run on the thread that owns the host (it may be moved to another).
class InstrumentHost : public QObject
{
    Q_OBJECT
public:
    using Factory = std::function<std::unique_ptr<Instrument>()>; ///< runs on the host's thread
    enum class Placement { OwnThread, Inline };

    InstrumentHost(QString nickname, InstrumentSpec spec, Factory factory, Placement placement,
                   QObject *parent = nullptr);
    ~InstrumentHost() override;

    const QString &nickname() const { return m_nickname; }
    const InstrumentSpec &spec() const { return m_spec; }
    ConnectionState connectionState() const; ///< thread-safe
    QString identity() const;                ///< thread-safe; "" until first opened
    /// Grows with every fault after which movements may not stand where they were sent: whoever
    /// relies on that sends them there again. Thread-safe.
    quint64 disruptions() const;
    void setPatience(Nanoseconds patience); ///< thread-safe; 0: nothing waits
    /// Non-null for an inline host only; call it on the thread that owns the host.
    Instrument *inlineInstrument() const;

    /// A success at once where it is open. \a priority: Safe for what makes the bench safe.
    void open(Nanoseconds timeout, QObject *context, Reply<std::monostate> reply,
              Priority priority = Priority::Step);
    /// Halts what moves and closes, once nothing more urgent waits.
    void close();

    /// begin(), then state() by \a rule until arrived; the readback at arrival. Stopped by
    /// cancel(): then the movement's own stop has been sent before the reply. Errors: Timeout names
    /// target and last readback; the movement is left as it is.
    /// \a ramp: at that rate, by the instrument's own command; 0: as fast as it goes.
    void move(Priority priority, int movement, double target, const SettleRule &rule,
              QObject *context, Reply<Arrival> reply, double ramp = 0);
    void begin(Priority priority, int movement, double target, Nanoseconds timeout,
               QObject *context, Reply<std::monostate> reply);
    void state(Priority priority, int movement, Nanoseconds timeout, QObject *context,
               Reply<MovementState> reply);
    void stop(Priority priority, int movement, Nanoseconds timeout, QObject *context,
              Reply<std::monostate> reply);
    /// Told, then watched until it is done or its timeout is over. Stopped by cancel(), as move().
    void act(Priority priority, int action, QObject *context, Reply<std::monostate> reply);
    void read(Priority priority, int measurement, Nanoseconds timeout, QObject *context,
              Reply<Reading> reply);
    /// All parameters marked inSnapshot, within \a timeout altogether; one that can not be read is
    /// left out and named in the entry "_errors" (QStringList).
    void snapshot(Priority priority, Nanoseconds timeout, QObject *context,
                  Reply<QVariantMap> reply);
    void parameter(Priority priority, const QString &key, Nanoseconds timeout, QObject *context,
                   Reply<QVariant> reply);
    void setParameter(Priority priority, const QString &key, const QVariant &value,
                      Nanoseconds timeout, QObject *context, Reply<std::monostate> reply);
    /// Asks an instrument that nobody uses whether it is still there, by one exchange at most, at
    /// Priority::Idle; one that is lost is tried to be reached again, once, and any request that
    /// comes meanwhile ends that. Nothing is set. Not asked, and a success: while somebody holds
    /// the lease, and in-process. Errors as of any read, NotConnected where it was never opened.
    void poll(Nanoseconds timeout, QObject *context, Reply<std::monostate> reply);
    void raw(Priority priority, const QByteArray &text, bool expectsReply, Nanoseconds timeout,
             QObject *context, Reply<QByteArray> reply);

    /// Stops the exchange in flight and answers every waiting request below Priority::Safe with
    /// Cancelled; the instrument's own stop is sent to every movement in flight that was not begun
    /// at Priority::Safe. Thread-safe, returns at once; callers hear within 100 ms, those of a
    /// movement in flight after its stop. What is at Priority::Safe goes on untouched.
    void cancel();

    /// The lease: one owner may set, everybody may read. Thread-safe. Held by agreement: requests
    /// do not say who asks. Errors: Conflict, naming the owner.
    /// While somebody holds it, the device's own lock keeps other computers and programs out, where
    /// it has one: taken (again) before the next request, given back after the lease. Where another
    /// client holds it, requests fail with Conflict; Safe ones go on without it.
    Status acquireLease(const QString &owner);
    void releaseLease(const QString &owner);
    QString leaseOwner() const; ///< "" when free
    /// Whether somebody held the lease at any time, and so may have set something. Thread-safe.
    bool hasBeenLeased() const;

signals: // from the host's own thread
    void connectionStateChanged(birch::ConnectionState state, const QString &reason);
    void leaseChanged(const QString &owner);
    /// One more entry of the connection's history.
    void connectionNoted(const birch::ConnectionEvent &event);

protected:
    void customEvent(QEvent *event) override;

private:
    template<typename T, typename Exchange>
    void exchange(Priority priority, Nanoseconds timeout, QObject *context, Reply<T> reply,
                  Exchange run);
    /// A position outside the spec's lists is answered at once.
    template<typename T>
    bool isRefused(qsizetype index, qsizetype count, QObject *context, const Reply<T> &reply) const;

    QString m_nickname;
    InstrumentSpec m_spec;
    std::shared_ptr<HostShared> m_shared;
    HostWorker *m_worker;              // inline: our child; else deleted by its thread as that ends
    std::unique_ptr<QThread> m_thread; // null: inline
};

} // namespace birch
