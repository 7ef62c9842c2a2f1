#pragma once

#include "core/base/result.h"
#include "core/engine/run_handles.h"

#include <QJsonObject>
#include <QObject>

#include <functional>
#include <memory>

namespace birch {

/// What the instruments of a scan say before its first step.
struct SetupResult {
    RunHandles handles;
    QJsonObject settings;       ///< nickname -> {parameter: value}
    QJsonObject instruments;    ///< nickname -> {definition, version, identity, parameters}
    QJsonObject startPositions; ///< "stage.x" -> readback, of movements that go back there
};

/// Makes the instruments of one scan ready: leases all (or none), opens those that are not open,
/// takes a snapshot of all their settings. Keeps the leases until destroyed. Engine thread.
class ScanSetup : public QObject
{
    Q_OBJECT
public:
    struct Limits {
        Nanoseconds open = std::chrono::seconds(15);
        Nanoseconds snapshot = std::chrono::seconds(30);
        Nanoseconds state = std::chrono::seconds(5);
        /// For the settings at the end, over all instruments; the ending waits no longer.
        Nanoseconds endSnapshot = std::chrono::seconds(2);
    };

    /// \a owner is what others read when they ask who holds an instrument.
    ScanSetup(std::shared_ptr<const ScanPlan> plan, const Bench &bench, QString owner,
              Limits limits);
    ~ScanSetup() override;

    /// \a done is called once, unless this is destroyed first; it may be called from inside.
    /// Errors: Conflict - an instrument is held, naming the owner; NotFound; those of opening and
    /// reading, naming the instrument. The hosts are in the result of prepare() alone.
    void prepare(std::function<void(Result<SetupResult>)> done);
    /// The hosts that are leased; for cancelling and for safe values after a failure.
    const std::vector<InstrumentHost *> &leased() const { return m_leased; }

private:
    Status lease();
    void open();
    void snapshot();
    void readStart(const PlanMovement &movement);
    void finishOne(const QString &what, const Error *failure, void (ScanSetup::*then)());
    void identify();
    void answer(Result<SetupResult> result);

    std::shared_ptr<const ScanPlan> m_plan;
    const Bench &m_bench;
    QString m_owner;
    Limits m_limits;
    std::vector<InstrumentHost *> m_hosts;
    std::vector<InstrumentHost *> m_leased;
    int m_pending = 0;
    SetupResult m_result;
    std::function<void(Result<SetupResult>)> m_done;
};

} // namespace birch
