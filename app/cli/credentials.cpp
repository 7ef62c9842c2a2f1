#include "app/cli/credentials.h"

#include "app/cli/password_prompt.h"
#include "core/base/secret_file.h"

#include <QCoreApplication>
#include <QTextStream>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}
} // namespace

Result<Login> askForLogin(const QString &user, const QString &tokenFile, const QString &refused,
                          int tries)
{
    const QString file = tokenFile.isEmpty() ? qEnvironmentVariable("BIRCH_TOKEN_FILE") : tokenFile;
    const QString password = qEnvironmentVariable("BIRCH_PASSWORD");
    if (tries > 0 && (!file.isEmpty() || !password.isEmpty()))
        return Error{ErrorCode::Denied, refused};
    if (!file.isEmpty()) {
        const auto token = readSecretFile(file);
        if (!token)
            return token.error();
        return Login{{}, {}, token.value()};
    }
    if (!password.isEmpty())
        return Login{user, password, {}};
    if (!refused.isEmpty())
        QTextStream(stderr) << refused << '\n';
    std::optional<QString> typed;
    if (::isatty(STDIN_FILENO) != 0)
        typed = askHidden(tr("Password of %1: ").arg(user));
    if (!typed)
        return loginNeeded(user);
    return Login{user, *typed, {}};
}

Result<QString> askForNewPassword(const QString &user, const QString &file)
{
    if (!file.isEmpty())
        return readSecretFile(file);
    if (const QString given = qEnvironmentVariable("BIRCH_NEW_PASSWORD"); !given.isEmpty())
        return given;
    if (::isatty(STDIN_FILENO) == 0)
        return Error{ErrorCode::BadInput,
                     tr("There is no terminal to ask for the new password: give it in a file of "
                        "mode 0600 with --password-file, or in BIRCH_NEW_PASSWORD")};
    const auto first = askHidden(tr("New password of %1: ").arg(user));
    const auto second = askHidden(tr("Once more: "));
    if (!first || !second)
        return Error{ErrorCode::BadInput, tr("No password was typed: nothing was changed")};
    if (*first != *second)
        return Error{ErrorCode::BadInput,
                     tr("The two passwords are not the same: nothing was changed")};
    return *first;
}

} // namespace birch::cli
