#include "app/cli/assignments.h"
#include "app/cli/credentials.h"
#include "app/cli/entity_verbs.h"
#include "core/store/users/server_roles.h"
#include "core/store/users/user_accounts.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

using Change = std::function<Status(UserAccounts &, const Session &, const QString &)>;

/// Runs \a change on the user that the arguments name, then prints the user.
int changed(const Invocation &invocation, const Station &station, const EntitySpec &spec,
            const Change &change)
{
    const QString name = invocation.arguments().value(1);
    if (name.isEmpty())
        return invocation.usage(tr("Give the name of the user."));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    UserAccounts accounts(data.value()->connection());
    if (Status done = change(accounts, data.value()->session(), name); !done)
        return invocation.fail(done.error());
    return printRecord(
        invocation, spec,
        EntityRepository(data.value()->connection(), spec).find(data.value()->session(), name));
}

Result<Role> roleFrom(const QString &name)
{
    if (const auto role = roleFromName(name))
        return *role;
    return Error{ErrorCode::BadInput,
                 tr("\"%1\" is no role: give viewer, operator or admin.").arg(name)};
}

int add(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    const QString name = invocation.arguments().value(1);
    if (name.isEmpty() || name.contains(u'='))
        return invocation.usage(tr("Give the name of the new user, then its other fields."));
    QStringList fields = spec.fieldNames();
    fields.removeAll(u"username"_s);
    const auto more = readAssignments(invocation.arguments().mid(2), fields);
    if (!more)
        return invocation.fail(more.error());
    QVariantMap values;
    for (auto it = more.value().begin(); it != more.value().end(); ++it)
        values.insert(it.key(), it.value());
    const auto role =
        roleFrom(invocation.isSet(u"role"_s) ? invocation.value(u"role"_s)
                                             : values.value(u"role"_s, u"operator"_s).toString());
    if (!role)
        return invocation.fail(role.error());
    QString password;
    if (!invocation.isSet(u"no-password"_s)) {
        auto asked = askForNewPassword(name, invocation.value(u"password-file"_s));
        if (!asked)
            return invocation.fail(asked.error());
        password = std::move(asked).value();
    }
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    return printRecord(invocation, spec,
                       UserAccounts(data.value()->connection())
                           .add(data.value()->session(), name, role.value(), password, values));
}

/// What the server says of each; nothing in a SQLite file.
Result<QHash<QString, QJsonObject>> serverRoles(StationData &data)
{
    QHash<QString, QJsonObject> byName;
    if (!data.connection().dialect().isPostgres())
        return byName;
    const auto roles = ServerRoles(data.connection()).list();
    if (!roles)
        return roles.error();
    for (const ServerRole &role : roles.value())
        byName.insert(role.name, {{u"server_role"_s,
                                   role.role ? QJsonValue(roleName(*role.role)) : QJsonValue()},
                                  {u"server_login"_s, role.mayLogIn}});
    return byName;
}

int listUsers(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    return listEntities(invocation, station, spec,
                        {{u"server_role"_s, u"server_login"_s}, serverRoles});
}

int passwd(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    return changed(
        invocation, station, spec,
        [&](UserAccounts &accounts, const Session &session, const QString &name) -> Status {
            const auto password = askForNewPassword(name, invocation.value(u"password-file"_s));
            return password ? accounts.setPassword(session, name, password.value())
                            : Status(password.error());
        });
}

int setRole(const Invocation &invocation, const Station &station, const EntitySpec &spec)
{
    const auto role = roleFrom(invocation.arguments().value(2));
    if (!role)
        return invocation.fail(role.error());
    return changed(invocation, station, spec,
                   [&role](UserAccounts &accounts, const Session &session, const QString &name) {
                       return accounts.setRole(session, name, role.value());
                   });
}

EntityVerb activeVerb(const QString &name, const QString &summary, bool isActive)
{
    return {.name = name,
            .arguments = u"NAME"_s,
            .summary = summary,
            .run =
                [isActive](const Invocation &invocation, const Station &station,
                           const EntitySpec &spec) {
                    return changed(invocation, station, spec,
                                   [isActive](UserAccounts &accounts, const Session &session,
                                              const QString &user) {
                                       return accounts.setActive(session, user, isActive);
                                   });
                },
            .entities = {u"users"_s}};
}

int token(const Invocation &invocation, const Station &station, const EntitySpec &)
{
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const QString name = invocation.arguments().value(1, data.value()->user());
    const auto made =
        UserAccounts(data.value()->connection()).addToken(data.value()->session(), name);
    if (!made)
        return invocation.fail(made.error());
    if (invocation.isJson)
        invocation.printJson({{u"user"_s, name}, {u"token"_s, made.value()}});
    else
        invocation.print(made.value());
    invocation.note(tr("Keep it in a file of mode 0600 for --token-file; it is not shown again."));
    return kDone;
}

} // namespace

std::vector<EntityVerb> userVerbs()
{
    const QCommandLineOption role(u"role"_s, tr("add: viewer, operator (default) or admin."),
                                  u"ROLE"_s);
    const QCommandLineOption file(u"password-file"_s,
                                  tr("add, passwd: the new password, in a file of mode 0600."),
                                  u"FILE"_s);
    const QCommandLineOption none(u"no-password"_s, tr("add: without one, until passwd."));
    const QStringList users{u"users"_s};
    EntityVerb list = listVerbs().front();
    list.summary = tr("those with these values; of a server also each one's group and whether it "
                      "lets them in");
    list.run = listUsers;
    list.entities = users;
    return {list,
            {.name = u"add"_s,
             .arguments = u"NAME [FIELD=VALUE…]"_s,
             .summary = tr("a new user, whose password is asked for"),
             .options = {role, file, none},
             .run = add,
             .entities = users},
            {.name = u"passwd"_s,
             .arguments = u"NAME"_s,
             .summary = tr("sets the password; from the first on everybody must log in"),
             .run = passwd,
             .entities = users},
            {.name = u"role"_s,
             .arguments = u"NAME viewer|operator|admin"_s,
             .summary = tr("what the user may do at most"),
             .run = setRole,
             .entities = users},
            activeVerb(u"disable"_s, tr("keeps the user out"), false),
            activeVerb(u"enable"_s, tr("lets the user in again"), true),
            {.name = u"token"_s,
             .arguments = u"[NAME]"_s,
             .summary = tr("a new token for scripts, in place of the password"),
             .run = token,
             .entities = users}};
}

} // namespace birch::cli
