#pragma once

#include "core/data/point_batch.h"
#include "core/exchange/import/source_time.h"
#include "core/exchange/import/sqlite_source.h"

#include <functional>

namespace birch {

/// The arrays of one of PyBirch's measurement objects (a spectrum or an image in a row). Those that
/// are like the first one in shape and type become the rows of an array column.
class PybirchArrays
{
    Q_DECLARE_TR_FUNCTIONS(PybirchArrays)
public:
    PybirchArrays(const SqliteSource &source, qint64 object)
        : m_source(source)
        , m_object(object)
    {
    }

    struct Counts {
        qint64 good = 0;
        QMap<QString, QStringList> bad; ///< why -> ids of arrays, all of them
    };

    Status look(const QString &name, const QString &unit, std::optional<qint64> made,
                const SourceClock &clock);
    const QList<ColumnSpec> &columns() const { return m_columns; }
    const Counts &counts() const { return m_counts; }
    Status read(const std::function<Status(const std::vector<ColumnValues> &)> &onRow) const;

private:
    struct Array {
        QList<qint64> shape;
        ColumnType type = ColumnType::Float64;
        ColumnValues values;
    };
    Result<Array> array(const SourceRow &row) const;
    Status eachArray(const SqliteSource::OnRow &onRow) const;

    const SqliteSource &m_source;
    qint64 m_object;
    QList<ColumnSpec> m_columns; ///< time and sequence, then the array
    Counts m_counts;
    std::optional<qint64> m_offset; ///< local minus UTC, µs
};

} // namespace birch
