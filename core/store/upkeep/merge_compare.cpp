#include "core/store/upkeep/merge_compare.h"

#include "core/store/upkeep/table_match.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::array kUncompared{u"id",         u"revision",      u"updated_at",
                                 u"updated_by", u"last_login_at", u"password_hash",
                                 u"used_at"};
constexpr std::array kOwnOfEach{u"uid", u"created_at", u"created_by"};

template<size_t N>
bool isOneOf(const QString &name, const std::array<const char16_t *, N> &names)
{
    return std::ranges::any_of(names,
                               [&](const char16_t *one) { return name == QStringView(one); });
}

QString shown(const Cell &cell)
{
    switch (cell.kind) {
    case Cell::Kind::Null:
        return {};
    case Cell::Kind::Integer:
        return QString::number(cell.integer);
    case Cell::Kind::Real:
        return QString::number(cell.real, 'g', 17);
    case Cell::Kind::Text:
        return QString::fromUtf8(cell.bytes);
    case Cell::Kind::Bytes:
        return QString::fromLatin1(cell.bytes.left(16).toHex());
    }
    Q_UNREACHABLE();
}

bool isSame(const Cell &one, const Cell &other, CellType type)
{
    TableDigest first;
    TableDigest second;
    first.add({one}, {type});
    second.add({other}, {type});
    return first == second;
}

void tell(MergeReport *report, MergeConflict conflict)
{
    if (++report->conflictCount <= MergeReport::kMostTold)
        report->conflicts.append(std::move(conflict));
}

/// One table whose rows have uids.
class TableComparison
{
public:
    TableComparison(const CatalogueTable &table, const CatalogueTable &target, const MergeMap &map,
                    MergeReport *report)
        : m_table(table)
        , m_types(commonTypes(table, target))
        , m_map(map)
        , m_report(report)
        , m_idAt(size_t(table.indexOf(u"id"_s)))
    {
    }

    Status run(Connection &source, Connection &target, const CatalogueTable &targetTable)
    {
        QSet<qint64> wanted;
        Status read = readRows(source, m_table, {}, [&](const Row &row) {
            if (const auto id = m_map.known(m_table.name, row[m_idAt].integer))
                wanted.insert(*id);
            return ok();
        });
        if (!read || wanted.isEmpty())
            return read;
        QHash<qint64, TableDigest> digests;
        read = readRows(target, targetTable, {}, [&](const Row &row) {
            if (wanted.contains(row[m_idAt].integer))
                digests.insert(row[m_idAt].integer, digestOf(row));
            return ok();
        });
        if (!read)
            return read;
        return readRows(source, m_table, {}, [&](const Row &row) {
            const auto id = m_map.known(m_table.name, row[m_idAt].integer);
            const bool byName = id && m_map.isMappedByName(m_table.name, row[m_idAt].integer);
            const Row placed = m_map.inTarget(m_table, row);
            if (!id || (!byName && digests.value(*id) == digestOf(placed)))
                return ok();
            return readRows(target, targetTable,
                            {.where = u"\"id\" = ?"_s, .values = {Cell::ofInteger(*id)}},
                            [&](const Row &there) {
                                compare(placed, there, byName);
                                return ok();
                            });
        });
    }

private:
    TableDigest digestOf(const Row &row) const
    {
        Row counted = row;
        for (qsizetype i = 0; i < m_table.columns.size(); ++i) {
            if (isOneOf(m_table.columns[i].name, kUncompared))
                counted[size_t(i)] = Cell();
        }
        TableDigest digest;
        digest.add(counted, m_types);
        return digest;
    }

    void compare(const Row &placed, const Row &there, bool byName)
    {
        MergeConflict conflict{byName ? MergeConflict::Kind::Mapped : MergeConflict::Kind::Differs,
                               m_table.name,
                               upkeep::rowName(m_table, there),
                               {}};
        for (qsizetype i = 0; i < m_table.columns.size(); ++i) {
            const QString &name = m_table.columns[i].name;
            if (isOneOf(name, kUncompared) || (byName && isOneOf(name, kOwnOfEach)) ||
                isSame(placed[size_t(i)], there[size_t(i)], m_types[i]))
                continue;
            conflict.fields.append({name, shown(placed[size_t(i)]), shown(there[size_t(i)])});
        }
        if (byName || !conflict.fields.isEmpty())
            tell(m_report, std::move(conflict));
    }

    const CatalogueTable &m_table;
    QList<CellType> m_types;
    const MergeMap &m_map;
    MergeReport *m_report;
    size_t m_idAt;
};
} // namespace

Status compareKnown(Connection &source, const TableCatalogue &catalogue, Connection &target,
                    const TableCatalogue &targetCatalogue, const MergeMap &map, MergeReport *report)
{
    for (const CatalogueTable &table : catalogue.tables()) {
        if (table.indexOf(u"uid"_s) < 0 || table.indexOf(u"id"_s) < 0 ||
            table.name == QStringView(upkeep::kRegistry) || upkeep::isLeftOutOfMerges(table.name))
            continue;
        const auto to = matchingTable(targetCatalogue, table);
        if (!to)
            return to.error();
        if (Status compared =
                TableComparison(table, to.value(), map, report).run(source, target, to.value());
            !compared)
            return compared;
    }
    return ok();
}

Status mergeSettings(Connection &source, Connection &target, MergeReport *report)
{
    QMap<QPair<QString, QString>, QString> there;
    const QString sql = u"SELECT scope, name, value, updated_at, updated_by FROM settings"_s;
    if (Status read = target.select(sql, {},
                                    [&](const SqlRow &row) {
                                        there.insert({row.text(0), row.text(1)}, row.text(2));
                                    });
        !read)
        return read;
    QList<QVariantList> missing;
    if (Status read =
            source.select(sql, {},
                          [&](const SqlRow &row) {
                              const auto found = there.constFind({row.text(0), row.text(1)});
                              if (found == there.constEnd())
                                  missing << QVariantList{row.text(0), row.text(1), row.text(2),
                                                          row.integer(3), row.text(4)};
                              else if (found.value() != row.text(2))
                                  tell(report, {MergeConflict::Kind::Differs,
                                                u"settings"_s,
                                                row.text(1),
                                                {{u"value"_s, row.text(2), found.value()}}});
                          });
        !read)
        return read;
    for (const QVariantList &setting : std::as_const(missing)) {
        if (Status done = target.execute(u"INSERT INTO settings (scope, name, value, updated_at, "
                                         "updated_by) VALUES (?, ?, ?, ?, ?)"_s,
                                         setting);
            !done)
            return done;
    }
    if (!missing.isEmpty())
        report->added.insert(u"settings"_s, missing.size());
    return ok();
}

Status raiseCounters(Connection &source, Connection &target, MergeReport *report)
{
    QMap<QString, qint64> counters;
    if (Status read =
            source.select(u"SELECT scope, last_number FROM id_counters"_s, {},
                          [&](const SqlRow &row) { counters.insert(row.text(0), row.integer(1)); });
        !read)
        return read;
    qint64 raised = 0;
    for (auto it = counters.begin(); it != counters.end(); ++it) {
        const auto done = target.executeCounting(
            u"INSERT INTO id_counters (scope, last_number) VALUES (?, ?) ON CONFLICT (scope) "
            "DO UPDATE SET last_number = excluded.last_number "
            "WHERE id_counters.last_number < excluded.last_number"_s,
            {it.key(), it.value()});
        if (!done)
            return done.error();
        raised += done.value();
    }
    if (raised > 0)
        report->added.insert(u"id_counters"_s, raised);
    return ok();
}

} // namespace birch
