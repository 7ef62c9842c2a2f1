#pragma once

#include "core/data/run_store.h"

namespace birch {

/// Told by the engine, on the engine's thread, after the spool's write. An observer copies what it
/// needs and returns at once: it never delays a point.
class RunObserver
{
public:
    virtual ~RunObserver() = default;
    virtual void started(const OpenedScan &, const NewScan &) {}
    virtual void batch(const QUuid & /*scan*/, const PointBatch &) {}
    virtual void paused(const QUuid & /*scan*/) {}
    virtual void resumed(const QUuid & /*scan*/) {}
    virtual void log(const QUuid & /*scan, null for the queue*/, const ScanLogEntry &) {}
    /// nickname -> {parameter: value} as the scan leaves its instruments; before ended(), where
    /// they could be read.
    virtual void endSettings(const QUuid & /*scan*/, const QJsonObject & /*settings*/) {}
    virtual void ended(const QUuid & /*scan*/, ScanState, const QString & /*reason*/) {}
};

} // namespace birch
