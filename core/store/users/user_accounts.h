#pragma once

#include "core/store/entity/entity_repository.h"

namespace birch {

/// Who may use the database: rows of `users` with what they log in by. In a SQLite file that is a
/// hash of the password; on PostgreSQL a role of the server, in the group of its rights. Belongs to
/// the connection's thread.
class UserAccounts
{
    Q_DECLARE_TR_FUNCTIONS(Users)
public:
    explicit UserAccounts(Connection &connection)
        : m_connection(connection)
    {
    }

    /// \a password "": none; in a file where others have one the user can not log in until it is
    /// set. \a more: further fields. Blocks for about 100 ms.
    /// Errors: as EntityRepository::insert(); BadInput - a password that is too short; Conflict -
    /// the first password of a file must be an administrator's; Denied.
    Result<EntityRecord> add(const Session &session, const QString &name, Role role,
                             const QString &password, QVariantMap more = {});
    /// One's own, or anybody's by an administrator.
    Status setPassword(const Session &session, const QString &name, const QString &password);
    Status setRole(const Session &session, const QString &name, Role role);
    /// Errors: Conflict - nobody would be left to administer.
    Status setActive(const Session &session, const QString &name, bool isActive);
    /// A new token; shown this once, only its hash is kept. SQLite alone.
    Result<QString> addToken(const Session &session, const QString &name);

private:
    Status change(const Session &session, const QString &name, const QVariantMap &changes);
    Status mayHavePassword(const EntityRecord &user);
    Status maySetPassword(const Session &session, const QString &name) const;

    Connection &m_connection;
};

} // namespace birch
