#include "core/store/users/login.h"

#include "core/store/event_log.h"
#include "core/store/store_time.h"
#include "core/store/users/password.h"
#include "core/store/write_transaction.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kSecondUs = 1'000'000;
constexpr qint64 kFreeTries = 3;
constexpr qint64 kLongestWaitUs = 300 * kSecondUs;
constexpr qint64 kForgottenAfterUs = 24 * 3600 * kSecondUs;

QString tr(const char *text)
{
    return QCoreApplication::translate("Users", text);
}

Error wrong()
{
    return {ErrorCode::Denied, tr("Wrong user name or password: try again, or ask an administrator "
                                  "for a new password")};
}

/// How long to wait after the last of \a failures wrong tries.
qint64 waitUs(qint64 failures)
{
    if (failures < kFreeTries)
        return 0;
    return std::min(kLongestWaitUs, kSecondUs << std::min<qint64>(failures - kFreeTries, 10));
}

Status checkPatience(Connection &connection, const QString &user)
{
    const auto row = connection.firstRow(
        u"SELECT failures, failed_at FROM login_failures WHERE username = ?"_s, {user});
    if (!row)
        return row.error();
    if (!row.value())
        return ok();
    const qint64 left =
        row.value()->at(1).toLongLong() + waitUs(row.value()->at(0).toLongLong()) - nowUs();
    if (left <= 0 || left > kLongestWaitUs)
        return ok(); // or the clock was set back
    return Error{ErrorCode::Denied, tr("Too many wrong passwords for %1: try again in %2 s")
                                        .arg(user)
                                        .arg((left + kSecondUs - 1) / kSecondUs)};
}

Status noteFailure(Connection &connection, const QString &user)
{
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    const qint64 now = nowUs();
    if (Status done = connection.execute(u"DELETE FROM login_failures WHERE failed_at < ?"_s,
                                         {now - kForgottenAfterUs});
        !done)
        return done;
    if (Status done = connection.execute(
            u"INSERT INTO login_failures (username, failures, failed_at) VALUES (?, 1, ?) "
            "ON CONFLICT (username) DO UPDATE SET failures = login_failures.failures + 1, "
            "failed_at = excluded.failed_at"_s,
            {user, now});
        !done)
        return done;
    Event event{.action = EventAction::LoginFailed, .kind = u"users"_s};
    event.title = user;
    if (Status done = EventLog(connection).record(Session{.user = user}, std::move(event)); !done)
        return done;
    return transaction.value().commit();
}

Status noteSuccess(Connection &connection, const QString &user)
{
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    if (Status done =
            connection.execute(u"DELETE FROM login_failures WHERE username = ?"_s, {user});
        !done)
        return done;
    if (Status done = connection.execute(u"UPDATE users SET last_login_at = ? WHERE username = ?"_s,
                                         {nowUs(), user});
        !done)
        return done;
    return transaction.value().commit();
}

Result<QString> checkToken(Connection &connection, const Login &login)
{
    const auto row = connection.firstRow(
        u"SELECT u.username FROM user_tokens t JOIN users u ON u.id = t.user_id "
        "WHERE t.token_hash = ? AND u.is_active AND u.trashed_at IS NULL"_s,
        {tokenHash(login.token)});
    if (!row)
        return row.error();
    const QString user = row.value() ? row.value()->first().toString() : QString();
    if (user.isEmpty() || (!login.user.isEmpty() && login.user != user))
        return Error{ErrorCode::Denied, tr("The token is not one of a user of this database: have "
                                           "a new one made with birchctl users token NAME")};
    return user;
}
} // namespace

Result<bool> loginIsAsked(Connection &connection)
{
    if (connection.dialect().isPostgres())
        return false;
    const auto row = connection.firstRow(
        u"SELECT EXISTS (SELECT 1 FROM users WHERE password_hash IS NOT NULL AND "
        "trashed_at IS NULL)"_s);
    if (!row)
        return row.error();
    return row.value().value().first().toBool();
}

Error loginNeeded(const QString &user)
{
    return {ErrorCode::Denied,
            tr("%1 has not logged in, and the users of this database have passwords: log in, with "
               "birchctl by --user NAME at the prompt, by BIRCH_PASSWORD or by --token-file")
                .arg(user)};
}

Result<QString> checkLogin(Connection &connection, const Login &login)
{
    if (!login.token.isEmpty())
        return checkToken(connection, login);
    if (Status patient = checkPatience(connection, login.user); !patient)
        return patient.error();
    const auto row =
        connection.firstRow(u"SELECT password_hash FROM users WHERE username = ? AND is_active AND "
                            "trashed_at IS NULL"_s,
                            {login.user});
    if (!row)
        return row.error();
    const QString hash = row.value() ? row.value()->first().toString() : QString();
    if (!passwordFits(hash, login.password)) {
        if (Status noted = noteFailure(connection, login.user); !noted)
            return noted.error();
        return wrong();
    }
    if (Status noted = noteSuccess(connection, login.user); !noted)
        return noted.error();
    return login.user;
}

} // namespace birch
