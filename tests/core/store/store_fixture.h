#pragma once

#include "core/store/database.h"
#include "core/store/schema.h"
#include "core/store/session.h"
#include "tests/support/postgres_server.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>

namespace birch::test {

/// A new database of either engine for each test function; one server for all of them.
class StoreFixture
{
public:
    static void addEngines()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::newRow("SQLite") << false;
        QTest::newRow("PostgreSQL") << true;
    }

    /// Where a database can be made; nothing is there yet.
    DatabaseUrl newUrl(bool isPostgres)
    {
        using namespace Qt::StringLiterals;
        ++m_count;
        if (!isPostgres)
            return DatabaseUrl::sqliteFile(m_folder.filePath(u"t%1.db"_s.arg(m_count)));
        return DatabaseUrl::parse(startedServer()->url(u"t%1"_s.arg(m_count))).value();
    }
    /// A database at head.
    std::unique_ptr<Database> newDatabase(bool isPostgres)
    {
        const DatabaseUrl url = newUrl(isPostgres);
        if (isPostgres) {
            if (const auto made = Schema(url).init(QStringLiteral("ada")); !made)
                qFatal("%s", qPrintable(made.error().message));
        }
        auto database = Database::open(url, QStringLiteral("ada"));
        if (!database)
            qFatal("%s", qPrintable(database.error().message));
        return std::move(database).value();
    }
    PostgresServer *server() { return m_server.get(); }
    PostgresServer *startedServer()
    {
        QString problem;
        if (!m_server)
            m_server = PostgresServer::start(&problem);
        if (!m_server)
            qFatal("%s", qPrintable(problem));
        return m_server.get();
    }
    QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<PostgresServer> m_server;
    int m_count = 0;
};

} // namespace birch::test

/// Fails the test function with the error's sentence.
#define BIRCH_VERIFY(result) \
    do { \
        const auto &birchResult = (result); \
        QVERIFY2(bool(birchResult), birchResult ? "" : qPrintable(birchResult.error().message)); \
    } while (false)
