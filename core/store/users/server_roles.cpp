#include "core/store/users/server_roles.h"

#include <libpq-fe.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
template<typename T>
struct FreedByLibpq {
    void operator()(T *memory) const { PQfreemem(memory); }
};
using LibpqText = std::unique_ptr<char, FreedByLibpq<char>>;
} // namespace

QByteArray ServerRoles::identifier(const QString &name) const
{
    const QByteArray text = name.toUtf8();
    const LibpqText quoted(
        PQescapeIdentifier(m_connection.postgresHandle(), text.constData(), size_t(text.size())));
    return quoted ? QByteArray(quoted.get()) : QByteArray();
}

Status ServerRoles::run(const QByteArray &sql)
{
    const std::unique_ptr<PGresult, void (*)(PGresult *)> result(
        PQexec(m_connection.postgresHandle(), sql.constData()), PQclear);
    if (PQresultStatus(result.get()) == PGRES_COMMAND_OK)
        return ok();
    const QByteArray state(PQresultErrorField(result.get(), PG_DIAG_SQLSTATE));
    if (state == "42501")
        return Error{ErrorCode::Denied,
                     tr("The server does not let this role manage users: do it as the owner of the "
                        "database, with the attribute CREATEROLE")};
    return m_connection.lastServerError(result.get()).within(tr("Changing a role of the server"));
}

Result<QByteArray> ServerRoles::group(Role role)
{
    const auto row = m_connection.firstRow(
        u"SELECT birch_group(?), EXISTS (SELECT 1 FROM pg_roles WHERE rolname = birch_group(?))"_s,
        {roleName(role), roleName(role)});
    if (!row)
        return row.error();
    if (!row.value()->at(1).toBool())
        return Error{ErrorCode::NotFound,
                     tr("The server has no groups of users for this database, because who made it "
                        "may make no roles: give the owner the attribute CREATEROLE, then run "
                        "SELECT birch_protect() as the owner")};
    return identifier(row.value()->first().toString());
}

Result<QList<ServerRole>> ServerRoles::list()
{
    QList<ServerRole> roles;
    const Status done = m_connection.select(
        u"SELECT r.rolname, r.rolcanlogin, max(CASE g.rolname WHEN birch_group('admin') THEN 2 "
        "WHEN birch_group('operator') THEN 1 WHEN birch_group('viewer') THEN 0 END) "
        "FROM pg_roles r LEFT JOIN pg_auth_members m ON m.member = r.oid "
        "LEFT JOIN pg_roles g ON g.oid = m.roleid AND g.rolname IN (birch_group('admin'), "
        "birch_group('operator'), birch_group('viewer')) "
        "WHERE (g.oid IS NOT NULL OR r.rolname IN (SELECT username FROM users "
        "WHERE trashed_at IS NULL)) GROUP BY r.rolname, r.rolcanlogin ORDER BY r.rolname"_s,
        {}, [&roles](const SqlRow &row) {
            ServerRole role{row.text(0), {}, row.value(1).toBool()};
            if (const auto number = row.optionalInteger(2))
                role.role = Role(*number);
            roles << role;
        });
    return done ? Result<QList<ServerRole>>(roles) : done.error();
}

Status ServerRoles::add(const QString &name, Role role)
{
    const auto there = m_connection.firstRow(u"SELECT 1 FROM pg_roles WHERE rolname = ?"_s, {name});
    if (!there)
        return there.error();
    if (!there.value()) {
        if (Status made = run("CREATE ROLE " + identifier(name) + " LOGIN"); !made)
            return made;
    }
    return setRole(name, role);
}

Status ServerRoles::setPassword(const QString &name, const QString &password)
{
    PGconn *server = m_connection.postgresHandle();
    QByteArray clear = password.toUtf8();
    const LibpqText verifier(PQencryptPasswordConn(server, clear.constData(),
                                                   name.toUtf8().constData(), "scram-sha-256"));
    clear.fill('\0');
    if (!verifier)
        return Error{ErrorCode::Storage, tr("The password could not be prepared for the server: "
                                            "try again")};
    const QByteArray text(verifier.get());
    const LibpqText literal(PQescapeLiteral(server, text.constData(), size_t(text.size())));
    return run("ALTER ROLE " + identifier(name) + " PASSWORD " + QByteArray(literal.get()));
}

Status ServerRoles::setRole(const QString &name, Role role)
{
    for (const Role other : {Role::Viewer, Role::Operator, Role::Admin}) {
        const auto groupRole = group(other);
        if (!groupRole)
            return groupRole.error();
        const auto isIn = m_connection.firstRow(
            u"SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid "
            "JOIN pg_roles r ON r.oid = m.member WHERE g.rolname = birch_group(?) AND "
            "r.rolname = ?"_s,
            {roleName(other), name});
        if (!isIn)
            return isIn.error();
        if (isIn.value().has_value() == (other == role))
            continue;
        const QByteArray verb = other == role ? "GRANT " + groupRole.value() + " TO "
                                              : "REVOKE " + groupRole.value() + " FROM ";
        if (Status done = run(verb + identifier(name)); !done)
            return done;
    }
    return ok();
}

Status ServerRoles::setActive(const QString &name, bool isActive)
{
    return run("ALTER ROLE " + identifier(name) + (isActive ? " LOGIN" : " NOLOGIN"));
}

} // namespace birch
