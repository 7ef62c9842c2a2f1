#include "core/store/users/last_admin.h"

#include "core/store/users/login.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Users", text);
}

Status afterWrite(const EntityWrite &write, const EntityRecord &after)
{
    const bool wasAdmin = write.before && write.before->text(u"role"_s) == u"admin"_s &&
                          write.before->values.value(u"is_active"_s).toBool();
    const bool isAdmin =
        after.text(u"role"_s) == u"admin"_s && after.values.value(u"is_active"_s).toBool();
    return wasAdmin && !isAdmin ? someAdminIsLeft(write.connection) : ok();
}
} // namespace

Status someAdminIsLeft(Connection &connection)
{
    const auto isAsked = loginIsAsked(connection);
    if (!isAsked)
        return isAsked.error();
    const QString withPassword = isAsked.value() ? u" AND password_hash IS NOT NULL"_s : QString();
    const auto row = connection.firstRow(
        u"SELECT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND is_active AND "
        "trashed_at IS NULL%1)"_s.arg(withPassword));
    if (!row)
        return row.error();
    if (row.value().value().first().toBool())
        return ok();
    return Error{ErrorCode::Conflict,
                 isAsked.value()
                     ? tr("Nobody would be left who can log in as an administrator: give the role "
                          "admin and a password to somebody else first")
                     : tr("This is the last active administrator: make somebody else one first")};
}

EntityHooks userRules()
{
    return {u"users"_s, nullptr, afterWrite};
}

} // namespace birch
