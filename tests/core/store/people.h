#pragma once

#include "core/store/entity/entity_repository.h"
#include "core/store/rights_reader.h"
#include "tests/core/store/store_fixture.h"

namespace birch::test {

/// Users with their places in labs, made by an administrator.
class People
{
public:
    using Values = QVariantMap;
    People(Connection &connection, Session admin)
        : m_connection(connection)
        , m_admin(std::move(admin))
    {
    }

    const Session &admin() const { return m_admin; }

    EntityRecord add(const QString &table, const Values &values)
    {
        auto made = EntityRepository(m_connection, *entityByTable(table))
                        .insert(m_admin, values, {}, {.origin = Origin::Store});
        if (!made)
            qFatal("%s", qPrintable(made.error().message));
        return std::move(made).value();
    }
    void change(const QString &table, const QString &key, const Values &values)
    {
        EntityRepository repository(m_connection, *entityByTable(table));
        const auto found = repository.find(m_admin, key);
        if (!found)
            qFatal("%s", qPrintable(found.error().message));
        const auto changed = repository.update(m_admin, key, values, found.value().revision);
        if (!changed)
            qFatal("%s", qPrintable(changed.error().message));
    }
    QString user(const QString &name, const QString &role)
    {
        return add(QStringLiteral("users"),
                   {{QStringLiteral("username"), name}, {QStringLiteral("role"), role}})
            .uid;
    }
    /// Returns the member's uid.
    QString member(const QString &user, const QString &lab, const QString &role, Values more = {})
    {
        more.insert(QStringLiteral("name"), user);
        more.insert(QStringLiteral("email"), user + lab);
        more.insert(QStringLiteral("user"), user);
        more.insert(QStringLiteral("lab"), lab);
        more.insert(QStringLiteral("access_role"), role);
        return add(QStringLiteral("lab_members"), more).uid;
    }
    /// What \a name may do at this moment, whoever has opened the connection.
    Session session(const QString &name)
    {
        const auto row = m_connection.firstRow(
            QStringLiteral("SELECT role, id FROM users WHERE username = ?"), {name});
        if (!row || !row.value())
            qFatal("no user %s", qPrintable(name));
        Session session{name, roleFromName(row.value()->at(0).toString()).value()};
        session.userRow = row.value()->at(1).toLongLong();
        session.rights = readRights(m_connection, session.userRow).value();
        return session;
    }

private:
    Connection &m_connection;
    Session m_admin;
};

} // namespace birch::test
