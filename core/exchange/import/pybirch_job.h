#pragma once

#include "core/exchange/import/entity_import.h"
#include "core/exchange/import/import_target.h"
#include "core/exchange/import/pybirch_import.h"

namespace birch {

/// One run of importPybirch().
class PybirchJob
{
    Q_DECLARE_TR_FUNCTIONS(PybirchJob)
public:
    PybirchJob(Connection &connection, const Session &session, const ImportOptions &options,
               std::unique_ptr<SqliteSource> source);

    Status run();
    ImportReport &report() { return m_report; }

private:
    Status checkKind() const;
    void beginReport();
    Status learnClock();
    Status importTables(bool isAfterScans);
    Status importTable(const SourceMap &map);
    Status putRow(const SourceMap &map, EntityImport &import, const SourceRecord &record,
                  const QString &name);
    /// Rows that waited for others of their table; those in a circle come last, without it.
    Status putWaiting(const SourceMap &map, EntityImport &import,
                      std::vector<std::pair<SourceRecord, QString>> waiting);
    static void leaveEmpty(const QString &field, qint64 id, SourceRecord *record);
    Status addStations();
    Status findPlacementEnds();
    void findOnlyLab();
    Status leaveOut();
    void tell(const QString &what, qint64 done, qint64 total) const;

    ImportTarget m_target;
    const ImportOptions &m_options;
    std::unique_ptr<SqliteSource> m_source;
    SourceContext m_context;
    ImportReport m_report;
};

} // namespace birch
