#pragma once

#include "core/base/result.h"
#include "core/store/users/login.h"

namespace birch::cli {

/// For \a user, out of the first of: \a tokenFile or BIRCH_TOKEN_FILE, BIRCH_PASSWORD, a prompt at
/// the terminal. \a refused: why the last answer was not taken; only a person is asked again.
Result<Login> askForLogin(const QString &user, const QString &tokenFile, const QString &refused,
                          int tries);

/// The password for a new or changed account: from \a file, else BIRCH_NEW_PASSWORD, else typed
/// twice. Errors: BadInput - not the same twice, or nowhere to ask.
Result<QString> askForNewPassword(const QString &user, const QString &file);

} // namespace birch::cli
