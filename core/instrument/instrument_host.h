#pragma once

#include "core/base/clock.h"
#include "core/instrument/instrument.h"

#include <QObject>

#include <functional>
#include <memory>
#include <vector>

namespace birch {

class HostWorker;

enum class ConnectionState : quint8 { Closed, Opening, Open, Lost };

/// Served in this order; equal ones in order of request.
enum class Priority : quint8 { Safe, Step, Guard, Panel };

/// One row of a measurement: one ColumnValues per column of its spec.
using Reading = std::vector<ColumnValues>;

template<typename T>
using Reply = std::function<void(Result<T>)>;

/// One connection: its thread, its instrument, its queue of requests, its lease.
///
/// Every request returns at once; its reply is called exactly once, on the thread of \a context,
/// through the event loop (never from inside the request), and is dropped when \a context is gone.
/// A move is begun, then polled between other requests until it has settled, so a panel can read
/// while a stage travels. Requests may be made from any thread. Destroying the host stops what runs,
/// closes the instrument and joins the thread.
///
/// An *inline* host (in-process instruments) has no thread: the engine calls the instrument itself,
/// and requests made here run on the thread that owns the host.
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
    /// Non-null for an inline host only; call it on the thread that owns the host.
    Instrument *inlineInstrument() const;

    void open(Nanoseconds timeout, QObject *context, Reply<std::monostate> reply);
    void close();

    /// begin(), then state() by \a rule until arrived; the readback at arrival. Stopped by cancel():
    /// then the movement's own stop has been sent before the reply.
    void move(Priority priority, int movement, double target, const SettleRule &rule,
              QObject *context, Reply<double> reply);
    void begin(Priority priority, int movement, double target, Nanoseconds timeout,
               QObject *context, Reply<std::monostate> reply);
    void state(Priority priority, int movement, Nanoseconds timeout, QObject *context,
               Reply<MovementState> reply);
    void stop(Priority priority, int movement, Nanoseconds timeout, QObject *context,
              Reply<std::monostate> reply);
    void read(Priority priority, int measurement, Nanoseconds timeout, QObject *context,
              Reply<Reading> reply);
    /// All parameters marked inSnapshot; one that can not be read is left out and named in
    /// the entry "_errors" (QStringList).
    void snapshot(Priority priority, Nanoseconds timeout, QObject *context,
                  Reply<QVariantMap> reply);
    void parameter(Priority priority, const QString &key, Nanoseconds timeout, QObject *context,
                   Reply<QVariant> reply);
    void setParameter(Priority priority, const QString &key, const QVariant &value,
                      Nanoseconds timeout, QObject *context, Reply<std::monostate> reply);
    void raw(Priority priority, const QByteArray &text, bool expectsReply, Nanoseconds timeout,
             QObject *context, Reply<QByteArray> reply);

    /// Stops the exchange in flight and answers every waiting request below Priority::Safe with
    /// Cancelled; the instrument's own stop is sent to every movement in flight. Thread-safe, returns
    /// at once; callers hear within 100 ms.
    void cancel();

    /// The lease: one owner may set, everybody may read. Thread-safe.
    /// Errors: Conflict, naming the owner.
    Status acquireLease(const QString &owner);
    void releaseLease(const QString &owner);
    QString leaseOwner() const; ///< "" when free

signals:
    void connectionStateChanged(birch::ConnectionState state, const QString &reason);
    void leaseChanged(const QString &owner);

private:
    struct Shared;
    QString m_nickname;
    InstrumentSpec m_spec;
    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<HostWorker> m_worker;
    std::unique_ptr<QThread> m_thread;
};

} // namespace birch
