#include "core/store/session.h"

#include <QFile>

#include <array>
#include <pwd.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::array kRoles{u"viewer", u"operator", u"admin"};

QString tr(const char *text)
{
    return QCoreApplication::translate("Session", text);
}

Result<Role> serverRole(Connection &connection)
{
    const auto owner =
        connection.firstRow(u"SELECT pg_get_userbyid(datdba) = current_user OR "
                            "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user) "
                            "FROM pg_database WHERE datname = current_database()"_s);
    if (!owner)
        return owner.error();
    return owner.value() && owner.value()->first().toBool() ? Role::Admin : Role::Viewer;
}
} // namespace

QString roleName(Role role)
{
    return QString::fromUtf16(kRoles[size_t(role)]);
}

std::optional<Role> roleFromName(const QString &name)
{
    for (size_t i = 0; i < kRoles.size(); ++i) {
        if (name == QStringView(kRoles[i]))
            return Role(i);
    }
    return {};
}

Status Session::mayWrite() const
{
    if (role != Role::Viewer)
        return ok();
    return Error{ErrorCode::Denied, tr("%1 may look at this database but not change it: ask an "
                                       "administrator for the role operator")
                                        .arg(user)};
}

Status Session::mayAdminister() const
{
    if (role == Role::Admin)
        return ok();
    return Error{ErrorCode::Denied,
                 tr("%1 is no administrator of this database: ask one to do this").arg(user)};
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
    }
    const auto row = connection.firstRow(
        u"SELECT role, is_active FROM users WHERE username = ? AND trashed_at IS NULL"_s,
        {session.user});
    if (!row)
        return row.error();
    if (!row.value())
        return session;
    if (!row.value()->at(1).toBool())
        return Error{ErrorCode::Denied, tr("The account %1 is switched off: ask an administrator "
                                           "to switch it on")
                                            .arg(session.user)};
    session.role = roleFromName(row.value()->at(0).toString()).value_or(Role::Viewer);
    return session;
}

} // namespace birch
