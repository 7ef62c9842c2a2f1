#pragma once

#include "core/store/integrity/integrity_run.h"

namespace birch {

/// What a check works with, and where it tells what it finds.
class IntegrityContext
{
public:
    IntegrityContext(Connection &database, const IntegrityOptions &options, IntegrityReport &report,
                     CheckOutcome &outcome)
        : connection(database)
        , isFull(options.isFull)
        , m_options(options)
        , m_report(report)
        , m_outcome(outcome)
    {
    }

    Connection &connection;
    const bool isFull;

    void add(IntegrityFinding finding);
    void addChain(const ChainEnd &chain) { m_report.chains.append(chain); }
    void examined(qint64 count) { m_outcome.examined += count; }
    void progress(qint64 done, qint64 total) const;
    /// More would not be told: a check may stop looking for details.
    bool isFindingsFull() const { return m_outcome.findings >= IntegrityReport::kMaxFindings; }

private:
    const IntegrityOptions &m_options;
    IntegrityReport &m_report;
    CheckOutcome &m_outcome;
};

/// One thing that is looked at. An error means that it could not be looked at; what is wrong is
/// added to the context.
struct IntegrityCheck {
    QString name;
    QString title;
    QString unit; ///< of IntegrityContext::examined()
    Status (*run)(IntegrityContext &);
};

/// All of them, in the order in which they run. A new check is a function in a file of its own and
/// a line here.
QList<IntegrityCheck> integrityChecks();

// Each in check_<name>.cpp.
Status checkEngine(IntegrityContext &context);
Status checkForeignKeys(IntegrityContext &context);
Status checkEvents(IntegrityContext &context);
Status checkScans(IntegrityContext &context);
Status checkChunks(IntegrityContext &context);
Status checkOverviews(IntegrityContext &context);
Status checkObjects(IntegrityContext &context);
Status checkBlobs(IntegrityContext &context);
Status checkDefinitions(IntegrityContext &context);

} // namespace birch
