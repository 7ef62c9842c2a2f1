#include "core/data/store_worker.h"

#include "core/base/id.h"

#include <QCoreApplication>

#include <algorithm>

namespace birch {

namespace {
constexpr std::chrono::hours kIdle{1};
} // namespace

bool StoreWorker::isConnectionLost(ErrorCode code)
{
    return code == ErrorCode::NotConnected || code == ErrorCode::Timeout;
}

StoreWorker::StoreWorker(RunStoreFactory factory, RecorderSettings settings, const SpoolDisk &disk,
                         Events events)
    : m_factory(std::move(factory))
    , m_settings(std::move(settings))
    , m_disk(disk)
    , m_events(std::move(events))
    , m_database(m_settings.database)
    , m_encoder(m_settings.compress)
{
    m_syncer =
        std::make_unique<SpoolSyncer>(m_settings.syncInterval, m_disk,
                                      SpoolSyncer::Events{[this] { poke(); }, m_events.scanFault});
    m_thread = std::thread([this] { loop(); });
}

StoreWorker::~StoreWorker()
{
    m_syncer->syncNow();
    {
        const std::lock_guard guard(m_queueMutex);
        m_isStopping = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void StoreWorker::post(std::function<void(Result<RunStore *>)> command, Patience patience)
{
    {
        const std::lock_guard guard(m_queueMutex);
        m_commands.push_back({std::move(command), patience});
    }
    m_wake.notify_all();
}

std::shared_ptr<SpoolLock> StoreWorker::takeClaim(const QUuid &scan)
{
    const std::lock_guard guard(m_claimsMutex);
    const auto node = m_claims.extract(scan);
    return node.empty() ? nullptr : node.mapped();
}

void StoreWorker::attach(std::shared_ptr<ScanBacklog> backlog)
{
    {
        const std::lock_guard guard(m_queueMutex);
        m_newScans.push_back(backlog);
        m_scans.push_back(backlog);
    }
    m_syncer->attach(std::move(backlog));
}

qint64 StoreWorker::backlogRows() const
{
    const std::lock_guard guard(m_queueMutex);
    qint64 rows = 0;
    for (const auto &scan : m_scans)
        rows += scan->rows();
    return rows;
}

std::chrono::milliseconds StoreWorker::backlogAge() const
{
    const std::lock_guard guard(m_queueMutex);
    const auto now = SteadyClock::now();
    auto oldest = now;
    for (const auto &scan : m_scans) {
        if (const auto pending = scan->pending(); pending.isAny)
            oldest = std::min(oldest, pending.since);
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - oldest);
}

QString StoreWorker::problem() const
{
    const std::lock_guard guard(m_queueMutex);
    return m_problem;
}

void StoreWorker::wake()
{
    m_syncer->syncNow();
    poke();
}

void StoreWorker::poke()
{
    {
        const std::lock_guard guard(m_queueMutex);
        m_isPoked = true;
    }
    m_wake.notify_all();
}

void StoreWorker::loop()
{
    while (true) {
        Command command;
        {
            const auto due = nextDue();
            std::unique_lock lock(m_queueMutex);
            m_wake.wait_until(lock, due,
                              [this] { return m_isPoked || m_isStopping || !m_commands.empty(); });
            m_isPoked = false;
            if (!m_commands.empty()) {
                command = std::move(m_commands.front());
                m_commands.pop_front();
            } else if (m_isStopping) {
                break;
            }
        }
        if (command.run)
            command.run(command.patience == Patience::None && isAwayNow()
                            ? Result<RunStore *>(*m_lastError)
                            : store());
        else
            drainDue();
    }
    m_syncer.reset(); // syncs a last time
    drainLast();
    m_store.reset();
}

void StoreWorker::adoptNewScans()
{
    std::vector<std::shared_ptr<ScanBacklog>> scans;
    {
        const std::lock_guard guard(m_queueMutex);
        scans.swap(m_newScans);
    }
    for (auto &scan : scans)
        m_drains.push_back(std::make_unique<ScanDrain>(std::move(scan), m_settings));
}

StoreWorker::SteadyClock::time_point StoreWorker::nextDue()
{
    adoptNewScans();
    const auto now = SteadyClock::now();
    auto due = now + kIdle;
    for (const auto &drain : m_drains)
        due = std::min(due, drain->dueAt(now).value_or(due));
    return m_retryIn.count() > 0 ? std::max(due, m_retryAt) : due;
}

bool StoreWorker::isAwayNow() const
{
    return m_lastError && m_retryIn.count() > 0 && SteadyClock::now() < m_retryAt;
}

Result<RunStore *> StoreWorker::store()
{
    if (m_store)
        return m_store.get();
    if (!m_factory)
        return Error{ErrorCode::NotConnected,
                     QCoreApplication::translate("StoreWorker", "There is no database here")};
    auto made = m_factory();
    if (!made)
        return made.error();
    const QUuid found = made.value()->databaseUid();
    if (!m_database.isNull() && found != m_database)
        return Error{ErrorCode::Conflict,
                     QCoreApplication::translate(
                         "StoreWorker", "This is not the database that the scans were begun for "
                                        "(%1, not %2): bring that one back")
                         .arg(uidText(found), uidText(m_database))};
    m_database = found;
    m_store = std::move(made).value();
    return m_store.get();
}

void StoreWorker::drainDue()
{
    adoptNewScans();
    const auto now = SteadyClock::now();
    if (!m_factory) // nothing to wait for: an ending is answered at once
        return backOff(store().error());
    if (m_retryIn.count() > 0 && now < m_retryAt)
        return;
    for (size_t i = 0; i < m_drains.size();) {
        ScanDrain &drain = *m_drains[i];
        bool isReleased = false;
        const auto due = drain.dueAt(now);
        if (due && *due <= now && !drainOne(drain, &isReleased))
            return;
        if (!isReleased) {
            ++i;
            continue;
        }
        forget(drain.backlog());
        m_drains.erase(m_drains.begin() + qsizetype(i));
    }
}

bool StoreWorker::drainOne(ScanDrain &drain, bool *isReleased)
{
    const auto opened = store();
    const auto step =
        opened ? drain.step(*opened.value(), m_encoder) : Result<ScanDrain::Step>(opened.error());
    if (!step) {
        backOff(step.error());
        return false;
    }
    if (step.value() == ScanDrain::Step::Refused) {
        m_events.scanFault(drain.backlog()->scan().uid, drain.refusal());
    } else if (step.value() != ScanDrain::Step::Idle && m_retryIn.count() > 0) {
        m_retryIn = std::chrono::milliseconds(0);
        m_lastError.reset();
        setProblem({});
    }
    if (step.value() != ScanDrain::Step::Idle)
        storeQueueStates();
    *isReleased =
        step.value() == ScanDrain::Step::Released || step.value() == ScanDrain::Step::Refused;
    return true;
}

/// What can be stored is stored while there is an answer; the rest stays in the spool.
void StoreWorker::drainLast()
{
    adoptNewScans();
    for (const auto &drain : m_drains) {
        bool isReleased = false;
        while (!isReleased && drain->backlog()->pending().isAny) {
            if (!drainOne(*drain, &isReleased))
                break;
        }
        drain->reportLeft(problem().isEmpty()
                              ? QCoreApplication::translate(
                                    "StoreWorker", "The program ends before everything is stored")
                              : problem());
        forget(drain->backlog());
    }
    m_drains.clear();
}

void StoreWorker::forget(const std::shared_ptr<ScanBacklog> &backlog)
{
    if (m_syncer)
        m_syncer->detach(backlog);
    const std::lock_guard guard(m_queueMutex);
    std::erase(m_scans, backlog);
}

void StoreWorker::backOff(const Error &error)
{
    if (isConnectionLost(error.code))
        m_store.reset();
    m_retryIn = std::clamp(m_retryIn * 2, m_settings.retryMin, m_settings.retryMax);
    m_retryAt = SteadyClock::now() + m_retryIn;
    m_lastError = error;
    if (!m_factory) // as asked for: nothing to tell of
        return reportOverdue(error.message);
    const QString problem = QCoreApplication::translate(
                                "StoreWorker", "The database does not take points: %1. They are "
                                               "kept in the spool and follow by themselves")
                                .arg(error.message);
    setProblem(problem);
    reportOverdue(problem);
}

void StoreWorker::reportOverdue(const QString &why)
{
    const auto now = SteadyClock::now();
    for (const auto &drain : m_drains) {
        const auto finished = drain->backlog()->finishedAt();
        const auto patience =
            m_factory ? m_settings.giveUpAfter : RecorderSettings::Milliseconds(0);
        if (finished && now - *finished >= patience)
            drain->reportLeft(why);
    }
}

void StoreWorker::setProblem(const QString &problem)
{
    {
        const std::lock_guard guard(m_queueMutex);
        if (m_problem == problem)
            return;
        m_problem = problem;
    }
    m_events.problemChanged(problem);
}

} // namespace birch
