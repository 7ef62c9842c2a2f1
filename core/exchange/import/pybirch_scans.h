#pragma once

#include "core/exchange/import/import_report.h"
#include "core/exchange/import/import_target.h"
#include "core/exchange/import/pybirch_arrays.h"
#include "core/exchange/import/pybirch_points.h"
#include "core/exchange/import/source_record.h"
#include "core/store/finished_scan.h"

#include <stop_token>

namespace birch {

/// PyBirch's scans with their measurement objects, points, arrays and logs: one transaction each,
/// so that an import that was killed goes on where it was. Every scan is over here; what was not
/// finished there says so.
class PybirchScans
{
    Q_DECLARE_TR_FUNCTIONS(PybirchScans)
public:
    PybirchScans(const ImportTarget &target, const SqliteSource &source, SourceContext &context,
                 ImportReport &report)
        : m_target(target)
        , m_source(source)
        , m_context(context)
        , m_report(report)
    {
    }

    /// \a told: scans done, scans altogether. Errors: Cancelled - stopped between two scans.
    Status import(const std::function<void(qint64, qint64)> &told, const std::stop_token &stop);
    /// Objects, points, arrays and lines whose scan or object is not in the file.
    Status reportOrphans();

private:
    struct Object {
        qint64 id = 0;
        QString uid;
        QString name;
        std::optional<PybirchPoints> points;
        std::optional<PybirchArrays> arrays; ///< one or the other
        QJsonObject about;                   ///< what has no place of its own
        bool isExtra = false; ///< the arrays of an object that has points too: no row of the file
    };
    struct Line {
        ScanLogEntry entry;
        QString id;
    };

    Status importScan(const SourceRow &row);
    Status create(const SourceRow &row, FinishedScan scan);
    Status reportExisting(const SourceRow &row, const StoredSource &stored);
    Result<FinishedScan> describe(const SourceRow &row);
    Status findPlace(const SourceRow &row, FinishedScan *scan);
    static void setState(const SourceRow &row, FinishedScan *scan);
    Result<std::vector<Object>> objectsOf(qint64 scan);
    Status addObject(const SourceRow &row, std::vector<Object> *objects);
    Result<std::vector<Line>> linesOf(qint64 scan);
    void addTables(std::vector<Object> &objects, FinishedScan *scan) const;
    Status fill(FinishedScanWriter &writer, std::vector<Object> &objects,
                const FinishedScan &scan) const;
    void count(const Object &object, RowFate fate, const QString &why);
    TableReport &report(const QString &table);

    const ImportTarget &m_target;
    const SqliteSource &m_source;
    SourceContext &m_context;
    ImportReport &m_report;
    qint64 m_stationRow = 0;
};

} // namespace birch
