#pragma once

#include "core/engine/run_archive.h"

namespace birch {

/// For scans that are only rehearsed: everything is taken, nothing is kept. Engine thread.
class RehearsalArchive final : public RunArchive
{
public:
    void create(const NewScan &scan, QObject *context,
                Reply<std::shared_ptr<RunWriter>> reply) override;
    /// Errors: NotFound, always: nothing of a rehearsal can be continued.
    void resume(const NewScan &scan, QObject *context,
                Reply<std::shared_ptr<RunWriter>> reply) override;
    void createQueue(const QString &name, QObject *context, Reply<QUuid> reply) override;
    void setQueueState(const QUuid &queue, QueueState state) override;
    void watchFaults(QObject *context,
                     std::function<void(const QUuid &, const QString &)> report) override;

private:
    int m_count = 0;
};

} // namespace birch
