#pragma once

#include "core/store/dialect.h"
#include "core/store/event.h"
#include "core/store/statement_watch.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

struct pg_conn;
struct pg_result;
struct sqlite3;

namespace birch {

/// One row of a SELECT, valid inside the callback only.
class SqlRow
{
public:
    explicit SqlRow(const QSqlQuery &query)
        : m_query(query)
    {
    }

    bool isNull(int column) const { return m_query.isNull(column); }
    QVariant value(int column) const { return m_query.value(column); }
    qint64 integer(int column) const { return m_query.value(column).toLongLong(); }
    double real(int column) const { return m_query.value(column).toDouble(); }
    QString text(int column) const { return m_query.value(column).toString(); }
    QByteArray bytes(int column) const { return m_query.value(column).toByteArray(); }
    /// Nothing for NULL.
    std::optional<qint64> optionalInteger(int column) const;

private:
    const QSqlQuery &m_query;
};

/// How far a commit must have got before it returns.
enum class Durability : quint8 {
    Relaxed, ///< a power cut may take it back; nothing is ever torn
    Full     ///< on the disk
};

/// One connection to the database: belongs to the thread that opened it, and closes there.
///
/// Statements are prepared once and kept. Every SELECT is finished before its call returns: an open
/// one would keep SQLite's write-ahead log growing. Calls block, on a busy SQLite file for at most
/// 5 s.
class Connection
{
    Q_DECLARE_TR_FUNCTIONS(Connection)
public:
    /// Opens without looking at the schema: see Database::connect() for the way in.
    /// \a watch: gives a PostgreSQL server up that does not answer a statement in its time;
    /// outlives this. Null: a call may wait for ever.
    static Result<std::unique_ptr<Connection>> open(const DatabaseUrl &url,
                                                    StatementWatch *watch = nullptr);
    /// An empty SQLite database in memory, gone with the connection: to try a schema out.
    static Result<std::unique_ptr<Connection>> openScratch();
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    const Dialect &dialect() const { return m_dialect; }
    /// Who has proved to be who they are, where a database asks for that; "": nobody.
    QString identity() const { return m_identity; }
    /// False once the server is gone: open another one.
    bool isAlive() const;
    /// As isAlive(), but looks at the network first, without asking the server: for a connection
    /// that lay idle. Not amid a statement.
    bool isFresh();
    /// After how long the server gives up a statement (Timeout); 0: never. Database::connect() sets
    /// what the settings say; maintenance that takes long lifts it. SQLite has no such limit.
    Status limitStatements(std::chrono::milliseconds limit);

    Status execute(const QString &sql, const QVariantList &values = {});
    /// Number of rows changed.
    Result<qint64> executeCounting(const QString &sql, const QVariantList &values = {});
    /// \a onRow must not use this connection.
    Status select(const QString &sql, const QVariantList &values,
                  const std::function<void(const SqlRow &)> &onRow);
    /// The columns of the first row; nothing when there is none. Also for INSERT … RETURNING.
    Result<std::optional<QVariantList>> firstRow(const QString &sql,
                                                 const QVariantList &values = {});
    /// Several statements, or one that can not be prepared, through the engine's own interface.
    Status script(const QString &sql);

    /// The engine's own handle, for what QtSql does not offer; null for the other engine.
    sqlite3 *sqliteHandle() const;
    pg_conn *postgresHandle() const;
    /// Why libpq's \a result is a failure.
    Error lastServerError(const pg_result *result) const;

private:
    friend class Database;
    friend class WriteTransaction;
    friend class EventLog;
    Connection(QString name, Engine engine);
    Status configure(const ServerAccess &access);
    Status configureSqlite();
    Result<QSqlQuery *> run(const QString &sql, const QVariantList &values);
    Result<QSqlQuery *> prepared(const QString &sql);
    Status setDurability(Durability durability);

    QString m_name;
    QString m_slowFile; ///< see slow_statements.h
    QString m_identity;
    Dialect m_dialect;
    QSqlDatabase m_db;
    std::unordered_map<QString, std::unique_ptr<QSqlQuery>> m_statements;
    Durability m_durability = Durability::Full;
    StatementWatch *m_watch = nullptr;
    int m_watchedSocket = -1;                  ///< a duplicate of the server's
    std::chrono::milliseconds m_answerTime{0}; ///< in which a statement must be answered; 0: any
    std::chrono::milliseconds m_networkTimeout{0};
    int m_transactionDepth = 0;
    std::vector<Event> m_pendingEvents; ///< of the open transaction, written as it commits
};

} // namespace birch
