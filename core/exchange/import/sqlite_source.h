#pragma once

#include "core/base/result.h"

#include <QCoreApplication>
#include <QHash>
#include <QSqlDatabase>
#include <QStringList>
#include <QVariant>

#include <functional>
#include <optional>

class QSqlQuery;

namespace birch {

/// A table that is really there.
struct SourceTable {
    QString name;
    QStringList columns;
    qint64 rows = 0;

    bool has(const QString &column) const { return columns.contains(column); }
};

/// One row while it is being read. Columns that the file does not have are asked for like any other
/// and hold nothing.
class SourceRow
{
public:
    SourceRow(const QSqlQuery &query, const QHash<QString, int> &columns)
        : m_query(query)
        , m_columns(columns)
    {
    }

    /// As stored: qint64, double, QString or QByteArray; invalid for NULL and for no such column.
    QVariant value(const QString &column) const;
    QString text(const QString &column) const { return value(column).toString(); }
    qint64 integer(const QString &column) const { return value(column).toLongLong(); }

private:
    const QSqlQuery &m_query;
    const QHash<QString, int> &m_columns;
};

/// Somebody else's SQLite file, read as it is: never written, not copied, held in one snapshot from
/// open() on, whoever writes to it meanwhile. Belongs to the thread that opened it.
class SqliteSource
{
    Q_DECLARE_TR_FUNCTIONS(SqliteSource)
public:
    /// Errors: NotFound, Denied; BadInput - no SQLite file, or a damaged or truncated one; Conflict
    /// - it was left in the middle of a write. Blocks while the whole file is checked.
    static Result<std::unique_ptr<SqliteSource>> open(const QString &path);
    ~SqliteSource();
    SqliteSource(const SqliteSource &) = delete;
    SqliteSource &operator=(const SqliteSource &) = delete;

    const QString &path() const { return m_path; }
    /// By name; SQLite's own tables are left out.
    const QList<SourceTable> &tables() const { return m_tables; }
    /// Null for a table that is not there.
    const SourceTable *table(const QString &name) const;

    using OnRow = std::function<Status(const SourceRow &)>;
    /// Hands out every row, ordered by \a order (column names; those that are missing are left out)
    /// and by the order they were written in; an error of \a onRow ends the reading and is
    /// returned. Other tables may be read from inside \a onRow.
    Status each(const QString &table, const QStringList &order, const OnRow &onRow) const;
    /// Those whose \a column is \a value.
    Status eachWhere(const QString &table, const QString &column, const QVariant &value,
                     const QStringList &order, const OnRow &onRow) const;
    /// Of a column's texts the smallest; nothing where there is none.
    std::optional<QString> smallest(const QString &table, const QString &column) const;
    /// The file has not been written since it was opened. Only where it could not be held: others
    /// are in a snapshot and always unchanged. Errors: Conflict.
    Status checkUnchanged() const;

private:
    struct Stamp {
        qint64 bytes = 0;
        qint64 changedMs = 0;
        bool operator==(const Stamp &) const = default;
    };
    explicit SqliteSource(QString path);
    Stamp stamp() const;
    Status connect();
    Status check();
    Status discover();
    Status run(QSqlQuery &query, const QString &sql, const QVariantList &values) const;

    QString m_path;
    QString m_connection;
    QSqlDatabase m_db;
    QList<SourceTable> m_tables;
    bool m_isHeld = false; ///< by SQLite's own locks
    Stamp m_stamp;
};

} // namespace birch
