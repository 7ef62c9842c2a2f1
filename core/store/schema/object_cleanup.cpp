#include "core/store/schema/object_cleanup.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
class Cleanup
{
public:
    Cleanup(const SchemaShape &schema, const QString &dropped)
        : m_schema(schema)
        , m_visited{dropped}
    {
    }

    QString remove(const QString &table, const QString &condition)
    {
        m_visited << table;
        QString sql;
        for (const TableShape &other : m_schema.tables) {
            if (m_visited.contains(other.name))
                continue;
            for (const ForeignKeyShape &key : other.foreignKeys) {
                if (key.table == table)
                    sql += settle(other.name, key,
                                  u"%1 IN (SELECT id FROM %2 WHERE %3)"_s.arg(key.columns.first(),
                                                                              table, condition));
            }
        }
        return sql + u"DELETE FROM %1 WHERE %2;\n"_s.arg(table, condition);
    }

private:
    QString settle(const QString &table, const ForeignKeyShape &key, const QString &condition)
    {
        if (key.deleteRule == u"CASCADE"_s)
            return remove(table, condition);
        if (key.deleteRule == u"SET NULL"_s)
            return u"UPDATE %1 SET %2 = NULL WHERE %3;\n"_s.arg(table, key.columns.first(),
                                                                condition);
        return {}; // the check of foreign keys refuses the step while there are such rows
    }

    const SchemaShape &m_schema;
    QStringList m_visited;
};
} // namespace

QString forgetObjectsSql(const QString &table, const SchemaShape &schema)
{
    return Cleanup(schema, table).remove(u"objects"_s, u"kind = '%1'"_s.arg(table));
}

} // namespace birch
