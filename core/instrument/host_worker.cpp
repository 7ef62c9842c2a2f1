#include "core/instrument/host_worker.h"

#include "core/instrument/host_requests.h"
#include "core/instrument/host_turn.h"

#include <QTimerEvent>

namespace birch {

namespace {
using std::chrono::steady_clock;

/// After this the event loop gets its chance: other objects on the thread, an inline host's owner.
constexpr auto kYieldAfter = std::chrono::milliseconds(5);
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
    if (!m_instrument)
        m_instrument = m_factory();
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
    if (request->needsOpenLink() && status.state() != ConnectionState::Open) {
        request->fail(notConnected());
        m_shared->queue.release(std::move(request), {});
        return;
    }
    HostTurn turn{m_nickname, m_spec, instrument(), status, m_shared->queue, m_inFlight};
    const auto next = request->run(turn);
    m_shared->queue.release(std::move(request), next);
    if (status.state() == ConnectionState::Lost) {
        for (auto &waiting : m_shared->queue.takeNeedingLink())
            waiting->fail(notConnected());
    }
}

Error HostWorker::notConnected() const
{
    const QString reason = m_shared->status.reason();
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
