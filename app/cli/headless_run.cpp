#include "app/cli/headless_run.h"

#include "app/session/queue_station.h"
#include "app/session/sleep_inhibitor.h"
#include "app/session/termination.h"
#include "core/base/id.h"
#include "core/store/scan_repository.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTimer>

#include <algorithm>
#include <cerrno>
#include <map>
#include <poll.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
constexpr std::chrono::seconds kBacklogInterval{2};
constexpr std::chrono::seconds kUsualAge{5};
/// A resume that was asked for before the pause took effect overtakes the news of the pause.
constexpr std::chrono::seconds kResumeGrace{1};
} // namespace

/// Told on the engine's thread. With --json a line per batch after the spool's write; else a line
/// now and then. A reader of stderr that hangs costs lines, never a point.
class HeadlessRun::Progress final : public RunObserver
{
public:
    explicit Progress(bool isJson)
        : m_isJson(isJson)
    {
    }

    void started(const OpenedScan &opened, const NewScan &scan) override
    {
        Running &running = m_scans[opened.uid];
        running.scanId = opened.scanId;
        running.planned = scan.pointsPlanned;
        running.points = 0;
        for (const qint64 rows : opened.rowsStored)
            running.points += rows;
        if (!m_isJson)
            write(QCoreApplication::translate("birchctl", "%1  %2: %3 points")
                      .arg(opened.scanId, scan.details.name)
                      .arg(scan.pointsPlanned)
                      .toUtf8() +
                  '\n');
    }
    void batch(const QUuid &scan, const PointBatch &batch) override
    {
        Running &running = m_scans[scan];
        running.points += batch.rowCount();
        if (m_isJson)
            return write(QJsonDocument(QJsonObject{{u"scan_id"_s, running.scanId},
                                                   {u"points"_s, running.points}})
                             .toJson(QJsonDocument::Compact) +
                         '\n');
        const qint64 percent = running.planned > 0 ? running.points * 100 / running.planned : 0;
        if (percent / 10 == running.shownPercent / 10)
            return;
        running.shownPercent = percent;
        write(u"%1  %2 %  %3 of %4\n"_s.arg(running.scanId)
                  .arg(percent)
                  .arg(running.points)
                  .arg(running.planned)
                  .toUtf8());
    }
    void paused(const QUuid &scan) override { tellState(scan, ScanState::Paused); }
    void resumed(const QUuid &scan) override { tellState(scan, ScanState::Running); }
    void log(const QUuid &, const ScanLogEntry &entry) override
    {
        if (m_isJson ||
            (entry.level != u"warning" && entry.level != u"error" && entry.level != u"safe"))
            return;
        write(u"  %1: %2\n"_s.arg(entry.level, entry.message).toUtf8());
    }
    void ended(const QUuid &scan, ScanState state, const QString &reason) override
    {
        if (!m_isJson)
            write((m_scans[scan].scanId + u"  "_s + scanStateName(state) +
                   (reason.isEmpty() ? QString() : u": "_s + reason))
                      .toUtf8() +
                  '\n');
    }

private:
    struct Running {
        QString scanId;
        qint64 points = 0;
        qint64 planned = 0;
        qint64 shownPercent = 0;
    };

    void tellState(const QUuid &scan, ScanState state)
    {
        const Running &running = m_scans[scan];
        if (m_isJson)
            return write(QJsonDocument(QJsonObject{{u"scan_id"_s, running.scanId},
                                                   {u"points"_s, running.points},
                                                   {u"status"_s, scanStateName(state)}})
                             .toJson(QJsonDocument::Compact) +
                         '\n');
        write((running.scanId + u"  "_s + scanStateName(state)).toUtf8() + '\n');
    }
    static void write(const QByteArray &line)
    {
        pollfd ready{STDERR_FILENO, POLLOUT, 0};
        if (::poll(&ready, 1, 0) != 1)
            return;
        [[maybe_unused]] const ssize_t written =
            ::write(STDERR_FILENO, line.constData(), size_t(line.size()));
    }

    const bool m_isJson;
    std::map<QUuid, Running> m_scans;
};

HeadlessRun::HeadlessRun(const Invocation &invocation, StationData &data,
                         std::unique_ptr<StationBench> bench)
    : m_invocation(invocation)
    , m_data(data)
    , m_progress(std::make_unique<Progress>(invocation.isJson))
    , m_station(std::make_unique<Workstation>(data, std::move(bench),
                                              QList<RunObserver *>{m_progress.get()}))
{
}

HeadlessRun::~HeadlessRun() = default;

/// What every run does, whoever decides what is next.
void HeadlessRun::begin(QEventLoop &loop)
{
    m_termination = std::make_unique<Termination>();
    m_inhibitor = std::make_unique<SleepInhibitor>(tr("A measurement runs"));
    m_inhibitor->follow(engine());
    connect(m_termination.get(), &Termination::requested, this, [this](int) {
        m_invocation.note(tr("Stopping: driving safe values."));
        m_isLeaving = true;
        engine().shutdown();
    });
    connect(&engine(), &QueueEngine::scanStored, this,
            [this](const QUuid &scan, bool isStored, const QString &message) {
                m_settled.insert(scan);
                if (isStored || !m_data.hasDatabase() || message.isEmpty())
                    return;
                m_isAllStored = false;
                m_invocation.note(message);
            });
    connect(&engine(), &QueueEngine::finished, &loop, &QEventLoop::quit);
    connect(&m_station->space(), &SpaceWatch::warned, this,
            [this](const QString &message) { m_invocation.note(message); });
    watchBacklog();
    watchPauses(*m_termination);
    watchPrompts();
}

int HeadlessRun::run()
{
    QEventLoop loop;
    begin(loop);
    connect(&engine(), &QueueEngine::queueStateChanged, this, [this](QueueState state) {
        m_hasStarted = m_hasStarted || state == QueueState::Running;
        if (m_hasStarted && state == QueueState::Idle)
            leaveWhenDone();
        if (m_hasStarted && state == QueueState::Paused)
            QTimer::singleShot(kResumeGrace, this, &HeadlessRun::leaveIfStuck);
    });
    connect(&engine(), &QueueEngine::refused, this, [this](const QString &message) {
        m_invocation.note(message);
        leaveWhenDone();
    });
    engine().start();
    loop.exec();
    noteUnsettled();
    return exitCode();
}

void HeadlessRun::serve(QueueStation &queues)
{
    QEventLoop loop;
    begin(loop);
    connect(m_termination.get(), &Termination::requested, &queues, &QueueStation::leave);
    connect(&engine(), &QueueEngine::refused, this,
            [this](const QString &message) { m_invocation.note(message); });
    connect(&queues, &QueueStation::noted, this,
            [this](const QString &line) { m_invocation.note(line); });
    connect(&queues, &QueueStation::exhausted, this, [this, &queues](const QString &why) {
        if (!why.isEmpty())
            m_invocation.note(why);
        queues.leave();
        leaveWhenDone();
    });
    queues.start();
    loop.exec();
    noteUnsettled();
}

bool HeadlessRun::isHeld() const
{
    const QList<QueueItem> &items = m_station->engine().items();
    return std::any_of(items.begin(), items.end(),
                       [](const QueueItem &item) { return !item.heldBecause.isEmpty(); });
}

void HeadlessRun::watchPauses(const Termination &termination)
{
    connect(&engine(), &QueueEngine::progress, this,
            [this](const ItemProgress &progress) { m_ifPausedNow = progress.ifPausedNow; });
    connect(&termination, &Termination::pauseRequested, this, [this] {
        const bool isNow = std::exchange(m_isPauseAsked, true);
        m_invocation.note(isNow ? tr("Pausing now. SIGUSR2 resumes.")
                                : tr("Pausing after this point. %1 SIGUSR1 again pauses now, "
                                     "SIGUSR2 resumes.")
                                      .arg(m_ifPausedNow));
        engine().pause(isNow ? PauseKind::Now : PauseKind::AfterPoint);
    });
    connect(&termination, &Termination::resumeRequested, this, [this] {
        m_isPauseAsked = false;
        engine().resume();
    });
    connect(&engine(), &QueueEngine::itemChanged, this, [this](int, const QueueItem &item) {
        if (!item.pauseNote.isEmpty() && item.pauseNote != m_pauseNote)
            m_invocation.note(tr("Paused. %1").arg(item.pauseNote));
        m_pauseNote = item.pauseNote;
    });
}

void HeadlessRun::watchPrompts()
{
    m_answers = std::make_unique<PromptAnswers>(
        m_invocation.values(u"answer"_s), [this](const QString &line) { m_invocation.note(line); });
    m_answers->follow(engine());
}

/// Nobody is here to resume: a pause (the spool is not safe) ends as continuable.
void HeadlessRun::leaveIfStuck()
{
    if (engine().state() == QueueState::Paused && !isHeld() && !m_isPauseAsked)
        leaveWhenDone();
}

void HeadlessRun::leaveWhenDone()
{
    if (m_isLeaving)
        return;
    m_isLeaving = true;
    engine().shutdown();
}

/// Says when the database stops taking points, and now and then how many wait.
void HeadlessRun::watchBacklog()
{
    StoreThread &store = m_station->store();
    connect(&store, &StoreThread::problemChanged, this, [this](const QString &problem) {
        if (!m_invocation.isJson)
            m_invocation.note(problem.isEmpty() ? tr("The database takes points again.") : problem);
        tellBacklog(problem);
    });
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this, &store] {
        // A server that hangs is no problem to the store thread yet, but points wait.
        if (!store.problem().isEmpty() || store.backlogAge() > kUsualAge)
            tellBacklog(store.problem());
    });
    if (m_data.hasDatabase())
        timer->start(kBacklogInterval);
}

void HeadlessRun::tellBacklog(const QString &problem)
{
    const qint64 rows = m_station->store().backlogRows();
    if (!m_invocation.isJson)
        return m_invocation.note(tr("%1 rows wait in the spool.").arg(rows));
    m_invocation.note(QString::fromUtf8(
        QJsonDocument(QJsonObject{{u"backlog_rows"_s, rows}, {u"problem"_s, problem}})
            .toJson(QJsonDocument::Compact)));
}

/// Left before the database had taken everything.
void HeadlessRun::noteUnsettled()
{
    if (!m_data.hasDatabase())
        return m_invocation.note(
            tr("The points are in the spool, %1. Bring them into a database with: birchctl resume "
               "--database URL")
                .arg(m_data.settings().text(Setting::SpoolPath)));
    for (const QueueItem &item : m_station->engine().items()) {
        if (item.scanId.isEmpty() || m_settled.contains(item.uid))
            continue;
        m_isAllStored = false;
        m_invocation.note(tr("The database has not taken all points of %1. They are safe in the "
                             "spool; bring them in with: birchctl resume")
                              .arg(item.scanId));
    }
}

int HeadlessRun::exitCode() const
{
    int code = m_isAllStored ? kDone : kRanAndFailed;
    for (const QueueItem &item : m_station->engine().items()) {
        if (item.state == ScanState::Interrupted || item.state == ScanState::Running ||
            item.state == ScanState::Paused)
            return kInterrupted;
        if (item.state != ScanState::Completed)
            code = kRanAndFailed;
    }
    return code;
}

QList<QueueItem> HeadlessRun::startedItems() const
{
    QList<QueueItem> started;
    for (const QueueItem &item : m_station->engine().items()) {
        if (!item.uid.isNull())
            started << item;
    }
    return started;
}

namespace {
/// A scan that the database does not have yet.
ScanRecord recordOf(const QueueItem &item, const StationData &data)
{
    ScanRecord record;
    record.uid = item.uid;
    record.scanId = item.scanId;
    record.details = item.details;
    record.sample = item.details.sampleUid;
    record.details.name = item.name;
    record.station = data.station();
    record.epoch = 1;
    record.state = item.state;
    record.reason = item.reason;
    record.points = item.points;
    record.pointsPlanned = item.pointsPlanned;
    record.startedUs = item.startedUs;
    record.softwareVersion = QStringLiteral(BIRCH_VERSION);
    return record;
}

Result<ScanRecord> storedRecord(StationData &data, const QUuid &scan)
{
    if (data.hasDatabase() && !data.isConnected())
        (void)data.connect(); // back by now?
    if (!data.isConnected())
        return Error{ErrorCode::NotConnected, data.absence()};
    return ScanRepository(data.connection()).find(data.session(), uidText(scan));
}
} // namespace

void printScans(const Invocation &invocation, StationData &data, const QList<QueueItem> &items,
                QStringList *scanIds)
{
    QJsonArray list;
    for (const QueueItem &item : items) {
        const auto stored = storedRecord(data, item.uid);
        const ScanRecord record = stored ? stored.value() : recordOf(item, data);
        list.append(record.toJson());
        if (scanIds)
            scanIds->append(record.scanId);
        if (!invocation.isJson)
            invocation.print(u"%1  %2  %3 points"_s.arg(record.scanId, scanStateName(record.state))
                                 .arg(record.points));
    }
    if (invocation.isJson)
        invocation.printJson(
            {{u"database"_s, data.hasDatabase() ? data.database().url().text() : QString()},
             {u"scans"_s, list}});
}

} // namespace birch::cli
