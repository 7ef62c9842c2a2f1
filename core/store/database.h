#pragma once

#include "core/store/connection.h"
#include "core/store/database_lock.h"
#include "core/store/migrations.h"
#include "core/store/users/login.h"

#include <QUuid>

#include <mutex>

namespace birch {

/// A database that was found fit to be used: schema at head, shared lock held for life.
///
/// connect() and the getters are thread-safe; connections belong to the thread that asked. Must
/// outlive them.
class Database
{
    Q_DECLARE_TR_FUNCTIONS(Database)
public:
    /// A SQLite file that does not exist is made at head, with \a userName as administrator;
    /// wasCreated() says so. Nothing else is ever altered.
    /// Errors: NotFound - an empty PostgreSQL database (remedy: db init); Conflict - the schema is
    /// older, newer or differs (says what to run), or maintenance holds the database (says who).
    static Result<std::unique_ptr<Database>> open(const DatabaseUrl &url, const QString &userName);

    /// A database whose server does not answer now: \a uid is what it had when it was last open.
    /// Nothing is asked of the server before connect().
    static Result<std::unique_ptr<Database>> standIn(const DatabaseUrl &url, const QUuid &uid);

    const DatabaseUrl &url() const { return m_url; }
    QUuid uid() const { return m_uid; }
    int schemaVersion() const { return int(m_migrations.size()); }
    bool wasCreated() const { return m_wasCreated; }
    /// Whether people must prove who they are: a SQLite file, once one of its users has a password.
    /// (A server asks them itself.)
    Result<bool> asksForLogin() const;
    /// Checks \a login; connections made from now on are that user's. Returns the user's name.
    /// Blocks for about 100 ms. Errors: Denied - wrong, or too many wrong tries before.
    Result<QString> logIn(const Login &login);
    QString identity() const; ///< who has logged in; "": nobody
    /// A connection for the calling thread. Errors: NotConnected - the server is away; Conflict -
    /// another schema, or another database has taken its place; Denied.
    Result<std::unique_ptr<Connection>> connect() const;

private:
    explicit Database(DatabaseUrl url);
    Status createMissingFile(const QString &userName);
    static Result<QUuid> readUid(Connection &connection);

    DatabaseUrl m_url;
    QUuid m_uid;
    bool m_wasCreated = false;
    QList<Migration> m_migrations;
    std::unique_ptr<StatementWatch> m_watch; ///< PostgreSQL
    std::unique_ptr<FileLock> m_lock;        ///< SQLite; PostgreSQL: each connection has its own
    mutable std::mutex m_identityMutex;      ///< guards m_identity
    QString m_identity;
};

} // namespace birch
