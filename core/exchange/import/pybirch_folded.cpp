#include "core/exchange/import/pybirch_folded.h"

#include "core/exchange/import/source_values.h"
#include "core/store/event_log.h"
#include "core/store/store_json.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const QStringList kFolded{u"user_settings"_s, u"user_themes"_s};

QString tr(const char *text)
{
    return QCoreApplication::translate("PybirchFolded", text);
}

QJsonObject contents(const SourceRow &row, const SourceTable &table)
{
    QJsonObject json;
    for (const QString &column : table.columns) {
        if (column != u"user_id"_s && isMeaningful(row.value(column)))
            json.insert(column, keptValue(row.value(column)));
    }
    return json;
}

/// False: it is there already.
Result<bool> fold(const ImportTarget &target, const QString &uid, const QString &table,
                  const QString &id, const QJsonObject &json)
{
    Connection &connection = target.connection;
    const auto row =
        connection.firstRow(u"SELECT extra_data, username FROM users WHERE uid = ?"_s, {uid});
    if (!row)
        return row.error();
    QJsonObject extraData = jsonObject(row.value()->first().toString());
    QJsonObject kept = extraData.value(table).toObject();
    if (kept.contains(id))
        return false;
    kept.insert(id, json);
    extraData.insert(table, kept);
    if (Status done = connection.execute(u"UPDATE users SET extra_data = ? WHERE uid = ?"_s,
                                         {jsonText(extraData), uid});
        !done)
        return done.error();
    Event event{.action = EventAction::Changed, .kind = u"users"_s};
    event.objectUid = uid;
    event.title = row.value()->at(1).toString();
    event.changes = {{table, QJsonObject{{u"after"_s, json}}}};
    if (Status noted = EventLog(connection).record(target.session, std::move(event)); !noted)
        return noted.error();
    return true;
}
} // namespace

bool isPybirchFolded(const QString &table)
{
    return kFolded.contains(table);
}

Status foldPybirchTables(const ImportTarget &target, const SqliteSource &source,
                         const SourceContext &context, ImportReport &report)
{
    auto transaction = WriteTransaction::begin(target.connection);
    if (!transaction)
        return transaction.error();
    for (const QString &name : kFolded) {
        const SourceTable *table = source.table(name);
        if (!table)
            continue;
        TableReport &rows = report.table(name, u"users"_s, table->rows);
        const Status read = source.each(name, {u"id"_s}, [&](const SourceRow &row) {
            const QString id = row.text(u"id"_s);
            const QString uid = context.ids.find(u"users"_s, row.integer(u"user_id"_s));
            if (uid.isEmpty()) {
                rows.add(RowFate::NotUnderstood, tr("its user is not in the file"), id);
                return ok();
            }
            const auto added = fold(target, uid, u"pybirch_"_s + name, id, contents(row, *table));
            if (!added)
                return Status(added.error().within(name));
            rows.add(added.value() ? RowFate::Created : RowFate::Unchanged);
            return ok();
        });
        if (!read)
            return read;
        if (table->rows > 0)
            rows.note(tr("kept in the extra_data of the user"));
    }
    return transaction.value().commit();
}

} // namespace birch
