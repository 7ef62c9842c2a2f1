#include "core/store/schema/migration_draft.h"

#include "core/store/schema/object_cleanup.h"
#include "core/store/schema/table_alter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
using Models = QMap<QString, TableModel>;

/// The tables of a draft on one of its ends, in an order in which each refers to those before it.
struct Side {
    Models models;
    QStringList order;
};

void place(const QString &table, const Models &models, QStringList &order)
{
    if (order.contains(table) || !models.contains(table))
        return;
    order << table; // kept from going round in circles; moved behind what it refers to
    for (const ForeignKeyModel &key : models[table].foreignKeys)
        place(key.table, models, order);
    order.removeOne(table);
    order << table;
}

Side side(const Models &models)
{
    Side side{models, {}};
    for (const QString &table : models.keys())
        place(table, models, side.order);
    return side;
}

/// Of all tables, those that entities have or had: they keep `objects`.
Models entityTables(const MigrationSource &source)
{
    Models models;
    for (const TableModel &table : source.models) {
        const auto &triggers = source.shape.tables[table.name].triggers;
        const bool isKept = triggers.contains(objectTriggerNames(table.name, false).first());
        if (isKept && table.column(u"revision"_s) && table.name != u"scans"_s &&
            table.name != u"queues"_s) // with repositories of their own
            models.insert(table.name, table);
    }
    return models;
}

/// One direction.
struct Way {
    QString common;
    QString sqlite;
    QString postgres;

    void both(const QString &sql)
    {
        sqlite += sql;
        postgres += sql;
    }
};

void createTables(const Side &before, const Side &after, Way &way, QString &text)
{
    for (const QString &table : after.order) {
        if (before.models.contains(table))
            continue;
        text += createTableSql(after.models[table]) + u'\n';
        way.sqlite += objectTriggersSql(table, false) + u'\n';
        way.postgres += objectTriggersSql(table, true) + u'\n';
    }
}

void changeTables(const Side &before, const Side &after, const MigrationSource &source,
                  MigrationWay direction, Way &way)
{
    for (const QString &table : after.order) {
        if (!before.models.contains(table))
            continue;
        const TableChange change =
            tableChange(before.models[table], after.models[table], direction);
        if (change.isEmpty())
            continue;
        if (change.isSimple()) {
            way.common += simpleChangeSql(change);
            continue;
        }
        way.sqlite += u"-- SQLite can not alter this in place.\n"_s +
                      sqliteRebuildSql(change, source) + u'\n';
        way.postgres += postgresChangeSql(change) + u'\n';
    }
}

QStringList goneTables(const Side &before, const Side &after)
{
    QStringList gone;
    for (const QString &table : before.order) {
        if (!after.models.contains(table))
            gone.prepend(table); // those that refer to others first
    }
    return gone;
}

Way draftWay(const Side &before, const Side &after, const MigrationSource &source,
             MigrationWay direction)
{
    const bool isUp = direction == MigrationWay::Up;
    Way way;
    QString created;
    Way triggers;
    createTables(before, after, triggers, created);
    if (isUp)
        way.common += created; // the common file runs first on the way up and last on the way down
    else
        way.both(created);
    way.sqlite += triggers.sqlite;
    way.postgres += triggers.postgres;
    changeTables(before, after, source, direction, way);
    const QStringList gone = goneTables(before, after);
    for (const QString &table : gone) {
        way.sqlite += forgetObjectsSql(table, source.shape);
        way.postgres += u"DELETE FROM objects WHERE kind = '%1';\n"_s.arg(table);
    }
    for (const QString &table : gone) {
        const QString drop = u"DROP TABLE %1;\n"_s.arg(table);
        if (isUp)
            way.both(fillInMark(u"%1 is declared no more and goes with its rows: remove this line "
                                "when that is meant"_s.arg(table)) +
                     drop);
        else
            way.common += drop;
    }
    return way;
}
} // namespace

MigrationDraft draftMigration(const MigrationSource &source, const QList<EntitySpec> &specs)
{
    Models declared;
    for (const EntitySpec &spec : specs) {
        TableModel &model = *declared.insert(spec.table, tableModel(spec));
        model.checks = source.models.value(spec.table).checks;
    }
    const Side before = side(entityTables(source));
    const Side after = side(declared);
    const Way up = draftWay(before, after, source, MigrationWay::Up);
    const Way down = draftWay(after, before, source, MigrationWay::Down);
    MigrationDraft draft{{u"up.sql"_s, up.common},
                         {u"sqlite.up.sql"_s, up.sqlite},
                         {u"postgresql.up.sql"_s, up.postgres},
                         {u"down.sql"_s, down.common},
                         {u"sqlite.down.sql"_s, down.sqlite},
                         {u"postgresql.down.sql"_s, down.postgres}};
    if (std::ranges::all_of(draft, [](const QString &sql) { return sql.isEmpty(); }))
        return {};
    for (const QString &file : draft.keys()) {
        if (draft[file].isEmpty() && file != u"up.sql"_s && file != u"down.sql"_s)
            draft.remove(file);
    }
    return draft;
}

} // namespace birch
