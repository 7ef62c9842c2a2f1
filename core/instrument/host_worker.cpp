#include "core/instrument/host_worker.h"

#include "core/base/log.h"
#include "core/instrument/host_requests.h"
#include "core/instrument/host_turn.h"
#include "core/instrument/watched_instrument.h"

#include <QTimerEvent>

namespace birch {

namespace {
using std::chrono::steady_clock;

/// After this the event loop gets its chance: other objects on the thread, an inline host's owner.
constexpr auto kYieldAfter = std::chrono::milliseconds(5);

constexpr Nanoseconds kReopenTimeout = std::chrono::seconds(3);
constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{1000};
/// What can not be made safe shall be told soon.
constexpr Nanoseconds kLockTimeout = std::chrono::seconds(1); ///< for another client to let go
constexpr Nanoseconds kSafeLockTimeout = std::chrono::milliseconds(100);
constexpr Nanoseconds kSafePatience = std::chrono::seconds(1);

/// To make safe, settings can wait; who only looks whether somebody is there sets nothing.
/// What nobody holds may be in use by another program: nothing is set there.
bool needsIdentityOnly(const HostRequest &request, const HostStatus &status)
{
    return request.priority == Priority::Safe || request.priority == Priority::Idle ||
           !status.isLeased();
}
} // namespace

HostWorker::HostWorker(QString nickname, InstrumentSpec spec, InstrumentHost::Factory factory,
                       std::shared_ptr<HostShared> shared, QObject *parent)
    : QObject(parent)
    , m_nickname(std::move(nickname))
    , m_spec(std::move(spec))
    , m_factory(std::move(factory))
    , m_shared(std::move(shared))
{
    m_shared->queue.setWorker(this);
}

HostWorker::~HostWorker()
{
    m_shared->queue.setWorker(nullptr);
}

Instrument &HostWorker::instrument()
{
    if (!m_instrument) {
        m_instrument = m_factory();
        if (!parent()) // whoever calls an inline one itself gets that one
            m_instrument = std::make_unique<WatchedInstrument>(m_nickname, std::move(m_instrument));
    }
    return *m_instrument;
}

void HostWorker::shutDown()
{
    m_timer.stop();
    if (!m_instrument)
        return;
    if (m_shared->status.state() == ConnectionState::Open) {
        HostTurn turn{m_nickname,       m_spec,          *m_instrument,
                      m_shared->status, m_shared->queue, m_inFlight};
        HaltRequest halt(Priority::Safe, HaltRequest::Scope::Everything,
                         HaltRequest::Then::CloseLink);
        const auto giveUp = Deadline::in(2 * kHaltTimeout);
        while (!giveUp.hasPassed() && halt.run(turn)) {
        }
    }
    m_instrument->close();
    m_instrument.reset();
    m_shared->status.offline();
    m_shared->status.setState(ConnectionState::Closed, {});
}

void HostWorker::customEvent(QEvent *)
{
    m_shared->queue.woken();
    serve();
}

void HostWorker::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_timer.timerId())
        return QObject::timerEvent(event);
    m_timer.stop();
    serve();
}

void HostWorker::serve()
{
    if (m_isServing)
        return; // inside an exchange that runs a nested event loop; what came is served after it
    m_isServing = true;
    const auto yieldAt = steady_clock::now() + kYieldAfter;
    auto now = steady_clock::now();
    while (auto request = m_shared->queue.take(now)) {
        giveTurn(std::move(request));
        now = steady_clock::now();
        if (now >= yieldAt) {
            m_shared->queue.wake();
            break;
        }
    }
    m_isServing = false;
    if (m_shared->queue.isClosed() && !parent()) {
        shutDown();
        thread()->quit();
        return;
    }
    armTimer();
}

void HostWorker::giveTurn(std::unique_ptr<HostRequest> request)
{
    HostStatus &status = m_shared->status;
    if (request->isSuperseded(status)) {
        request->fail({ErrorCode::Cancelled, InstrumentHost::tr("%1 is in use").arg(m_nickname)});
        return m_shared->queue.release(std::move(request), {});
    }
    if (request->needsOpenLink() && !isReachable(*request)) {
        const auto next = nextTry(*request);
        if (!next)
            request->fail(notConnected());
        m_shared->queue.release(std::move(request), next);
        return;
    }
    HostTurn turn{m_nickname, m_spec, instrument(), status, m_shared->queue, m_inFlight};
    const Status locked = request->needsOpenLink() ? holdLock(*request, turn) : ok();
    HostRequest::NextTurn next;
    if (locked)
        next = request->run(turn);
    else if (request->stop.stop_requested())
        next = HostRequest::kAtOnce; // the queue ends it
    else
        request->fail(locked.error());
    m_shared->queue.release(std::move(request), next);
    if (status.state() == ConnectionState::Lost) {
        for (auto &waiting : m_shared->queue.takeNeedingLink())
            waiting->fail(notConnected());
    }
}

bool HostWorker::isReachable(HostRequest &request)
{
    const ConnectionState state = m_shared->status.state();
    if (state != ConnectionState::Lost && state != ConnectionState::Open)
        return false;
    const bool isSafe = request.priority == Priority::Safe;
    const auto doubt = instrument().doubt();
    if (state == ConnectionState::Open &&
        (doubt <= Instrument::Doubt::Lock ||
         (needsIdentityOnly(request, m_shared->status) && doubt == Instrument::Doubt::Settings)))
        return true;
    const Time now = steady_clock::now();
    const bool isNew = !request.waitsSince;
    if (isNew)
        request.waitsSince = now;
    if (m_outage && now < m_outage->nextTry && !(isNew && isSafe))
        return false;
    return tryAgain(request);
}

Status HostWorker::holdLock(const HostRequest &request, HostTurn &turn)
{
    const quint64 lease = m_shared->status.lockForLease();
    const bool isHeld = lease == m_lockedFor && !m_isWithoutLock &&
                        turn.instrument.doubt() != Instrument::Doubt::Lock;
    if (lease == 0)
        return ok();
    const bool isSafe = request.priority == Priority::Safe;
    if (isHeld)
        return isSafe ? ok() : initialise(request, turn);
    if (isSafe && lease == m_lockedFor && m_isWithoutLock)
        return ok();
    const Status locked = turn.instrument.lock(
        Call::within(isSafe ? kSafeLockTimeout : kLockTimeout, request.stop.get_token()));
    if (!locked && locked.error().code == ErrorCode::Cancelled)
        return locked;
    m_lockedFor = lease;
    m_isWithoutLock = !locked;
    if (locked)
        return isSafe ? ok() : initialise(request, turn);
    const Error why = turn.noted(locked.error());
    if (!isSafe || why.code == ErrorCode::NotConnected)
        return why;
    const QString said =
        InstrumentHost::tr("%1. Made safe without the lock: check that it stays so")
            .arg(why.message);
    qCWarning(lcInstrument, "%ls", qUtf16Printable(said));
    m_shared->status.setState(ConnectionState::Open, said);
    return ok();
}

Status HostWorker::initialise(const HostRequest &request, HostTurn &turn)
{
    return turn.noted(
        turn.instrument.initialise(Call::within(kReopenTimeout, request.stop.get_token())));
}

bool HostWorker::tryAgain(const HostRequest &request)
{
    HostStatus &status = m_shared->status;
    const auto check = needsIdentityOnly(request, m_shared->status) ? Instrument::Check::Identity
                                                                    : Instrument::Check::Settings;
    if (request.priority == Priority::Idle)
        m_shared->queue.yieldRunning();
    status.reconnecting();
    const auto again =
        instrument().reopen(check, Call::within(kReopenTimeout, request.stop.get_token()));
    if (again) {
        reopened(again.value());
        return true;
    }
    const bool isOurs = again.error().code == ErrorCode::Cancelled;
    if (isOurs && request.priority == Priority::Idle)
        return false; // for who came in between nothing has been tried yet
    if (!m_outage)
        m_outage = Outage{{}, kFirstPause, {}};
    m_outage->refusal.reset();
    if (again.error().code == ErrorCode::Conflict)
        m_outage->refusal = again.error();
    m_outage->nextTry = steady_clock::now() + m_outage->pause;
    m_outage->pause = std::min(2 * m_outage->pause, kLongestPause);
    status.disrupted();
    if (!isOurs) {
        status.faulty(connectionFaultOf(again.error(), instrument().isAnother(), false),
                      again.error().message);
        status.setState(ConnectionState::Lost, again.error().message);
    }
    return false;
}

void HostWorker::reopened(const QString &what)
{
    HostStatus &status = m_shared->status;
    m_outage.reset();
    if (!what.isEmpty())
        status.disrupted();
    if (status.state() != ConnectionState::Open || !what.isEmpty())
        status.setState(ConnectionState::Open, what);
    if (status.isFaulty() || !what.isEmpty())
        status.connected(what);
}

HostRequest::NextTurn HostWorker::nextTry(const HostRequest &request) const
{
    if (!m_outage || !request.waitsSince || request.priority == Priority::Idle)
        return {};
    const Nanoseconds patience = m_shared->status.patience();
    const Nanoseconds limit = request.priority == Priority::Safe
                                  ? std::min<Nanoseconds>(patience, kSafePatience)
                                  : patience;
    return m_outage->nextTry < *request.waitsSince + limit
               ? HostRequest::NextTurn(m_outage->nextTry)
               : std::nullopt;
}

Error HostWorker::notConnected() const
{
    const QString reason = m_shared->status.reason();
    if (m_outage && m_outage->refusal)
        return m_outage->refusal->within(m_nickname);
    if (m_shared->status.state() == ConnectionState::Lost)
        return {
            ErrorCode::NotConnected,
            InstrumentHost::tr("%1 is no longer connected (%2): check its cable and power, then "
                               "connect it again")
                .arg(m_nickname, reason)};
    return {ErrorCode::NotConnected,
            InstrumentHost::tr("%1 is not connected: connect it first").arg(m_nickname)};
}

void HostWorker::armTimer()
{
    const auto due = m_shared->queue.nextDue();
    if (!due) {
        m_timer.stop();
        return;
    }
    const auto wait = std::max(*due, steady_clock::now()) - steady_clock::now();
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(wait);
    m_timer.start(int(std::max<qint64>(ms.count(), 0)), Qt::PreciseTimer, this);
}

} // namespace birch
