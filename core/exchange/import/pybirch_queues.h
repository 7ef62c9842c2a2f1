#pragma once

#include "core/exchange/import/import_report.h"
#include "core/exchange/import/import_target.h"
#include "core/exchange/import/source_record.h"

namespace birch {

/// PyBirch's queues and what they logged. A queue of the file is over: it stands idle here, with
/// the state it had in its extra_data.
class PybirchQueues
{
    Q_DECLARE_TR_FUNCTIONS(PybirchQueues)
public:
    PybirchQueues(const ImportTarget &target, const SqliteSource &source, SourceContext &context,
                  ImportReport &report)
        : m_target(target)
        , m_source(source)
        , m_context(context)
        , m_report(report)
    {
    }

    /// One transaction. After labs, projects and samples.
    Status importQueues();
    /// One transaction. After the scans, which the lines name.
    Status importLogs();

private:
    Status importQueue(const SourceRow &row);
    Status insert(const SourceRow &row, const QString &uid, const QString &hash);
    Result<QVariant> labRow(const SourceRow &row, const QVariant &project);
    Status importLine(const SourceRow &row);

    const ImportTarget &m_target;
    const SqliteSource &m_source;
    SourceContext &m_context;
    ImportReport &m_report;
};

/// PyBirch's level as one of ours.
QString logLevel(const QString &level);

} // namespace birch
