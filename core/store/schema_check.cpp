#include "core/store/schema_check.h"

#include <QHash>
#include <QSet>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("SchemaCheck", text);
}

struct LiveColumn {
    QString type; ///< the engine's name, upper case
    bool isRequired = false;
};

struct LiveSchema {
    QHash<QString, LiveColumn> columns; ///< by "table.column"
    QSet<QString> uniqueColumns;        ///< alone in a unique index
    QSet<QString> indexedColumns;       ///< first in an index
};

Result<LiveSchema> readSqlite(Connection &connection)
{
    LiveSchema live;
    Status done =
        connection.select(u"SELECT m.name, c.name, c.type, c.\"notnull\" FROM sqlite_master m "
                          "JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"_s,
                          {}, [&live](const SqlRow &row) {
                              live.columns.insert(row.text(0) + u'.' + row.text(1),
                                                  {row.text(2).toUpper(), row.integer(3) != 0});
                          });
    if (!done)
        return done.error();
    done = connection.select(u"SELECT m.name, min(c.name), count(*), i.\"unique\", "
                             "max(CASE WHEN c.seqno = 0 THEN c.name END) FROM sqlite_master m "
                             "JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c "
                             "WHERE m.type = 'table' GROUP BY m.name, i.name, i.\"unique\""_s,
                             {}, [&live](const SqlRow &row) {
                                 live.indexedColumns.insert(row.text(0) + u'.' + row.text(4));
                                 if (row.integer(2) == 1 && row.integer(3) == 1)
                                     live.uniqueColumns.insert(row.text(0) + u'.' + row.text(1));
                             });
    if (!done)
        return done.error();
    return live;
}

Result<LiveSchema> readPostgres(Connection &connection)
{
    LiveSchema live;
    Status done = connection.select(
        u"SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
        "WHERE table_schema = current_schema()"_s,
        {}, [&live](const SqlRow &row) {
            live.columns.insert(row.text(0) + u'.' + row.text(1),
                                {row.text(2).toUpper(), row.text(3) == u"NO"_s});
        });
    if (!done)
        return done.error();
    done = connection.select(
        u"SELECT t.relname, a.attname, i.indnkeyatts, i.indisunique FROM pg_index i "
        "JOIN pg_class t ON t.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = t.oid "
        "AND a.attnum = i.indkey[0] WHERE t.relnamespace = current_schema()::regnamespace"_s,
        {}, [&live](const SqlRow &row) {
            const QString key = row.text(0) + u'.' + row.text(1);
            live.indexedColumns.insert(key);
            if (row.integer(2) == 1 && row.value(3).toBool())
                live.uniqueColumns.insert(key);
        });
    if (!done)
        return done.error();
    return live;
}

QString expectedType(EntityFieldType type, bool isPostgres)
{
    switch (type) {
    case EntityFieldType::Integer:
    case EntityFieldType::Time:
    case EntityFieldType::Reference:
    case EntityFieldType::Object:
        return isPostgres ? u"BIGINT"_s : u"INTEGER"_s;
    case EntityFieldType::Boolean:
        return isPostgres ? u"BOOLEAN"_s : u"INTEGER"_s;
    case EntityFieldType::Real:
        return isPostgres ? u"DOUBLE PRECISION"_s : u"REAL"_s;
    case EntityFieldType::Json:
        return isPostgres ? u"JSONB"_s : u"TEXT"_s;
    case EntityFieldType::Text:
    case EntityFieldType::LongText:
    case EntityFieldType::Date:
    case EntityFieldType::Choice:
    case EntityFieldType::Unit:
        return u"TEXT"_s;
    }
    return {};
}

class Comparison
{
public:
    Comparison(const LiveSchema &live, bool isPostgres)
        : m_live(live)
        , m_isPostgres(isPostgres)
    {
    }

    void compare(const EntitySpec &spec)
    {
        for (const EntityField &field : spec.fields) {
            const QString key = spec.table + u'.' + field.column();
            // A column with a default may be required though nobody has to give it.
            compareColumn(key, field.type, field.isRequired);
            if (field.isUnique && m_live.columns.contains(key) &&
                !m_live.uniqueColumns.contains(key))
                m_differences << tr("%1 is not unique").arg(key);
            if (field.isIndexed && m_live.columns.contains(key) &&
                !m_live.indexedColumns.contains(key))
                m_differences << tr("%1 has no index").arg(key);
        }
        for (const AuditColumn &audit : kAuditColumns)
            compareColumn(spec.table + u'.' + QString::fromUtf16(audit.name), audit.type,
                          audit.isRequired);
    }
    QStringList differences() const { return m_differences; }

private:
    void compareColumn(const QString &key, EntityFieldType type, bool isRequired)
    {
        const auto live = m_live.columns.constFind(key);
        if (live == m_live.columns.cend()) {
            m_differences << tr("%1 is missing").arg(key);
            return;
        }
        const QString expected = expectedType(type, m_isPostgres);
        if (live->type != expected)
            m_differences << tr("%1 is %2 instead of %3").arg(key, live->type, expected);
        if (isRequired && !live->isRequired)
            m_differences << tr("%1 may be empty but is required").arg(key);
    }

    const LiveSchema &m_live;
    bool m_isPostgres;
    QStringList m_differences;
};
} // namespace

Result<QStringList> schemaDifferences(Connection &connection, const QList<EntitySpec> &specs)
{
    const bool isPostgres = connection.dialect().isPostgres();
    const Result<LiveSchema> live = isPostgres ? readPostgres(connection) : readSqlite(connection);
    if (!live)
        return live.error();
    Comparison comparison(live.value(), isPostgres);
    for (const EntitySpec &spec : specs)
        comparison.compare(spec);
    return comparison.differences();
}

} // namespace birch
