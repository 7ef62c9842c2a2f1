#include "core/store/connection.h"

#include "core/store/network_file_system.h"
#include "core/store/store_log.h"
#include "core/store/store_time.h"
#include "core/store/upkeep/slow_statements.h"

#include <QElapsedTimer>
#include <QSqlDriver>
#include <QSqlRecord>

#include <atomic>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sqlite3.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kSlowStatementMs = 200;
constexpr size_t kMaxStatements = 256; // lists with many filters make many texts

QString nextName()
{
    static std::atomic<quint64> counter{0};
    return u"birch-%1"_s.arg(++counter);
}

/// NULL is a null QVariant alone: the drivers would also take a null QString or QByteArray for it,
/// which to us are empty ones. A NUL would end a statement early in PostgreSQL.
QVariant bindable(const QVariant &value)
{
    if (value.isNull())
        return value;
    if (value.typeId() == QMetaType::QByteArray) {
        const QByteArray bytes = value.toByteArray();
        return bytes.isNull() ? QVariant(QByteArray("")) : value;
    }
    if (value.typeId() != QMetaType::QString)
        return value;
    QString text = value.toString();
    if (text.isNull())
        return QVariant(u""_s);
    if (!text.contains(QChar(u'\0')))
        return value;
    return text.replace(QChar(u'\0'), QChar(QChar::ReplacementCharacter));
}
} // namespace

std::optional<qint64> SqlRow::optionalInteger(int column) const
{
    return isNull(column) ? std::nullopt : std::optional<qint64>(integer(column));
}

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

Result<QSqlQuery *> Connection::prepared(const QString &sql)
{
    if (const auto found = m_statements.find(sql); found != m_statements.end())
        return found->second.get();
    if (m_statements.size() >= kMaxStatements)
        m_statements.clear();
    auto query = std::make_unique<QSqlQuery>(m_db);
    query->setForwardOnly(true);
    const StatementWatch::Guard guard(m_watch, m_watchedSocket, m_answerTime);
    if (!query->prepare(sql))
        return m_dialect.error(query->lastError());
    return m_statements.emplace(sql, std::move(query)).first->second.get();
}

Result<QSqlQuery *> Connection::run(const QString &sql, const QVariantList &values)
{
    QElapsedTimer timer;
    timer.start();
    Result<QSqlQuery *> query = prepared(sql);
    if (!query)
        return query;
    QSqlQuery &statement = *query.value();
    for (qsizetype i = 0; i < values.size(); ++i)
        statement.bindValue(int(i), bindable(values[i]));
    const StatementWatch::Guard guard(m_watch, m_watchedSocket, m_answerTime);
    const bool done = statement.exec();
    if (timer.elapsed() >= kSlowStatementMs) {
        qCWarning(storeLog).noquote() << "statement took" << timer.elapsed() << "ms:" << sql;
        noteSlowStatement(m_slowFile, {sql, timer.elapsed(), nowUs()});
    }
    if (!done) {
        const Error error = m_dialect.error(statement.lastError());
        qCDebug(storeLog).noquote() << "refused:" << sql << statement.lastError().text();
        statement.finish();
        return isAlive() ? error : Error{ErrorCode::NotConnected, error.message};
    }
    return query;
}

Status Connection::execute(const QString &sql, const QVariantList &values)
{
    Result<QSqlQuery *> query = run(sql, values);
    if (!query)
        return query.error();
    query.value()->finish();
    return ok();
}

Result<qint64> Connection::executeCounting(const QString &sql, const QVariantList &values)
{
    Result<QSqlQuery *> query = run(sql, values);
    if (!query)
        return query.error();
    const qint64 count = query.value()->numRowsAffected();
    query.value()->finish();
    return count;
}

Status Connection::select(const QString &sql, const QVariantList &values,
                          const std::function<void(const SqlRow &)> &onRow)
{
    Result<QSqlQuery *> query = run(sql, values);
    if (!query)
        return query.error();
    const SqlRow row(*query.value());
    while (query.value()->next())
        onRow(row);
    const QSqlError failure = query.value()->lastError(); // a read can fail half-way
    query.value()->finish();
    if (failure.isValid())
        return m_dialect.error(failure);
    return ok();
}

Result<std::optional<QVariantList>> Connection::firstRow(const QString &sql,
                                                         const QVariantList &values)
{
    Result<QSqlQuery *> query = run(sql, values);
    if (!query)
        return query.error();
    QSqlQuery &statement = *query.value();
    std::optional<QVariantList> row;
    if (statement.next()) {
        row.emplace();
        for (int i = 0; i < statement.record().count(); ++i)
            row->append(statement.value(i));
    }
    const QSqlError failure = statement.lastError();
    statement.finish();
    if (!row && failure.isValid())
        return m_dialect.error(failure);
    return row;
}

Status Connection::script(const QString &sql)
{
    const QByteArray utf8 = sql.toUtf8();
    if (sqlite3 *handle = sqliteHandle()) {
        char *message = nullptr;
        const int code = sqlite3_exec(handle, utf8.constData(), nullptr, nullptr, &message);
        const QString text = QString::fromUtf8(message);
        sqlite3_free(message);
        if (code != SQLITE_OK)
            return m_dialect.error(
                QSqlError({}, text, QSqlError::StatementError, QString::number(code)));
        return ok();
    }
    const StatementWatch::Guard guard(m_watch, m_watchedSocket, m_answerTime);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(postgresHandle(), utf8.constData()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
        return ok();
    return lastServerError(result.get());
}

Error Connection::lastServerError(const pg_result *result) const
{
    const Error error = m_dialect.error(
        QSqlError({}, QString::fromUtf8(PQresultErrorMessage(result)), QSqlError::StatementError,
                  QString::fromUtf8(PQresultErrorField(result, PG_DIAG_SQLSTATE))));
    return isAlive() ? error : Error{ErrorCode::NotConnected, error.message};
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
