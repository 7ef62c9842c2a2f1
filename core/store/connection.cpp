#include "core/store/connection.h"

#include "core/store/network_file_system.h"
#include "core/store/upkeep/slow_statements.h"

#include <QSqlDriver>

#include <atomic>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sqlite3.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString nextName()
{
    static std::atomic<quint64> counter{0};
    return u"birch-%1"_s.arg(++counter);
}

} // namespace

Connection::Connection(QString name, Engine engine)
    : m_name(std::move(name))
    , m_dialect(engine)
{
}

Connection::~Connection()
{
    m_statements.clear();
    m_db.close();
    m_db = QSqlDatabase(); // removeDatabase() complains while anybody holds it
    QSqlDatabase::removeDatabase(m_name);
    if (m_watchedSocket >= 0)
        ::close(m_watchedSocket);
}

Result<std::unique_ptr<Connection>> Connection::open(const DatabaseUrl &url, StatementWatch *watch)
{
    const bool isPostgres = url.engine() == Engine::Postgres;
    const QString driver = isPostgres ? u"QPSQL"_s : u"QSQLITE"_s;
    if (!QSqlDatabase::isDriverAvailable(driver))
        return Error{ErrorCode::NotFound,
                     tr("Qt's driver %1 is not installed: install the package %2")
                         .arg(driver, isPostgres ? u"libqt6sql6-psql"_s : u"libqt6sql6-sqlite"_s)};
    if (!isPostgres) {
        if (Status local = checkLocalFileSystem(url.path()); !local)
            return local.error();
    }
    std::unique_ptr<Connection> connection(new Connection(nextName(), url.engine()));
    connection->m_slowFile = slowStatementsFile(url);
    QSqlDatabase &db = connection->m_db;
    db = QSqlDatabase::addDatabase(driver, connection->m_name);
    db.setDatabaseName(isPostgres ? url.name() : url.path());
    db.setConnectOptions(isPostgres ? connectOptions(url) : u"QSQLITE_BUSY_TIMEOUT=5000"_s);
    if (isPostgres) {
        db.setPassword(url.access().password);
        db.setHostName(url.host());
        db.setPort(url.port());
        db.setUserName(url.user());
    }
    if (!db.open()) {
        Error error = connection->m_dialect.error(db.lastError());
        if (error.message.contains(u"does not exist"_s) && error.message.contains(u"database"_s))
            error.code = ErrorCode::NotFound;
        return error.within(tr("Opening %1").arg(url.text()));
    }
    if (isPostgres && watch) {
        connection->m_watch = watch;
        connection->m_watchedSocket =
            ::fcntl(PQsocket(connection->postgresHandle()), F_DUPFD_CLOEXEC, 0);
        connection->m_networkTimeout = url.access().networkTimeout;
        connection->m_answerTime = connection->m_networkTimeout;
    }
    if (Status done = connection->configure(url.access()); !done)
        return done.error().within(tr("Opening %1").arg(url.text()));
    return connection;
}

Result<std::unique_ptr<Connection>> Connection::openScratch()
{
    std::unique_ptr<Connection> connection(new Connection(nextName(), Engine::Sqlite));
    connection->m_db = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection->m_name);
    connection->m_db.setDatabaseName(u":memory:"_s);
    if (!connection->m_db.open())
        return connection->m_dialect.error(connection->m_db.lastError())
            .within(tr("Opening a database in memory"));
    return connection;
}

Status Connection::configure(const ServerAccess &access)
{
    if (!m_dialect.isPostgres())
        return configureSqlite();
    // Notices of the server (an extension is there already) are nothing for an operator.
    return script(u"SET lock_timeout = %1; SET client_min_messages = warning"_s.arg(
        access.lockTimeout.count()));
}

Status Connection::limitStatements(std::chrono::milliseconds limit)
{
    if (!m_dialect.isPostgres())
        return ok();
    if (Status done = script(u"SET statement_timeout = %1"_s.arg(limit.count())); !done)
        return done;
    m_answerTime = limit.count() > 0 ? limit + m_networkTimeout : std::chrono::milliseconds(0);
    return ok();
}

Status Connection::configureSqlite()
{
    // foreign_keys and synchronous hold per connection, journal_mode for the file.
    for (const QString &pragma :
         {u"PRAGMA journal_mode = WAL"_s, u"PRAGMA foreign_keys = ON"_s,
          u"PRAGMA cache_size = -65536"_s, // KiB
          u"PRAGMA synchronous = FULL"_s, u"PRAGMA journal_size_limit = 67108864"_s,
          u"PRAGMA temp_store = MEMORY"_s}) {
        if (Status done = script(pragma); !done)
            return done;
    }
    m_durability = Durability::Full;
    return ok();
}

bool Connection::isAlive() const
{
    if (!m_db.isOpen())
        return false;
    const PGconn *handle = postgresHandle();
    return !handle || PQstatus(handle) == CONNECTION_OK;
}

bool Connection::isFresh()
{
    if (!isAlive())
        return false;
    PGconn *handle = postgresHandle();
    if (!handle)
        return true;
    // A server that went away has said so, and closed: both are to be read without waiting.
    for (int i = 0; i < 3 && PQstatus(handle) == CONNECTION_OK; ++i) {
        pollfd input{PQsocket(handle), POLLIN, 0};
        if (::poll(&input, 1, 0) <= 0)
            return true;
        if (PQconsumeInput(handle) == 0)
            return false;
    }
    return PQstatus(handle) == CONNECTION_OK;
}

sqlite3 *Connection::sqliteHandle() const
{
    const QVariant handle = m_db.driver()->handle();
    return qstrcmp(handle.typeName(), "sqlite3*") == 0
               ? *static_cast<sqlite3 *const *>(handle.constData())
               : nullptr;
}

pg_conn *Connection::postgresHandle() const
{
    const QVariant handle = m_db.driver()->handle();
    const QByteArray type = handle.typeName(); // Qt 6 may or may not see through the typedef
    return type == "pg_conn*" || type == "PGconn*"
               ? *static_cast<PGconn *const *>(handle.constData())
               : nullptr;
}

Status Connection::setDurability(Durability durability)
{
    if (m_dialect.isPostgres()) // for the transaction just begun
        return durability == Durability::Full ? ok()
                                              : script(u"SET LOCAL synchronous_commit = off"_s);
    if (durability == m_durability)
        return ok();
    Status done = script(durability == Durability::Full ? u"PRAGMA synchronous = FULL"_s
                                                        : u"PRAGMA synchronous = NORMAL"_s);
    if (done)
        m_durability = durability;
    return done;
}

} // namespace birch
