#include "core/store/session.h"

#include "core/store/rights_reader.h"
#include "core/store/store_time.h"
#include "core/store/users/login.h"

#include <QFile>

#include <algorithm>
#include <pwd.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Session", text);
}

QString deed(Action action)
{
    switch (action) {
    case Action::List:
    case Action::View:
        return tr("look at this");
    case Action::Add:
        return tr("add this");
    case Action::Edit:
        return tr("change this");
    case Action::Archive:
        return tr("archive this");
    case Action::Trash:
        return tr("put this into the trash");
    case Action::Restore:
        return tr("take this out of the trash");
    case Action::Purge:
        break;
    }
    return tr("delete this for good");
}

/// The most that the server's groups let this role do: its group, or all for the owner.
Result<Role> serverRole(Connection &connection)
{
    const auto row = connection.firstRow(
        u"SELECT CASE WHEN pg_get_userbyid(datdba) = current_user OR "
        "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN 'admin' ELSE "
        "(SELECT g.word FROM (VALUES (1, 'admin'), (2, 'operator'), (3, 'viewer')) g (place, word) "
        "JOIN pg_roles r ON r.rolname = birch_group(g.word) "
        "WHERE pg_has_role(current_user, r.oid, 'MEMBER') ORDER BY g.place LIMIT 1) END "
        "FROM pg_database WHERE datname = current_database()"_s);
    if (!row)
        return row.error();
    const QString word = row.value() ? row.value()->first().toString() : QString();
    return roleFromName(word).value_or(Role::Viewer);
}
} // namespace

Grant Session::grantAt(EntityAccess access, const Place &place) const
{
    if (role == Role::Admin)
        return Grant::Administer;
    if (access == EntityAccess::Personal && (userRow == 0 || place.owner != userRow))
        return Grant::None;
    const Grant most = role == Role::Viewer ? Grant::View : Grant::Administer;
    if (rights.coverEverything)
        return std::min(most, Grant::Operate);
    const Grant given = rights.best(place, nowUs());
    // What belongs to no lab is there for all to see, and changed by who administers them all.
    return std::min(most, place.lab ? given : std::max(given, Grant::View));
}

bool Session::can(Action action, EntityAccess access, const Place &place) const
{
    return allows(grantAt(access, place), access, action);
}

Status Session::may(Action action, EntityAccess access, const Place &place,
                    const QString &what) const
{
    if (can(action, access, place))
        return ok();
    return Error{ErrorCode::Denied, tr("%1 has no right to %2 (%3): ask %4 to do it, or for the "
                                       "right to")
                                        .arg(user, deed(action), what, whomToAsk())};
}

QString Session::whomToAsk() const
{
    return rights.administrators.isEmpty() ? tr("an administrator of this database")
                                           : rights.administrators.join(u", "_s);
}

Status Session::mayWrite() const
{
    if (role != Role::Viewer)
        return ok();
    return Error{ErrorCode::Denied,
                 tr("%1 may look at this database but not change it: ask %2 for the role operator")
                     .arg(user, whomToAsk())};
}

Status Session::mayAdminister() const
{
    if (role == Role::Admin)
        return ok();
    return Error{
        ErrorCode::Denied,
        tr("%1 is no administrator of this database: ask %2 to do this").arg(user, whomToAsk())};
}

QString desktopUser()
{
    if (const passwd *entry = getpwuid(getuid()); entry && entry->pw_name[0] != '\0')
        return QFile::decodeName(entry->pw_name);
    return u"uid%1"_s.arg(getuid());
}

Result<Session> openSession(Connection &connection, const QString &user)
{
    Session session{user, Role::Operator};
    if (connection.dialect().isPostgres()) {
        const auto current = connection.firstRow(u"SELECT current_user::text"_s);
        if (!current)
            return current.error();
        session.user = current.value().value().first().toString();
        const Result<Role> role = serverRole(connection);
        if (!role)
            return role.error();
        session.role = role.value();
    } else if (connection.identity() != user) {
        const auto isAsked = loginIsAsked(connection);
        if (!isAsked)
            return isAsked.error();
        if (isAsked.value())
            return loginNeeded(user);
    }
    const auto row = connection.firstRow(
        u"SELECT role, is_active, id FROM users WHERE username = ? AND trashed_at IS NULL"_s,
        {session.user});
    if (!row)
        return row.error();
    if (row.value()) {
        if (!row.value()->at(1).toBool())
            return Error{ErrorCode::Denied,
                         tr("The account %1 is switched off: ask an administrator to switch it on")
                             .arg(session.user)};
        const auto role = roleFromName(row.value()->at(0).toString()).value_or(Role::Viewer);
        // The server decides what its roles reach; the row may say less.
        session.role = connection.dialect().isPostgres() ? std::min(session.role, role) : role;
        session.userRow = row.value()->at(2).toLongLong();
    }
    auto rights = readRights(connection, session.userRow);
    if (!rights)
        return rights.error().within(tr("Reading what %1 may do").arg(session.user));
    session.rights = std::move(rights).value();
    return session;
}

Result<Session> renewed(Connection &connection, const Session &session)
{
    if (!session.rights.isOutdated(nowUs()))
        return session;
    auto fresh = openSession(connection, session.user);
    if (fresh)
        fresh.value().station = session.station;
    return fresh;
}

} // namespace birch
