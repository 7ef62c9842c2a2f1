#pragma once

#include "core/engine/run_archive.h"

namespace birch {

class StoreThread;

/// The engine's runs in the spool and, behind it, in the database of a store thread.
class StoredRuns final : public RunArchive
{
public:
    explicit StoredRuns(StoreThread &store)
        : m_store(store)
    {
    } // outlives us

    void create(const NewScan &scan, QObject *context,
                Reply<std::shared_ptr<RunWriter>> reply) override;
    void resume(const NewScan &scan, QObject *context,
                Reply<std::shared_ptr<RunWriter>> reply) override;
    void createQueue(const QString &name, QObject *context, Reply<QUuid> reply) override;
    void setQueueState(const QUuid &queue, QueueState state) override;
    void watchFaults(QObject *context,
                     std::function<void(const QUuid &, const QString &)> report) override;
    /// As if the store had said so: \a scan pauses. Any thread, while the engine lives.
    void tellFault(const QUuid &scan, const QString &message);

private:
    StoreThread &m_store;
};

} // namespace birch
