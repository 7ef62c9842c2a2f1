#pragma once

#include "core/base/result.h"
#include "core/store/server_access.h"

#include <QCoreApplication>
#include <QMap>

namespace birch {

enum class Engine : quint8 { Sqlite, Postgres };

/// Where a database is, and how its server is talked to. A value; its texts never hold a password.
///
/// Written as a path, `sqlite:///relative`, `sqlite:////absolute`, or
/// `postgresql://user@host:port/name?host=/socket/dir&sslmode=…`. What a PostgreSQL URL leaves open
/// is filled by libpq: PG* variables, service file, password file.
class DatabaseUrl
{
    Q_DECLARE_TR_FUNCTIONS(DatabaseUrl)
public:
    /// Errors: BadInput - not understood, or it holds a password.
    static Result<DatabaseUrl> parse(const QString &text);
    static DatabaseUrl sqliteFile(const QString &path);

    Engine engine() const { return m_engine; }
    QString path() const { return m_path; } ///< absolute; SQLite only
    QString host() const { return m_host; } ///< or a socket directory; "" : libpq decides
    int port() const { return m_port; }     ///< -1: libpq decides
    QString name() const { return m_name; }
    QString user() const { return m_user; }
    QMap<QString, QString> options() const { return m_options; } ///< libpq's, besides the above
    /// The same server with another database, e.g. "postgres" to create ours.
    DatabaseUrl withName(const QString &name) const;
    DatabaseUrl withUser(const QString &user) const;
    /// Time limits and, from a prompt, the password; PostgreSQL only.
    DatabaseUrl withAccess(const ServerAccess &access) const;
    const ServerAccess &access() const { return m_access; }
    /// As an operator would type it; parse() reads it back.
    QString text() const;

    bool operator==(const DatabaseUrl &) const = default;

private:
    static Result<DatabaseUrl> parsePostgres(const QString &text);

    Engine m_engine = Engine::Sqlite;
    QString m_path;
    QString m_host;
    int m_port = -1;
    QString m_name;
    QString m_user;
    QMap<QString, QString> m_options;
    ServerAccess m_access;
};

} // namespace birch
