#include "core/engine/scan_setup.h"

#include "core/instrument/settings_difference.h"

using namespace Qt::StringLiterals;

namespace birch {

ScanSetup::ScanSetup(std::shared_ptr<const ScanPlan> plan, const Bench &bench, QString owner,
                     Limits limits)
    : m_plan(std::move(plan))
    , m_bench(bench)
    , m_owner(std::move(owner))
    , m_limits(limits)
{
}

ScanSetup::~ScanSetup()
{
    for (InstrumentHost *host : m_leased)
        host->releaseLease(m_owner);
}

void ScanSetup::prepare(std::function<void(Result<SetupResult>)> done)
{
    m_done = std::move(done);
    if (Status leased = lease(); !leased)
        return answer(leased.error());
    open();
}

Status ScanSetup::lease()
{
    for (const QString &nickname : m_plan->instruments) {
        InstrumentHost *host = m_bench.find(nickname);
        if (!host)
            return Error{ErrorCode::NotFound,
                         tr("The bench has no instrument \"%1\": add it to the bench file, or take "
                            "it out of the scan")
                             .arg(nickname)};
        if (Status leased = host->acquireLease(m_owner); !leased)
            return leased.error().within(nickname);
        m_leased.push_back(host);
    }
    m_hosts = m_leased;
    return ok();
}

void ScanSetup::open()
{
    m_pending = 1; // this function itself: replies may not finish before all are asked
    for (InstrumentHost *host : m_hosts) {
        if (host->connectionState() == ConnectionState::Open)
            continue;
        ++m_pending;
        host->open(m_limits.open, this, [this, host](const Result<std::monostate> &opened) {
            finishOne(tr("Opening the instruments"), opened ? nullptr : &opened.error(),
                      &ScanSetup::snapshot);
        });
    }
    finishOne({}, nullptr, &ScanSetup::snapshot);
}

void ScanSetup::snapshot()
{
    m_pending = 1;
    for (InstrumentHost *host : m_hosts) {
        ++m_pending;
        host->snapshot(Priority::Step, m_limits.snapshot, this,
                       [this, host](const Result<QVariantMap> &settings) {
                           if (settings)
                               m_result.settings.insert(
                                   host->nickname(), QJsonObject::fromVariantMap(settings.value()));
                           finishOne(tr("Reading the settings"),
                                     settings ? nullptr : &settings.error(), &ScanSetup::identify);
                       });
    }
    for (const PlanMovement &movement : m_plan->movements) {
        if (movement.spec.after == AfterScan::Start)
            readStart(movement);
    }
    finishOne({}, nullptr, &ScanSetup::identify);
}

void ScanSetup::readStart(const PlanMovement &movement)
{
    InstrumentHost *host = m_bench.find(movement.instrument);
    const QString name = movement.instrument + u'.' + movement.spec.name;
    ++m_pending;
    host->state(Priority::Step, movement.index, m_limits.state, this,
                [this, name](const Result<MovementState> &state) {
                    if (state)
                        m_result.startPositions.insert(name, state.value().readback);
                    finishOne(tr("Reading where %1 starts").arg(name),
                              state ? nullptr : &state.error(), &ScanSetup::identify);
                });
}

void ScanSetup::finishOne(const QString &what, const Error *failure, void (ScanSetup::*then)())
{
    if (!m_done)
        return; // an earlier failure was reported
    if (failure)
        return answer(failure->within(what));
    if (--m_pending == 0)
        (this->*then)();
}

void ScanSetup::identify()
{
    for (InstrumentHost *host : m_hosts) {
        m_result.instruments.insert(host->nickname(),
                                    instrumentFacts(host->spec(), host->identity()));
    }
    auto handles = RunHandles::resolve(*m_plan, m_bench);
    if (!handles)
        return answer(handles.error());
    m_result.handles = std::move(handles).value();
    answer(std::move(m_result));
}

void ScanSetup::answer(Result<SetupResult> result)
{
    const auto done = std::exchange(m_done, nullptr);
    done(std::move(result));
}

} // namespace birch
