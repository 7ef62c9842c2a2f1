#pragma once

#include "core/store/connection.h"
#include "core/store/rights.h"

#include <optional>

namespace birch {

/// What the server knows about somebody.
struct ServerRole {
    QString name;
    std::optional<Role> role; ///< of the groups of this database; none: it is in none of them
    bool mayLogIn = false;
};

/// Users of a PostgreSQL database as roles of its server: one group role per right and database,
/// made with the schema, and a role that logs in per user. Needs a role that may make roles.
/// Errors of all: Denied - it may not; Storage - as the server says.
class ServerRoles
{
    Q_DECLARE_TR_FUNCTIONS(Users)
public:
    explicit ServerRoles(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Everybody who is in a group of this database, or one of its users, by name.
    Result<QList<ServerRole>> list();
    /// A role that is on the server already is only put into the group.
    Status add(const QString &name, Role role);
    /// The clear password leaves this process for no log and no statement: the server gets its
    /// SCRAM verifier.
    Status setPassword(const QString &name, const QString &password);
    Status setRole(const QString &name, Role role);
    /// Whether it may log in.
    Status setActive(const QString &name, bool isActive);

private:
    /// \a sql: identifiers and literals in it are quoted. Not logged.
    Status run(const QByteArray &sql);
    Result<QByteArray> group(Role role);
    QByteArray identifier(const QString &name) const;

    Connection &m_connection;
};

} // namespace birch
