#include "core/store/schema/migration_source.h"

#include "core/store/connection.h"
#include "core/store/migrations.h"
#include "core/store/schema/live_schema.h"
#include "core/store/schema/schema_difference.h"
#include "core/store/schema/sql_text.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// SQLite takes any word for a type, so the tokens of migrations survive as words of our own.
constexpr std::array kTokens{u"{int}",  u"{real}", u"{text}", u"{bytes}",
                             u"{json}", u"{bool}", u"{uid}"};

QString word(const QString &token)
{
    return u"birch_"_s + token.sliced(1).chopped(1);
}

QString withWords(QString sql)
{
    sql.replace(u"{id}"_s, u"INTEGER PRIMARY KEY AUTOINCREMENT"_s);
    sql.replace(u"{true}"_s, u"1"_s)
        .replace(u"{false}"_s, u"0"_s)
        .replace(u"{strict}"_s, QString());
    for (const char16_t *token : kTokens)
        sql.replace(QString::fromUtf16(token), word(QString::fromUtf16(token)));
    return sql;
}

QString typeToken(const QString &type)
{
    for (const char16_t *token : kTokens) {
        if (type.compare(word(QString::fromUtf16(token)), Qt::CaseInsensitive) == 0)
            return QString::fromUtf16(token);
    }
    return type;
}

ColumnModel columnModel(const ColumnShape &shape)
{
    ColumnModel column{shape.name, typeToken(shape.type), shape.isRequired, shape.defaultValue};
    if (column.type == u"{bool}"_s && !column.defaultValue.isEmpty())
        column.defaultValue = column.defaultValue == u"0"_s ? u"{false}"_s : u"{true}"_s;
    return column;
}

DeleteRule deleteRule(const QString &text)
{
    if (text == u"CASCADE"_s)
        return DeleteRule::Cascade;
    return text == u"SET NULL"_s ? DeleteRule::SetNull : DeleteRule::Restrict;
}

TableModel tableModelOf(const TableShape &shape)
{
    TableModel table;
    table.name = shape.name;
    for (const ColumnShape &column : shape.columns) {
        if (column.name != u"id"_s)
            table.columns << columnModel(column);
    }
    for (const ForeignKeyShape &key : shape.foreignKeys)
        table.foreignKeys << ForeignKeyModel{key.columns.first(), key.table,
                                             deleteRule(key.deleteRule)};
    table.uniques = shape.uniques;
    static const QRegularExpression plain(uR"(^\( (\w+(?: , \w+)*) \)$)"_s);
    for (const IndexShape &index : shape.indexes) {
        const auto match = plain.match(index.definition);
        if (match.hasMatch() && !index.isUnique)
            table.indexes << IndexModel{index.name, match.captured(1).split(u" , "_s)};
    }
    return table;
}

/// Shapes hold conditions without their brackets; a migration needs them as they were written.
void addChecks(TableModel &table, const QString &createTable)
{
    for (const QString &check : checksIn(createTable)) {
        const QString canonical = canonicalCheck(check);
        const auto column =
            std::ranges::find(table.columns, canonical.section(u' ', 0, 0), &ColumnModel::name);
        if (isDeclarableCheck(canonical) && column != table.columns.end())
            column->check = check.simplified();
        else if (canonical != u"id = 1"_s)
            table.checks << check.simplified();
    }
}

void addText(MigrationSource &source, const SqlRow &row)
{
    const QString type = row.text(0);
    const QString name = row.text(1);
    const auto table = source.models.find(row.text(2));
    if (type == u"trigger"_s)
        source.triggers.insert(name, row.text(3));
    else if (type == u"table"_s && table != source.models.end())
        addChecks(*table, row.text(3));
    else if (type == u"index"_s && table != source.models.end() &&
             std::ranges::find(table->indexes, name, &IndexModel::name) == table->indexes.end())
        source.ownIndexes.insert(name, row.text(3));
}

Status readTexts(Connection &connection, MigrationSource &source)
{
    return connection.select(
        u"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"_s, {},
        [&source](const SqlRow &row) { addText(source, row); });
}
} // namespace

Result<MigrationSource> readMigrationSource(const QString &dir)
{
    const auto steps = loadMigrations(Dialect(Engine::Sqlite), dir, TypeNames::AsWritten);
    if (!steps)
        return steps.error();
    auto scratch = Connection::openScratch();
    if (!scratch)
        return scratch.error();
    for (const Migration &step : steps.value()) {
        if (Status done = scratch.value()->script(withWords(step.up)); !done)
            return done.error().within(step.name);
    }
    auto shape = liveSchema(*scratch.value());
    if (!shape)
        return shape.error();
    MigrationSource source;
    source.head = int(steps.value().size());
    source.shape = shape.value();
    for (const TableShape &table : source.shape.tables)
        source.models.insert(table.name, tableModelOf(table));
    if (Status done = readTexts(*scratch.value(), source); !done)
        return done.error();
    return source;
}

} // namespace birch
