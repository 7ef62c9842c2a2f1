#include "core/store/schema/table_change.h"

#include "core/store/migrations.h"
#include "core/store/schema/sql_text.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// Old and new spelt alike, so that only what differs is found.
ColumnModel normal(ColumnModel column)
{
    column.check = canonicalCheck(column.check);
    column.defaultValue = canonicalSql(column.defaultValue);
    return column;
}

QStringList choicesOf(const QString &check)
{
    static const QRegularExpression choice(uR"(^\w+ in (.*)$)"_s);
    const auto match = choice.match(canonicalCheck(check));
    return match.hasMatch() ? match.captured(1).split(u" , "_s) : QStringList();
}

bool isText(const QString &type)
{
    return type == u"{text}"_s || type == u"{uid}"_s;
}

/// Every value of the one is a value of the other.
bool isLossless(const QString &from, const QString &to)
{
    if (isText(to)) // SQLite writes 15 digits of a real number, which are too few
        return from != u"{real}"_s;
    return (from == u"{int}"_s && to == u"{real}"_s) || (from == u"{bool}"_s && to == u"{int}"_s);
}

QString converted(const ColumnModel &from, const ColumnModel &to)
{
    if (isText(from.type) && isText(to.type))
        return {};
    if (to.type == u"{bool}"_s)
        return u"CASE WHEN CAST(%1 AS {text}) IN ('1', 'true') THEN {true} ELSE {false} END"_s.arg(
            from.name);
    if (from.type == u"{bool}"_s)
        return u"CASE WHEN %1 THEN 1 ELSE 0 END"_s.arg(from.name);
    return u"CAST(%1 AS %2)"_s.arg(from.name, isText(to.type) ? u"{text}"_s : to.type);
}

void ask(ColumnChange &change, const QString &what)
{
    change.mark += (change.mark.isEmpty() ? QString() : u"; "_s) + what;
}

void settleType(ColumnChange &change, const QString &name, MigrationWay way)
{
    change.value = converted(change.before, change.after);
    if (way == MigrationWay::Up && !change.value.isEmpty() &&
        !isLossless(change.before.type, change.after.type))
        ask(change, u"%1 turns from %2 into %3: say how"_s.arg(
                        name, change.before.type.sliced(1).chopped(1),
                        change.after.type.sliced(1).chopped(1)));
}

void settleCheck(ColumnChange &change, const QString &name, MigrationWay way)
{
    const QStringList allowed = choicesOf(change.after.check);
    if (allowed.isEmpty()) {
        if (way == MigrationWay::Up && !change.after.check.isEmpty())
            ask(change, u"%1 must be %2: say what becomes of rows where it is not"_s.arg(
                            name, change.after.check));
        return;
    }
    QStringList gone = choicesOf(change.before.check);
    for (const QString &choice : allowed)
        gone.removeAll(choice);
    if (gone.isEmpty() && !change.before.check.isEmpty())
        return;
    const bool hasDefault = !change.after.defaultValue.isEmpty();
    if (way == MigrationWay::Up || !hasDefault)
        ask(change, u"%1 %2: say what becomes of rows that hold something else"_s.arg(
                        name, gone.isEmpty() ? u"becomes a choice"_s
                                             : u"loses the choices "_s + gone.join(u", "_s)));
    const QString base = change.value.isEmpty() ? change.after.name : change.value;
    change.value = u"CASE WHEN %1 IN (%2) THEN %1 ELSE %3 END"_s.arg(
        base, allowed.join(u", "_s), hasDefault ? change.after.defaultValue : u"NULL"_s);
}

void settleRequired(ColumnChange &change, const QString &name)
{
    const bool hasDefault = !change.after.defaultValue.isEmpty();
    if (!hasDefault)
        ask(change, u"%1 is required: say what rows without it get"_s.arg(name));
    change.value =
        u"coalesce(%1, %2)"_s.arg(change.value.isEmpty() ? change.after.name : change.value,
                                  hasDefault ? change.after.defaultValue : u"NULL"_s);
}

ColumnChange columnChange(const QString &table, const ColumnModel &before, const ColumnModel &after,
                          MigrationWay way)
{
    ColumnChange change{before, after, {}, {}};
    const QString name = table + u'.' + after.name;
    if (before.type != after.type)
        settleType(change, name, way);
    if (normal(before).check != normal(after).check)
        settleCheck(change, name, way);
    if (!before.isRequired && after.isRequired)
        settleRequired(change, name);
    return change;
}

/// A column that goes while one of its type comes may be the same by another name. Takes it out of
/// \a gone, both ways, so that values survive there and back.
ColumnArrival arrival(const QString &table, const ColumnModel &column, QList<ColumnModel> &gone)
{
    const auto old = std::ranges::find(gone, column.type, &ColumnModel::type);
    if (old == gone.end()) {
        if (!needsValue(column))
            return {column, {}, {}};
        return {column, u"NULL"_s, u"%1.%2 of rows that exist"_s.arg(table, column.name)};
    }
    const ColumnArrival renamed{
        column, old->name,
        u"%1.%2 goes and %3 comes: keep its values below if it is the same "
        "by another name, else say what rows get"_s.arg(table, old->name, column.name)};
    gone.erase(old);
    return renamed;
}

template<typename Item>
QList<Item> without(const QList<Item> &items, const QList<Item> &others)
{
    QList<Item> left;
    for (const Item &item : items) {
        if (!others.contains(item))
            left << item;
    }
    return left;
}

/// Of columns that are there before and after.
bool stays(const TableChange &change, const QStringList &columns)
{
    return std::ranges::all_of(columns, [&change](const QString &name) {
        return change.before.column(name) && change.after.column(name);
    });
}

void compareColumns(TableChange &change, MigrationWay way)
{
    for (const ColumnModel &column : change.before.columns) {
        if (!change.after.column(column.name))
            change.dropped << column;
    }
    QList<ColumnModel> gone = change.dropped;
    for (const ColumnModel &column : change.after.columns) {
        const ColumnModel *old = change.before.column(column.name);
        if (!old)
            change.added << arrival(change.after.name, column, gone);
        else if (!(normal(*old) == normal(column)))
            change.changed << columnChange(change.after.name, *old, column, way);
    }
}

void compareKeys(TableChange &change)
{
    for (const ForeignKeyModel &key :
         without(change.after.foreignKeys, change.before.foreignKeys)) {
        if (stays(change, {key.column}))
            change.addedKeys << key;
    }
    for (const ForeignKeyModel &key :
         without(change.before.foreignKeys, change.after.foreignKeys)) {
        if (stays(change, {key.column}))
            change.droppedKeys << key;
    }
}

/// Rows of which several may have the same now: those of a new column are empty, unless something
/// is put there.
bool mayClash(const TableChange &change, const QStringList &group)
{
    return std::ranges::none_of(group, [&change](const QString &name) {
        const ColumnModel *column = change.after.column(name);
        return !change.before.column(name) && column && !column->isRequired;
    });
}

void compareUniques(TableChange &change, MigrationWay way)
{
    for (const QStringList &group : without(change.after.uniques, change.before.uniques)) {
        if (group.size() > 1 || stays(change, group)) // else part of the new column
            change.addedUniques << group;
        if (way == MigrationWay::Up && mayClash(change, group))
            change.marks << u"%1.%2 becomes unique: say what becomes of rows that share one"_s.arg(
                change.after.name, group.join(u", "_s));
    }
    for (const QStringList &group : without(change.before.uniques, change.after.uniques)) {
        if (group.size() > 1 || stays(change, group))
            change.droppedUniques << group;
    }
}
} // namespace

bool TableChange::isEmpty() const
{
    return added.isEmpty() && dropped.isEmpty() && changed.isEmpty() && addedKeys.isEmpty() &&
           droppedKeys.isEmpty() && addedUniques.isEmpty() && droppedUniques.isEmpty() &&
           addedIndexes.isEmpty() && droppedIndexes.isEmpty();
}

bool TableChange::isSimple() const
{
    const auto isConstrained = [](const TableModel &table, const QString &column) {
        return table.uniques.contains(QStringList{column});
    };
    return changed.isEmpty() && addedKeys.isEmpty() && droppedKeys.isEmpty() &&
           addedUniques.isEmpty() && droppedUniques.isEmpty() &&
           std::ranges::none_of(added,
                                [&](const ColumnArrival &arrival) {
                                    return needsValue(arrival.column) ||
                                           isConstrained(after, arrival.column.name);
                                }) &&
           std::ranges::none_of(dropped, [&](const ColumnModel &column) {
               return before.foreignKey(column.name) || isConstrained(before, column.name);
           });
}

TableChange tableChange(const TableModel &before, const TableModel &after, MigrationWay way)
{
    TableChange change;
    change.before = before;
    change.after = after;
    compareColumns(change, way);
    compareKeys(change);
    compareUniques(change, way);
    change.addedIndexes = without(after.indexes, before.indexes);
    change.droppedIndexes = without(before.indexes, after.indexes);
    return change;
}

QString fillInMark(const QString &what)
{
    return what.isEmpty() ? QString() : QString::fromUtf16(kFillIn) + u' ' + what + u'\n';
}

bool needsValue(const ColumnModel &column)
{
    return column.isRequired && column.defaultValue.isEmpty();
}

} // namespace birch
