#pragma once

#include "core/data/point_batch.h"
#include "core/exchange/import/column_gatherer.h"
#include "core/exchange/import/source_time.h"
#include "core/exchange/import/sqlite_source.h"

#include <functional>

namespace birch {

/// The points of one of PyBirch's measurement objects: a row of JSON each, in the file; typed
/// columns of ours. Reads them twice, never all at once.
class PybirchPoints
{
    Q_DECLARE_TR_FUNCTIONS(PybirchPoints)
public:
    PybirchPoints(const SqliteSource &source, qint64 object)
        : m_source(source)
        , m_object(object)
    {
    }

    struct Counts {
        qint64 good = 0;
        QMap<QString, QStringList> bad; ///< why -> ids of points
        qint64 badCount = 0;
    };

    /// First pass: what the columns are. \a names in their order; \a unit: of a single column that
    /// has none; \a made: when the object was made, to tell local time from UTC.
    Status look(const QStringList &names, const QString &unit, std::optional<qint64> made,
                const SourceClock &clock);
    const QList<ColumnSpec> &columns() const { return m_columns; }
    const Counts &counts() const { return m_counts; }

    /// Second pass: all good rows, \a rowsAtOnce at a time.
    Status read(qint64 rowsAtOnce,
                const std::function<Status(const std::vector<ColumnValues> &)> &onRows) const;

private:
    Status eachPoint(const SqliteSource::OnRow &onRow) const;
    static std::optional<QJsonObject> values(const SourceRow &row);
    void lookAt(const SourceRow &row, std::optional<qint64> made, const SourceClock &clock);
    void makeColumns(const QString &unit);
    void add(const SourceRow &row, const QJsonObject &values,
             std::vector<ColumnValues> &columns) const;
    std::vector<ColumnValues> emptyColumns() const;

    const SqliteSource &m_source;
    qint64 m_object;
    ColumnGatherer m_gatherer;
    QList<ColumnSpec> m_columns;
    Counts m_counts;
    bool m_hasTime = false;
    bool m_hasSequence = false; ///< it is not simply 0, 1, 2 …
    bool m_hasExtra = false;
    std::optional<qint64> m_offset; ///< local minus UTC, µs
};

} // namespace birch
