#pragma once

#include "core/store/connection.h"

namespace birch {

/// How somebody proves who they are: with a password, or with a token instead. A value that is
/// never logged.
struct Login {
    QString user = {}; ///< of a token: may be ""
    QString password = {};
    QString token = {};
};

/// SQLite: true once a user of this database has a password.
Result<bool> loginIsAsked(Connection &connection);
/// What who has not logged in is told.
Error loginNeeded(const QString &user);
/// The user's name. Counts wrong tries and makes the next one wait longer, whoever tries: the
/// count is kept in the database. Blocks for about 100 ms.
/// Errors: Denied - one sentence for a wrong name and a wrong password; or how long to wait.
Result<QString> checkLogin(Connection &connection, const Login &login);

} // namespace birch
