#pragma once

#include "core/store/entity/entity_repository.h"
#include "tests/core/store/store_fixture.h"

#include <QJsonArray>
#include <QJsonObject>

namespace birch::test {

/// One database with one connection and an administrator, and short words for what is in it. All of
/// it per test function.
class LabFixture
{
public:
    void open(StoreFixture &fixture, bool isPostgres, const QString &station = QStringLiteral("B1"))
    {
        m_connection.reset();
        m_database = fixture.newDatabase(isPostgres);
        m_connection = m_database->connect().value();
        m_session = openSession(*m_connection, QStringLiteral("ada")).value();
        m_session.station = station;
    }
    void close()
    {
        m_connection.reset();
        m_database.reset();
    }

    Database &database() { return *m_database; }
    Connection &connection() { return *m_connection; }
    const Session &session() const { return m_session; }
    EntityRepository repository(const QString &table)
    {
        return {*m_connection, *entityByTable(table)};
    }
    Result<EntityRecord> tryAdd(const QString &table, const QVariantMap &values)
    {
        return repository(table).insert(m_session, values);
    }
    EntityRecord add(const QString &table, const QVariantMap &values)
    {
        auto made = tryAdd(table, values);
        if (!made)
            qFatal("%s: %s", qPrintable(table), qPrintable(made.error().message));
        return std::move(made).value();
    }
    Result<EntityRecord> tryEdit(const QString &table, const QString &key,
                                 const QVariantMap &changes)
    {
        const auto found = repository(table).find(m_session, key);
        return found ? repository(table).update(m_session, found.value(), changes) : found;
    }
    EntityRecord find(const QString &table, const QString &key)
    {
        auto found = repository(table).find(m_session, key);
        if (!found)
            qFatal("%s: %s", qPrintable(table), qPrintable(found.error().message));
        return std::move(found).value();
    }
    qint64 count(const QString &sql)
    {
        const auto row = m_connection->firstRow(sql);
        if (!row || !row.value())
            qFatal("%s: %s", qPrintable(sql), row ? "no row" : qPrintable(row.error().message));
        return row.value()->first().toLongLong();
    }

private:
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    Session m_session;
};

} // namespace birch::test
