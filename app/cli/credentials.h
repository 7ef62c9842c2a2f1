#pragma once

#include "core/base/result.h"
#include "core/store/users/login.h"

namespace birch::cli {

/// A secret out of a file that only its owner can read; the line end is cut off.
/// Errors: Denied - others can read it too (remedy: chmod 600); Io; BadInput - empty.
Result<QString> readSecretFile(const QString &path);

/// For \a user, out of the first of: \a tokenFile or BIRCH_TOKEN_FILE, BIRCH_PASSWORD, a prompt at
/// the terminal. \a refused: why the last answer was not taken; only a person is asked again.
Result<Login> askForLogin(const QString &user, const QString &tokenFile, const QString &refused,
                          int tries);

/// The password for a new or changed account: from \a file, else BIRCH_NEW_PASSWORD, else typed
/// twice. Errors: BadInput - not the same twice, or nowhere to ask.
Result<QString> askForNewPassword(const QString &user, const QString &file);

} // namespace birch::cli
