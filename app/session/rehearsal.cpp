#include "app/session/rehearsal.h"

#include "core/engine/bench_safe.h"

#include <QEventLoop>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr double kRehearsalSeconds = 30;
constexpr double kMostSpeed = 100;

std::unique_ptr<SafePort> makeSafePort(const EnginePorts &ports, SafePort::Log log)
{
    return std::make_unique<BenchSafe>(ports.bench, ports.clock, std::move(log));
}
} // namespace

Rehearsal::Rehearsal(std::unique_ptr<StationBench> bench, double speed)
    : m_bench(std::move(bench))
    , m_clock(m_real, speed)
{
    EnginePorts ports{.bench = m_bench->bench(), .clock = m_clock, .archive = m_archive};
    ports.station = m_bench->file().station;
    ports.softwareVersion = QStringLiteral(BIRCH_VERSION);
    m_engine = std::make_unique<QueueEngine>(ports, makeSafePort);
    connect(m_engine.get(), &QueueEngine::logged, this,
            [this](const QUuid &scan, const ScanLogEntry &entry) {
                if (entry.level == u"warning" || entry.level == u"error")
                    m_warnings[scan] << entry.message;
            });
    connect(m_engine.get(), &QueueEngine::queueStateChanged, this, &Rehearsal::queueStateChanged);
    connect(m_engine.get(), &QueueEngine::refused, this, [this](const QString &message) {
        m_warnings[QUuid()] << message;
        leave();
    });
}

Rehearsal::~Rehearsal() = default;

void Rehearsal::run()
{
    QEventLoop loop;
    connect(m_engine.get(), &QueueEngine::finished, &loop, &QEventLoop::quit);
    m_engine->start();
    loop.exec();
}

void Rehearsal::stop()
{
    leave();
}

/// A guard lets its scan go on by itself; any other pause would wait for ever.
void Rehearsal::queueStateChanged(QueueState state)
{
    m_hasStarted = m_hasStarted || state == QueueState::Running;
    const QList<QueueItem> &items = m_engine->items();
    const bool isHeld = std::any_of(items.begin(), items.end(), [](const QueueItem &item) {
        return !item.heldBecause.isEmpty();
    });
    if (m_hasStarted && (state == QueueState::Idle || (state == QueueState::Paused && !isHeld)))
        leave();
}

void Rehearsal::leave()
{
    if (m_isLeaving)
        return;
    m_isLeaving = true;
    m_engine->shutdown(ScanState::Aborted);
}

QList<RehearsedScan> Rehearsal::scans() const
{
    QList<RehearsedScan> scans;
    for (const QueueItem &item : m_engine->items())
        scans << RehearsedScan{item, m_warnings.value(item.uid)};
    return scans;
}

double rehearsalSpeed(Nanoseconds duration)
{
    return std::clamp(double(duration.count()) * 1e-9 / kRehearsalSeconds, 1.0, kMostSpeed);
}

} // namespace birch
