#include "core/store/schema/schema_shape.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

const ColumnShape *TableShape::column(const QString &wanted) const
{
    const auto found = std::ranges::find(columns, wanted, &ColumnShape::name);
    return found == columns.cend() ? nullptr : &*found;
}

void TableShape::sort()
{
    std::ranges::sort(columns, {}, &ColumnShape::name);
    std::ranges::sort(uniques, {}, [](const QStringList &group) { return group.join(u','); });
    std::ranges::sort(foreignKeys, {},
                      [](const ForeignKeyShape &key) { return key.columns.join(u','); });
    std::ranges::sort(indexes, {}, &IndexShape::name);
    checks.sort();
}

QStringList SchemaShape::lines() const
{
    QStringList all;
    for (const TableShape &table : tables) {
        const auto line = [&all, &table](const QString &what) {
            all << table.name + u": "_s + what.trimmed();
        };
        line(u"table "_s + table.options);
        line(u"primary key "_s + table.primaryKey.join(u", "_s));
        for (const ColumnShape &column : table.columns)
            line(u"%1 %2%3 %4"_s.arg(column.name, column.type,
                                     column.isRequired ? u" required"_s : QString(),
                                     column.defaultValue));
        for (const QStringList &group : table.uniques)
            line(u"unique "_s + group.join(u", "_s));
        for (const ForeignKeyShape &key : table.foreignKeys)
            line(u"%1 -> %2 %3"_s.arg(key.columns.join(u", "_s), key.table, key.deleteRule));
        for (const IndexShape &index : table.indexes)
            line(u"%1index %2 %3"_s.arg(index.isUnique ? u"unique "_s : QString(), index.name,
                                        index.definition));
        for (const QString &check : table.checks)
            line(u"check "_s + check);
        for (auto it = table.triggers.begin(); it != table.triggers.end(); ++it)
            line(u"trigger %1 %2"_s.arg(it.key(), it.value()));
    }
    for (auto it = routines.begin(); it != routines.end(); ++it)
        all << u"function %1 %2"_s.arg(it.key(), it.value());
    return all;
}

} // namespace birch
