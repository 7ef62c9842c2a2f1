#include "app/session/workstation.h"

#include "app/session/sentinel_link.h"
#include "app/session/sentinel_recovery.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/engine/bench_safe.h"
#include "core/store/sql_run_store.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

RunStoreFactory storeFactory(StationData &data)
{
    if (!data.hasDatabase())
        return {};
    return [database = &data.database(), user = data.user(),
            station = data.station()]() -> Result<std::unique_ptr<RunStore>> {
        auto store = SqlRunStore::open(*database, user, station);
        if (!store)
            return store.error();
        return std::unique_ptr<RunStore>(std::move(store).value());
    };
}

std::unique_ptr<SafePort> makeSafePort(const EnginePorts &ports, SafePort::Log log)
{
    return std::make_unique<BenchSafe>(ports.bench, ports.clock, std::move(log));
}

/// Nobody, where the bench file says so, or where the instruments end with this program.
std::function<std::unique_ptr<SentinelPort>(SafePort::Log)>
sentinelFactory(const BenchFile &file, const HandoverBox &box, StationNotices &notices)
{
    if (!file.sentinel.isEnabled.value_or(!file.isSimulated))
        return {};
    const auto handover = [&box, &notices] {
        SentinelHandover now = box.get();
        now.people = notices.peopleFor(NoticeEvent::StationSilent);
        return now;
    };
    return [handover](SafePort::Log log) {
        return std::make_unique<SentinelLink>(handover, std::move(log));
    };
}

constexpr std::chrono::seconds kSentinelPatience{15};

std::chrono::milliseconds statusInterval(const Settings &settings)
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        settings.duration(Setting::StatusInterval));
}

} // namespace

void takeBenchOver(StationData &data, const StationBench &bench)
{
    const QString spoolDir = data.recorderSettings().spoolDir;
    for (const QString &note :
         awaitSentinels(spoolDir, bench.addresses().values(), kSentinelPatience))
        qCWarning(lcApp).noquote() << note;
    const auto recovered = data.recover();
    if (!recovered)
        qCWarning(lcApp).noquote() << recovered.error().message;
}

Workstation::Workstation(StationData &data, std::unique_ptr<StationBench> bench,
                         QList<RunObserver *> observers)
    : m_data(data)
    , m_bench(std::move(bench))
    , m_journal(std::make_unique<InstrumentJournal>(*m_bench, journalPlace(data, station()),
                                                    statusInterval(data.settings())))
    , m_notices(std::make_unique<StationNotices>(data, station()))
    , m_stepTimes(std::make_unique<StepTimesKeeper>(data.recorderSettings().spoolDir,
                                                    specsOf(m_bench->file())))
    , m_space(data.dataPlaces(), data.spaceLevels(), m_clock)
    , m_store(std::make_unique<StoreThread>(storeFactory(data), data.recorderSettings()))
    , m_runs(std::make_unique<StoredRuns>(*m_store))
{
    takeBenchOver(data, *m_bench);
    observers.prepend(&m_live);
    observers.append(&m_notices->observer());
    observers.append(&m_journal->observer());
    EnginePorts ports{.bench = m_bench->bench(), .clock = m_clock, .archive = *m_runs};
    ports.observers = observers;
    ports.station = station();
    ports.softwareVersion = QStringLiteral(BIRCH_VERSION);
    ports.timed = m_stepTimes->listener();
    m_handover.put(handover());
    ports.sentinel = sentinelFactory(m_bench->file(), m_handover, *m_notices);
    m_engine = std::make_unique<QueueEngine>(ports, makeSafePort);
    m_notices->follow(*m_engine);
    m_bench->setStepTimes(loadStepTimes(data.recorderSettings().spoolDir));
    QObject::connect(m_stepTimes.get(), &StepTimesKeeper::learned, m_stepTimes.get(),
                     [this](const StepTimes &times) { m_bench->setStepTimes(times); });
    watchSpace();
}

void Workstation::watchSpace()
{
    QObject::connect(m_engine.get(), &QueueEngine::queueStateChanged, &m_space,
                     [this](QueueState state) { m_space.setRunning(state != QueueState::Idle); });
    QObject::connect(&m_space, &SpaceWatch::exhausted, m_engine.get(),
                     [this](const QString &message) {
                         for (const QueueItem &item : m_engine->items()) {
                             if (item.state != ScanState::Running ||
                                 m_short.contains(item.uid)) // who resumes it has decided
                                 continue;
                             m_short.insert(item.uid);
                             m_runs->tellFault(item.uid, message);
                         }
                     });
    QObject::connect(&m_space, &SpaceWatch::relieved, m_engine.get(), [this] { m_short.clear(); });
    QObject::connect(&m_space, &SpaceWatch::warned, m_engine.get(),
                     [](const QString &message) { qCWarning(lcApp).noquote() << message; });
}

SentinelHandover Workstation::handover() const
{
    const BenchFile &file = m_bench->file();
    const RecorderSettings recorder = m_data.recorderSettings();
    SentinelHandover handover;
    handover.database = recorder.database;
    handover.spoolDir = QFileInfo(recorder.spoolDir).absoluteFilePath();
    handover.beat = file.sentinel.beat;
    handover.missed = file.sentinel.missed;
    handover.benchFile = QFileInfo(file.path).absoluteFilePath();
    handover.benchText = file.text;
    handover.addresses = m_bench->addresses();
    for (const BenchEntry &entry : file.entries)
        handover.definitions.insert(entry.nickname, entry.spec.definitionVersion);
    handover.station = station();
    return handover;
}

std::optional<StationBench::Update> Workstation::reloadBench(Problems *problems)
{
    QStringList used;
    for (const QueueItem &item : m_engine->items()) {
        if (item.plan && !isFinal(item.state))
            used += item.plan->instruments;
    }
    const auto update = m_bench->reload(used, problems);
    if (!update)
        return {};
    m_handover.put(handover());
    m_stepTimes->setBench(specsOf(m_bench->file()));
    return update;
}

QString stationName(const StationData &data, const BenchFile &bench)
{
    const bool isNamed = data.settings().origin(Setting::StationName) != SettingOrigin::Default;
    return isNamed || bench.station.isEmpty() ? data.station() : bench.station;
}

JournalWriter::Place journalPlace(StationData &data, const QString &station)
{
    JournalWriter::Place place{nullptr, data.user(), station, {}};
    if (!data.hasDatabase())
        return place;
    place.database = &data.database();
    // Each database has its own: they may be different labs'.
    place.file = data.settings().text(Setting::StatePath) + u"/instrument-history-"_s +
                 uidText(data.recorderSettings().database) + u".jsonl"_s;
    return place;
}

Workstation::~Workstation()
{
    m_engine.reset();
}

} // namespace birch
