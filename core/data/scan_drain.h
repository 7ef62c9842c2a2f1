#pragma once

#include "core/data/commit_builder.h"
#include "core/data/scan_backlog.h"

namespace birch {

/// Moves one scan's backlog into the database, commit by commit. Belongs to the store thread.
class ScanDrain
{
public:
    enum class Step {
        Idle,     ///< nothing to do now
        Stored,   ///< a commit went through; there may be more
        Released, ///< finished or abandoned, nothing left: forget this scan
        Refused   ///< the database will never take these rows; they stay in the spool
    };

    ScanDrain(std::shared_ptr<ScanBacklog> backlog, const RecorderSettings &settings);

    const std::shared_ptr<ScanBacklog> &backlog() const { return m_backlog; }
    /// When step() should be called next, problems aside; nothing when there is nothing to store.
    std::optional<ScanBacklog::SteadyClock::time_point>
    dueAt(ScanBacklog::SteadyClock::time_point now) const;
    /// One commit at most. An error means: try again later, nothing is lost; refusal() is the error
    /// of a Refused. The outcome of a finished scan is reported before Released or Refused is
    /// returned.
    Result<Step> step(RunStore &store, ChunkEncoder &encoder);
    const QString &refusal() const { return m_refusal; }
    /// Reports a finished scan that can not be stored now, once.
    void reportLeft(const QString &why);

private:
    struct InDoubt {
        size_t records = 0;
        QList<qint64> rowsAfter;
        bool isFinished = false;
        qint64 lastNeededSegment = 0;
    };
    /// Creates the scan in the database, when it began without.
    Result<Step> begin(RunStore &store);
    Result<Step> settleDoubt(RunStore &store, ChunkEncoder &encoder);
    Result<Step> storeAgain(RunStore &store, ChunkEncoder &encoder, const OpenedScan &actual);
    Result<Step> commit(RunStore &store, ChunkEncoder &encoder, const ScanBacklog::Taken &taken);
    Status gather(const ScanBacklog::Taken &taken, CommitBuilder &builder) const;
    Result<Step> accept(const InDoubt &stored);
    Step refuse(const Error &error);
    FinishOutcome left(const QString &why) const;

    std::shared_ptr<ScanBacklog> m_backlog;
    const RecorderSettings &m_settings;
    OpenedScan m_stored; ///< as the database has it
    qint64 m_firstSegment = 1;
    bool m_isUnborn;                  ///< the database does not know of the scan yet
    std::optional<InDoubt> m_inDoubt; ///< a commit whose answer was an error
    int m_refusals = 0;               ///< of the same rows, one after the other
    QString m_refusal;
};

} // namespace birch
