#include "app/cli/headless_run.h"

#include "app/session/sleep_inhibitor.h"
#include "app/session/termination.h"
#include "core/base/id.h"
#include "core/store/scan_repository.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>

#include <cerrno>
#include <map>
#include <poll.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

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
    , m_progress(std::make_unique<Progress>(invocation.isJson))
    , m_station(std::make_unique<Workstation>(data, std::move(bench),
                                              QList<RunObserver *>{m_progress.get()}))
{
}

HeadlessRun::~HeadlessRun() = default;

int HeadlessRun::run()
{
    QEventLoop loop;
    Termination termination;
    SleepInhibitor inhibitor(tr("A measurement runs"));
    inhibitor.follow(engine());
    connect(&termination, &Termination::requested, this, [this](int) {
        m_invocation.note(tr("Stopping: driving safe values."));
        m_isLeaving = true;
        engine().shutdown();
    });
    connect(&engine(), &QueueEngine::queueStateChanged, this, [this](QueueState state) {
        m_hasStarted = m_hasStarted || state == QueueState::Running;
        // Nobody is here to resume: a pause (the spool is not safe) ends as continuable.
        if (m_hasStarted && (state == QueueState::Idle || state == QueueState::Paused))
            leaveWhenDone();
    });
    connect(&engine(), &QueueEngine::refused, this, [this](const QString &message) {
        m_invocation.note(message);
        leaveWhenDone();
    });
    connect(&engine(), &QueueEngine::scanStored, this,
            [this](const QUuid &scan, bool isStored, const QString &message) {
                m_settled.insert(scan);
                if (isStored)
                    return;
                m_isAllStored = false;
                m_invocation.note(message);
            });
    connect(&engine(), &QueueEngine::finished, &loop, &QEventLoop::quit);
    engine().start();
    loop.exec();
    noteUnsettled();
    return exitCode();
}

void HeadlessRun::leaveWhenDone()
{
    if (m_isLeaving)
        return;
    m_isLeaving = true;
    engine().shutdown();
}

/// Left before the database had taken everything.
void HeadlessRun::noteUnsettled()
{
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

QList<QUuid> HeadlessRun::scans() const
{
    QList<QUuid> scans;
    for (const QueueItem &item : m_station->engine().items()) {
        if (!item.uid.isNull())
            scans << item.uid;
    }
    return scans;
}

void printScans(const Invocation &invocation, StationData &data, const QList<QUuid> &scans,
                QStringList *scanIds)
{
    ScanRepository repository(data.connection());
    QJsonArray list;
    for (const QUuid &uid : scans) {
        const auto record = repository.find(data.session(), uidText(uid));
        if (!record) {
            invocation.note(record.error().message);
            continue;
        }
        list.append(record.value().toJson());
        if (scanIds)
            scanIds->append(record.value().scanId);
        if (!invocation.isJson)
            invocation.print(u"%1  %2  %3 points"_s
                                 .arg(record.value().scanId, scanStateName(record.value().state))
                                 .arg(record.value().points));
    }
    if (invocation.isJson)
        invocation.printJson({{u"database"_s, data.database().url().text()}, {u"scans"_s, list}});
}

} // namespace birch::cli
