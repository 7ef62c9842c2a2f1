#include "core/instrument/instrument_host.h"

#include "core/instrument/act_request.h"
#include "core/instrument/host_requests.h"
#include "core/instrument/host_turn.h"
#include "core/instrument/host_worker.h"

#include <QDeadlineTimer>
#include <QLoggingCategory>
#include <QThread>

namespace birch {

namespace {
Q_LOGGING_CATEGORY(lcInstrument, "birch.instrument")

/// For an instrument that obeys neither deadline nor stop token, against its contract.
constexpr auto kJoinTimeout = std::chrono::seconds(3);

Reading emptyReading(const MeasurementSpec &spec)
{
    Reading reading;
    reading.reserve(size_t(spec.columns.size()));
    for (const ColumnSpec &column : spec.columns)
        reading.emplace_back(column.type, column.valuesPerRow());
    return reading;
}
} // namespace

InstrumentHost::InstrumentHost(QString nickname, InstrumentSpec spec, Factory factory,
                               Placement placement, QObject *parent)
    : QObject(parent)
    , m_nickname(std::move(nickname))
    , m_spec(std::move(spec))
    , m_shared(std::make_shared<HostShared>(this))
    , m_worker(new HostWorker(m_nickname, m_spec, std::move(factory), m_shared,
                              placement == Placement::Inline ? this : nullptr))
{
    if (placement == Placement::Inline)
        return;
    m_thread = std::make_unique<QThread>();
    m_thread->setObjectName(m_nickname); // the thread's name in a debugger
    m_worker->moveToThread(m_thread.get());
    connect(m_thread.get(), &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread->start();
}

InstrumentHost::~InstrumentHost()
{
    m_shared->status.detach();
    m_shared->queue.close({ErrorCode::Cancelled, tr("%1 is being closed").arg(m_nickname)});
    if (!m_thread) {
        m_worker->shutDown();
        return;
    }
    connect(m_thread.get(), &QThread::finished, m_thread.get(), &QObject::deleteLater);
    if (m_thread->wait(QDeadlineTimer(kJoinTimeout)))
        return;
    // Destroying a running thread ends the program: this one goes when it has ended after all.
    qCCritical(lcInstrument,
               "%ls does not return from its last exchange; its thread is left behind",
               qUtf16Printable(m_nickname));
    (void)m_thread.release();
}

ConnectionState InstrumentHost::connectionState() const
{
    return m_shared->status.state();
}

quint64 InstrumentHost::disruptions() const
{
    return m_shared->status.disruptions();
}

void InstrumentHost::setPatience(Nanoseconds patience)
{
    m_shared->status.setPatience(patience);
}

QString InstrumentHost::identity() const
{
    return m_shared->status.identity();
}

Instrument *InstrumentHost::inlineInstrument() const
{
    return m_thread ? nullptr : &m_worker->instrument();
}

template<typename T, typename Exchange>
void InstrumentHost::exchange(Priority priority, Nanoseconds timeout, QObject *context,
                              Reply<T> reply, Exchange run)
{
    m_shared->queue.push(exchangeRequest<T>(
        priority, timeout, ReplyPort<T>(context, std::move(reply)), std::move(run)));
}

template<typename T>
bool InstrumentHost::isRefused(qsizetype index, qsizetype count, QObject *context,
                               const Reply<T> &reply) const
{
    if (index >= 0 && index < count)
        return false;
    ReplyPort<T>(context, reply)
        .answer(Error{ErrorCode::NotFound,
                      tr("%1 does not offer this: load its definition again").arg(m_nickname)});
    return true;
}

void InstrumentHost::open(Nanoseconds timeout, QObject *context, Reply<std::monostate> reply,
                          Priority priority)
{
    m_shared->queue.push(std::make_unique<OpenRequest>(
        priority, timeout, ReplyPort<std::monostate>(context, std::move(reply))));
}

void InstrumentHost::close()
{
    m_shared->queue.push(std::make_unique<HaltRequest>(
        Priority::Panel, HaltRequest::Scope::Everything, HaltRequest::Then::CloseLink));
}

void InstrumentHost::move(Priority priority, int movement, double target, const SettleRule &rule,
                          QObject *context, Reply<Arrival> reply, double ramp)
{
    if (isRefused(movement, m_spec.movements.size(), context, reply))
        return;
    m_shared->queue.push(std::make_unique<MoveRequest>(
        priority, movement, target, rule, ReplyPort<Arrival>(context, std::move(reply)), ramp));
}

void InstrumentHost::begin(Priority priority, int movement, double target, Nanoseconds timeout,
                           QObject *context, Reply<std::monostate> reply)
{
    if (isRefused(movement, m_spec.movements.size(), context, reply))
        return;
    exchange(priority, timeout, context, std::move(reply),
             [movement, target, priority](HostTurn &turn, const Call &call) {
                 return turn.begin(movement, target, priority, call);
             });
}

void InstrumentHost::state(Priority priority, int movement, Nanoseconds timeout, QObject *context,
                           Reply<MovementState> reply)
{
    if (isRefused(movement, m_spec.movements.size(), context, reply))
        return;
    exchange(priority, timeout, context, std::move(reply),
             [movement](HostTurn &turn, const Call &call) { return turn.state(movement, call); });
}

void InstrumentHost::stop(Priority priority, int movement, Nanoseconds timeout, QObject *context,
                          Reply<std::monostate> reply)
{
    if (isRefused(movement, m_spec.movements.size(), context, reply))
        return;
    exchange(priority, timeout, context, std::move(reply),
             [movement](HostTurn &turn, const Call &call) { return turn.stop(movement, call); });
}

void InstrumentHost::act(Priority priority, int action, QObject *context,
                         Reply<std::monostate> reply)
{
    if (isRefused(action, m_spec.actions.size(), context, reply))
        return;
    m_shared->queue.push(std::make_unique<ActRequest>(
        priority, action, m_spec.movementIndex(m_spec.actions[action].movement),
        ReplyPort<std::monostate>(context, std::move(reply))));
}

void InstrumentHost::read(Priority priority, int measurement, Nanoseconds timeout, QObject *context,
                          Reply<Reading> reply)
{
    if (isRefused(measurement, m_spec.measurements.size(), context, reply))
        return;
    exchange(priority, timeout, context, std::move(reply),
             [measurement](HostTurn &turn, const Call &call) -> Result<Reading> {
                 Reading reading = emptyReading(turn.spec.measurements.at(measurement));
                 std::vector<ColumnValues *> columns;
                 columns.reserve(reading.size());
                 for (ColumnValues &column : reading)
                     columns.push_back(&column);
                 Call timed = call;
                 timed.times = &reading.times;
                 const auto begun = std::chrono::steady_clock::now();
                 const Status read = turn.noted(turn.instrument.read(measurement, columns, timed));
                 // An instrument that says no more: all of it is the reading.
                 const Nanoseconds took = std::chrono::steady_clock::now() - begun;
                 reading.times.answer += std::max(Nanoseconds(), took - reading.times.sum());
                 if (!read)
                     return read.error();
                 return reading;
             });
}

void InstrumentHost::snapshot(Priority priority, Nanoseconds timeout, QObject *context,
                              Reply<QVariantMap> reply)
{
    m_shared->queue.push(std::make_unique<SnapshotRequest>(
        priority, timeout, ReplyPort<QVariantMap>(context, std::move(reply))));
}

void InstrumentHost::parameter(Priority priority, const QString &key, Nanoseconds timeout,
                               QObject *context, Reply<QVariant> reply)
{
    exchange(priority, timeout, context, std::move(reply), [key](HostTurn &turn, const Call &call) {
        return turn.noted(turn.instrument.parameter(key, call));
    });
}

void InstrumentHost::setParameter(Priority priority, const QString &key, const QVariant &value,
                                  Nanoseconds timeout, QObject *context,
                                  Reply<std::monostate> reply)
{
    exchange(priority, timeout, context, std::move(reply),
             [key, value](HostTurn &turn, const Call &call) {
                 return turn.noted(turn.instrument.setParameter(key, value, call));
             });
}

void InstrumentHost::raw(Priority priority, const QByteArray &text, bool expectsReply,
                         Nanoseconds timeout, QObject *context, Reply<QByteArray> reply)
{
    exchange(priority, timeout, context, std::move(reply),
             [text, expectsReply](HostTurn &turn, const Call &call) {
                 return turn.noted(turn.instrument.raw(text, expectsReply, call));
             });
}

void InstrumentHost::poll(Nanoseconds timeout, QObject *context, Reply<std::monostate> reply)
{
    ReplyPort<std::monostate> port(context, std::move(reply));
    if (!m_thread)
        return port.answer(ok());
    m_shared->queue.push(std::make_unique<PollRequest>(timeout, std::move(port)));
}

void InstrumentHost::cancel()
{
    m_shared->queue.cancelBelowSafe({ErrorCode::Cancelled, tr("Stopped on request")});
    m_shared->queue.push(std::make_unique<HaltRequest>(
        Priority::Safe, HaltRequest::Scope::BelowSafe, HaltRequest::Then::Nothing));
}

Status InstrumentHost::acquireLease(const QString &owner)
{
    return m_shared->status.acquireLease(owner, m_nickname);
}

void InstrumentHost::releaseLease(const QString &owner)
{
    if (m_shared->status.releaseLease(owner))
        m_shared->queue.push(std::make_unique<UnlockRequest>(Priority::Step));
}

QString InstrumentHost::leaseOwner() const
{
    return m_shared->status.leaseOwner();
}

bool InstrumentHost::hasBeenLeased() const
{
    return m_shared->status.hasBeenLeased();
}

void InstrumentHost::customEvent(QEvent *)
{
    for (const HostStatus::Change &change : m_shared->status.takeChanges()) {
        if (change.event)
            emit connectionNoted(*change.event);
        else if (change.state)
            emit connectionStateChanged(*change.state, change.text);
        else
            emit leaseChanged(change.text);
    }
}

} // namespace birch
