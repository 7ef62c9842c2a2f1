#pragma once

#include "core/store/binary_statements.h"
#include "core/store/dialect.h"
#include "core/store/event.h"
#include "core/store/statement_watch.h"

#include <QElapsedTimer>
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
    /// As select(), for columns of integers and bytes: on PostgreSQL in binary. \a onRow takes a
    /// SqlRow or a BinaryRow.
    template<typename OnRow>
    Status selectBytes(const QString &sql, std::initializer_list<qint64> values, const OnRow &onRow)
    {
        if (m_dialect.isPostgres())
            return m_binary.select(sql, BinaryValues(values), onRow);
        return select(sql, QVariantList(values.begin(), values.end()), onRow);
    }
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
    /// On PostgreSQL: for what carries many bytes.
    BinaryStatements &binary() { return m_binary; }

    /// While it lives, a server that does not answer is given up; a statement that took long is
    /// noted. For what calls the engine's own interface.
    class Timed
    {
    public:
        ~Timed();
        Timed(const Timed &) = delete;
        Timed &operator=(const Timed &) = delete;

    private:
        friend class Connection;
        Timed(const Connection &connection, const QString &sql);

        const Connection &m_connection;
        const QString &m_sql;
        QElapsedTimer m_timer;
        StatementWatch::Guard m_guard;
    };
    /// \a sql outlives it.
    Timed timed(const QString &sql) const { return {*this, sql}; }

private:
    friend class Database;
    friend struct ExclusiveDatabase;
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
    BinaryStatements m_binary{*this};
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
