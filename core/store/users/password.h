#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace birch {

inline constexpr int kMinPasswordLength = 8;

/// Argon2id, with salt and parameters in the text. Blocks for about 100 ms and takes 64 MiB
/// meanwhile. Errors: BadInput - too short; Full - no memory.
Result<QString> passwordHash(const QString &password);
/// Blocks as long whether \a hash is one or not, so that the time tells nothing.
bool passwordFits(const QString &hash, const QString &password);

/// What stands for a user's password in scripts: 32 random bytes as text.
QString newToken();
/// What is stored of a token: nothing that it can be made from.
QByteArray tokenHash(const QString &token);

} // namespace birch
