#pragma once

#include "core/store/connection.h"

namespace birch {

enum class Role : quint8 { Viewer, Operator, Admin };

QString roleName(Role role); ///< "viewer" "operator" "admin", as stored
std::optional<Role> roleFromName(const QString &name);

/// On whose behalf the store is used: reaches every repository call. A value.
struct Session {
    QString user;
    Role role = Role::Viewer;
    QString station = {}; ///< from which computer; for the audit log

    /// Errors: Denied - a viewer may look, not change.
    Status mayWrite() const;
    /// Errors: Denied - for administrators only.
    Status mayAdminister() const;
};

/// The person at this computer ("" is never returned).
QString desktopUser();

/// SQLite: \a user's role in the database; who is not registered there is an operator, because the
/// file protects against mistakes, not against its owner. PostgreSQL: the role that has logged in,
/// whatever \a user says; unknown: viewer, the owner of the database: administrator.
Result<Session> openSession(Connection &connection, const QString &user);

} // namespace birch
