#include "core/store/schema/migration_source.h"

#include "core/store/connection.h"
#include "core/store/migrations.h"
#include "core/store/schema/live_schema.h"
#include "core/store/schema/sql_text.h"

#include <QRegularExpression>

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

/// canonicalCheck() loses brackets; a migration needs them.
QString checkSql(const QString &canonical)
{
    static const QRegularExpression choice(uR"(^(\w+) in (.*)$)"_s);
    const auto match = choice.match(canonical);
    return match.hasMatch() ? u"%1 IN (%2)"_s.arg(match.captured(1),
                                                  match.captured(2).replace(u" , "_s, u", "_s))
                            : canonical;
}

ColumnModel columnModel(const ColumnShape &shape, const QStringList &checks)
{
    ColumnModel column{shape.name, typeToken(shape.type), shape.isRequired, shape.defaultValue};
    if (column.type == u"{bool}"_s && !column.defaultValue.isEmpty())
        column.defaultValue = column.defaultValue == u"0"_s ? u"{false}"_s : u"{true}"_s;
    for (const QString &check : checks) {
        if (check.section(u' ', 0, 0) == shape.name)
            column.check = checkSql(check);
    }
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
            table.columns << columnModel(column, shape.checks);
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

Status readTexts(Connection &connection, MigrationSource &source)
{
    return connection.select(
        u"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"_s, {},
        [&source](const SqlRow &row) {
            if (row.text(0) == u"trigger"_s)
                source.triggers.insert(row.text(1), row.text(3));
            if (row.text(0) != u"index"_s)
                return;
            for (const IndexModel &index : source.models.value(row.text(2)).indexes) {
                if (index.name == row.text(1))
                    return;
            }
            source.ownIndexes.insert(row.text(1), row.text(3));
        });
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
