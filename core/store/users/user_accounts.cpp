#include "core/store/users/user_accounts.h"

#include "core/store/store_time.h"
#include "core/store/users/login.h"
#include "core/store/users/password.h"
#include "core/store/users/server_roles.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
EntityRepository users(Connection &connection)
{
    return {connection, *entityByTable(u"users"_s)};
}
} // namespace

Result<EntityRecord> UserAccounts::add(const Session &session, const QString &name, Role role,
                                       const QString &password, QVariantMap more)
{
    if (Status may = session.mayAdminister(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    more.insert(u"username"_s, name);
    more.insert(u"role"_s, roleName(role));
    auto made = users(m_connection).insert(session, more);
    if (!made)
        return made;
    if (m_connection.dialect().isPostgres()) {
        if (Status done = ServerRoles(m_connection).add(name, role); !done)
            return done.error();
    }
    if (!password.isEmpty()) {
        if (Status done = setPassword(session, name, password); !done)
            return done.error();
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return users(m_connection).get(session, made.value().id);
}

Status UserAccounts::change(const Session &session, const QString &name, const QVariantMap &changes)
{
    const auto user = users(m_connection).find(session, name);
    if (!user)
        return user.error();
    const auto changed =
        users(m_connection)
            .update(session, user.value().uid, changes, user.value().revision, Origin::Store);
    return changed ? ok() : Status(changed.error());
}

Status UserAccounts::maySetPassword(const Session &session, const QString &name) const
{
    return session.user == name ? ok() : session.mayAdminister();
}

Status UserAccounts::mayHavePassword(const EntityRecord &user)
{
    const auto isAsked = loginIsAsked(m_connection);
    if (!isAsked)
        return isAsked.error();
    const bool isAdmin =
        user.text(u"role"_s) == u"admin"_s && user.values.value(u"is_active"_s).toBool();
    if (isAsked.value() || isAdmin)
        return ok();
    return Error{ErrorCode::Conflict,
                 tr("From the first password on everybody must log in, and no administrator of "
                    "this database could: give an administrator a password first, with "
                    "birchctl users passwd NAME")};
}

Status UserAccounts::setPassword(const Session &session, const QString &name,
                                 const QString &password)
{
    if (Status may = maySetPassword(session, name); !may)
        return may;
    if (password.size() < kMinPasswordLength)
        return Error{
            ErrorCode::BadInput,
            tr("The password is too short: take %1 characters or more").arg(kMinPasswordLength)};
    if (m_connection.dialect().isPostgres())
        return ServerRoles(m_connection).setPassword(name, password);
    const auto hash = passwordHash(password);
    if (!hash)
        return hash.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    Session asAdmin = session; // one's own password is changed by everybody
    asAdmin.role = Role::Admin;
    const auto user = users(m_connection).find(asAdmin, name);
    if (!user)
        return user.error();
    if (Status may = mayHavePassword(user.value()); !may)
        return may;
    if (Status done = change(asAdmin, name, {{u"password_hash"_s, hash.value()}}); !done)
        return done;
    return transaction.value().commit();
}

Status UserAccounts::setRole(const Session &session, const QString &name, Role role)
{
    if (Status may = session.mayAdminister(); !may)
        return may;
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    if (Status done = change(session, name, {{u"role"_s, roleName(role)}}); !done)
        return done;
    if (m_connection.dialect().isPostgres()) {
        if (Status done = ServerRoles(m_connection).setRole(name, role); !done)
            return done;
    }
    return transaction.value().commit();
}

Status UserAccounts::setActive(const Session &session, const QString &name, bool isActive)
{
    if (Status may = session.mayAdminister(); !may)
        return may;
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    if (Status done = change(session, name, {{u"is_active"_s, isActive}}); !done)
        return done;
    if (m_connection.dialect().isPostgres()) {
        if (Status done = ServerRoles(m_connection).setActive(name, isActive); !done)
            return done;
    }
    return transaction.value().commit();
}

Result<QString> UserAccounts::addToken(const Session &session, const QString &name)
{
    if (Status may = maySetPassword(session, name); !may)
        return may.error();
    if (m_connection.dialect().isPostgres())
        return Error{ErrorCode::BadInput,
                     tr("A server has no tokens: put the password into a file for libpq, "
                        "~/.pgpass with mode 0600")};
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto user = m_connection.firstRow(
        u"SELECT id FROM users WHERE username = ? AND trashed_at IS NULL"_s, {name});
    if (!user)
        return user.error();
    if (!user.value())
        return Error{ErrorCode::NotFound,
                     tr("There is no user %1: birchctl users list shows them").arg(name)};
    const QString token = newToken();
    if (Status done = m_connection.execute(
            u"INSERT INTO user_tokens (user_id, token_hash, created_at, created_by) "
            "VALUES (?, ?, ?, ?)"_s,
            {user.value()->first(), tokenHash(token), nowUs(), session.user});
        !done)
        return done.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return token;
}

} // namespace birch
