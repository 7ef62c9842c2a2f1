#include "core/store/settings_repository.h"

#include "core/store/event_log.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// What a station has learnt (times of steps) is no decision of anybody.
Status auditSetting(Connection &connection, const Session &session, const QString &scope,
                    const QString &name, const std::optional<QString> &before,
                    const std::optional<QString> &after)
{
    if (!scope.isEmpty() || before == after)
        return ok();
    QJsonObject change;
    if (before)
        change.insert(u"before"_s, *before);
    if (after)
        change.insert(u"after"_s, *after);
    const EventAction action = !before  ? EventAction::Added
                               : !after ? EventAction::Purged
                                        : EventAction::Changed;
    Event event{.action = action, .kind = u"settings"_s, .title = name};
    event.changes = {{u"value"_s, change}};
    return EventLog(connection).record(session, std::move(event));
}
/// What holds for everybody is set by who answers for everybody.
Status mayChange(const Session &session, const QString &scope)
{
    return scope.isEmpty() ? session.mayAdminister() : session.mayWrite();
}
} // namespace

Result<std::optional<QString>> SettingsRepository::get(const QString &scope, const QString &name)
{
    const auto row = m_connection.firstRow(
        u"SELECT value FROM settings WHERE scope = ? AND name = ?"_s, {scope, name});
    if (!row)
        return row.error();
    return row.value() ? std::optional(row.value()->first().toString()) : std::nullopt;
}

Result<QMap<QString, QString>> SettingsRepository::list(const QString &scope)
{
    QMap<QString, QString> values;
    const Status done = m_connection.select(
        u"SELECT name, value FROM settings WHERE scope = ?"_s, {scope},
        [&values](const SqlRow &row) { values.insert(row.text(0), row.text(1)); });
    if (!done)
        return done.error();
    return values;
}

Status SettingsRepository::set(const Session &session, const QString &scope, const QString &name,
                               const QString &value)
{
    if (Status may = mayChange(session, scope); !may)
        return may;
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto before = get(scope, name);
    if (!before)
        return before.error();
    if (Status done = m_connection.execute(
            u"INSERT INTO settings (scope, name, value, updated_at, updated_by) "
            "VALUES (?, ?, ?, ?, ?) ON CONFLICT (scope, name) DO UPDATE SET "
            "value = excluded.value, updated_at = excluded.updated_at, "
            "updated_by = excluded.updated_by"_s,
            {scope, name, value, nowUs(), session.user});
        !done)
        return done;
    if (Status done = auditSetting(m_connection, session, scope, name, before.value(), value);
        !done)
        return done;
    return transaction.value().commit();
}

Status SettingsRepository::remove(const Session &session, const QString &scope, const QString &name)
{
    if (Status may = mayChange(session, scope); !may)
        return may;
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto before = get(scope, name);
    if (!before)
        return before.error();
    if (Status done = m_connection.execute(u"DELETE FROM settings WHERE scope = ? AND name = ?"_s,
                                           {scope, name});
        !done)
        return done;
    if (Status done = auditSetting(m_connection, session, scope, name, before.value(), {}); !done)
        return done;
    return transaction.value().commit();
}

} // namespace birch
