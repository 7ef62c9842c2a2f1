#include "app/session/workstation.h"

#include "core/engine/bench_safe.h"
#include "core/store/sql_run_store.h"

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

} // namespace

Workstation::Workstation(StationData &data, std::unique_ptr<StationBench> bench,
                         QList<RunObserver *> observers)
    : m_data(data)
    , m_bench(std::move(bench))
    , m_store(std::make_unique<StoreThread>(storeFactory(data), data.recorderSettings()))
    , m_runs(std::make_unique<StoredRuns>(*m_store))
{
    observers.prepend(&m_live);
    EnginePorts ports{.bench = m_bench->bench(), .clock = m_clock, .archive = *m_runs};
    ports.observers = observers;
    ports.station = station();
    ports.softwareVersion = QStringLiteral(BIRCH_VERSION);
    m_engine = std::make_unique<QueueEngine>(ports, makeSafePort);
}

QString Workstation::station() const
{
    const bool isNamed = m_data.settings().origin(Setting::StationName) != SettingOrigin::Default;
    const QString ofBench = m_bench->file().station;
    return isNamed || ofBench.isEmpty() ? m_data.station() : ofBench;
}

Workstation::~Workstation()
{
    m_engine.reset();
}

} // namespace birch
