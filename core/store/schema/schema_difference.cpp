#include "core/store/schema/schema_difference.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("SchemaCheck", text);
}

QString orNone(const QString &text)
{
    return text.isEmpty() ? tr("none") : text;
}

bool isPlainIndex(const IndexShape &index)
{
    static const QRegularExpression columns(uR"(^\( \w+( , \w+)* \)$)"_s);
    return !index.isUnique && columns.match(index.definition).hasMatch();
}

class TableComparison
{
public:
    TableComparison(const TableShape &expected, const TableShape &found, CompareScope scope)
        : m_expected(expected)
        , m_found(found)
        , m_isWhole(scope == CompareScope::Whole)
    {
    }

    QList<SchemaDifference> run()
    {
        compareColumns();
        comparePrimaryKeys();
        compareUniques();
        compareForeignKeys();
        compareIndexes();
        compareChecks();
        compareTriggers();
        if (m_isWhole && m_expected.options != m_found.options)
            add(DifferenceKind::Other, {},
                tr("%1 has the options \"%2\" instead of \"%3\"")
                    .arg(m_found.name, m_found.options, m_expected.options));
        return m_differences;
    }

private:
    void add(DifferenceKind kind, const QString &what, const QString &message,
             bool isSurplus = false)
    {
        m_differences << SchemaDifference{kind, m_expected.name, what, message, isSurplus};
    }
    QString key(const QString &what) const { return m_expected.name + u'.' + what; }
    static QString listed(const QStringList &columns) { return columns.join(u", "_s); }

    void compareColumns()
    {
        for (const ColumnShape &column : m_expected.columns) {
            const ColumnShape *found = m_found.column(column.name);
            if (found)
                compareColumn(column, *found);
            else
                add(DifferenceKind::Missing, column.name,
                    tr("%1 is missing").arg(key(column.name)));
        }
        for (const ColumnShape &column : m_found.columns) {
            if (!m_expected.column(column.name))
                add(DifferenceKind::Extra, column.name,
                    tr("%1 is not declared").arg(key(column.name)),
                    !column.isRequired || !column.defaultValue.isEmpty());
        }
    }

    void compareColumn(const ColumnShape &expected, const ColumnShape &found)
    {
        const QString name = key(expected.name);
        if (expected.type != found.type)
            add(DifferenceKind::Type, expected.name,
                tr("%1 is %2 instead of %3").arg(name, found.type, expected.type));
        if (expected.isRequired != found.isRequired)
            add(DifferenceKind::Nullability, expected.name,
                expected.isRequired ? tr("%1 may be empty but is required").arg(name)
                                    : tr("%1 is required but may be empty").arg(name));
        if (expected.defaultValue != found.defaultValue)
            add(DifferenceKind::Default, expected.name,
                tr("%1 has the default %2 instead of %3")
                    .arg(name, orNone(found.defaultValue), orNone(expected.defaultValue)));
    }

    void comparePrimaryKeys()
    {
        if (m_expected.primaryKey != m_found.primaryKey)
            add(DifferenceKind::Unique, listed(m_expected.primaryKey),
                tr("%1 has the primary key (%2) instead of (%3)")
                    .arg(m_expected.name, listed(m_found.primaryKey),
                         listed(m_expected.primaryKey)));
    }

    void compareUniques()
    {
        const auto hasColumns = [](const TableShape &table, const QStringList &group) {
            return std::ranges::all_of(
                group, [&table](const QString &name) { return table.column(name); });
        };
        for (const QStringList &group : m_expected.uniques) {
            if (!m_found.uniques.contains(group) && hasColumns(m_found, group))
                add(DifferenceKind::Unique, listed(group),
                    tr("%1 is not unique").arg(key(listed(group))));
        }
        for (const QStringList &group : m_found.uniques) {
            if (!m_expected.uniques.contains(group) && hasColumns(m_expected, group))
                add(DifferenceKind::Unique, listed(group),
                    tr("%1 is unique but need not be").arg(key(listed(group))));
        }
    }

    static const ForeignKeyShape *keyOf(const TableShape &table, const QStringList &columns)
    {
        const auto found = std::ranges::find(table.foreignKeys, columns, &ForeignKeyShape::columns);
        return found == table.foreignKeys.cend() ? nullptr : &*found;
    }

    void compareForeignKeys()
    {
        for (const ForeignKeyShape &expected : m_expected.foreignKeys) {
            const QString name = listed(expected.columns);
            if (!m_found.column(expected.columns.first()))
                continue; // said already
            const ForeignKeyShape *found = keyOf(m_found, expected.columns);
            if (!found || found->table != expected.table)
                add(DifferenceKind::ForeignKey, name,
                    tr("%1 refers to %2 instead of %3")
                        .arg(key(name), found ? found->table : tr("nothing"), expected.table));
            else if (found->deleteRule != expected.deleteRule)
                add(DifferenceKind::DeleteRule, name,
                    tr("%1 has the delete rule %2 instead of %3")
                        .arg(key(name), found->deleteRule, expected.deleteRule));
        }
        for (const ForeignKeyShape &found : m_found.foreignKeys) {
            if (!keyOf(m_expected, found.columns) && m_expected.column(found.columns.first()))
                add(DifferenceKind::ForeignKey, listed(found.columns),
                    tr("%1 refers to %2 but need not")
                        .arg(key(listed(found.columns)), found.table));
        }
    }

    static bool hasIndex(const TableShape &table, const IndexShape &index)
    {
        return std::ranges::any_of(table.indexes, [&index](const IndexShape &candidate) {
            return candidate.definition == index.definition && candidate.isUnique == index.isUnique;
        });
    }

    void compareIndexes()
    {
        const auto columns = [](const IndexShape &index) {
            const bool isPlain = isPlainIndex(index);
            return isPlain ? index.definition.sliced(2).chopped(2) : index.definition;
        };
        for (const IndexShape &index : m_expected.indexes) {
            if (!hasIndex(m_found, index))
                add(DifferenceKind::Index, index.name,
                    tr("%1 has no index (%2)").arg(key(columns(index)), index.name));
        }
        for (const IndexShape &index : m_found.indexes) {
            if (!hasIndex(m_expected, index) && (m_isWhole || isPlainIndex(index)))
                add(DifferenceKind::Index, index.name,
                    tr("%1 has an index (%2) but need not").arg(key(columns(index)), index.name),
                    !index.isUnique);
        }
    }

    void compareChecks()
    {
        for (const QString &check : m_expected.checks) {
            if (!m_found.checks.contains(check) && m_found.column(check.section(u' ', 0, 0)))
                add(DifferenceKind::Check, check,
                    tr("%1 is not checked: %2").arg(m_expected.name, check));
        }
        for (const QString &check : m_found.checks) {
            if (!m_expected.checks.contains(check) && (m_isWhole || isDeclarableCheck(check)))
                add(DifferenceKind::Check, check,
                    tr("%1 is checked but need not be: %2").arg(m_expected.name, check));
        }
    }

    void compareTriggers()
    {
        for (auto it = m_expected.triggers.begin(); it != m_expected.triggers.end(); ++it) {
            const auto found = m_found.triggers.constFind(it.key());
            if (found == m_found.triggers.cend())
                add(DifferenceKind::Trigger, it.key(),
                    tr("%1 has lost its trigger %2").arg(m_expected.name, it.key()));
            else if (!it.value().isEmpty() && it.value() != found.value())
                add(DifferenceKind::Trigger, it.key(),
                    tr("%1 has another trigger %2 than Birch made").arg(m_expected.name, it.key()));
        }
        for (auto it = m_found.triggers.begin(); m_isWhole && it != m_found.triggers.end(); ++it) {
            if (!m_expected.triggers.contains(it.key()))
                add(DifferenceKind::Trigger, it.key(),
                    tr("%1 has a trigger %2 that Birch did not make")
                        .arg(m_expected.name, it.key()));
        }
    }

    const TableShape &m_expected;
    const TableShape &m_found;
    bool m_isWhole;
    QList<SchemaDifference> m_differences;
};

QList<SchemaDifference> compareRoutines(const SchemaShape &expected, const SchemaShape &found)
{
    QList<SchemaDifference> differences;
    for (auto it = expected.routines.begin(); it != expected.routines.end(); ++it) {
        if (found.routines.value(it.key()) != it.value())
            differences << SchemaDifference{
                DifferenceKind::Trigger,
                {},
                it.key(),
                found.routines.contains(it.key())
                    ? tr("the function %1 is another than Birch made").arg(it.key())
                    : tr("the function %1 is missing").arg(it.key())};
    }
    for (auto it = found.routines.begin(); it != found.routines.end(); ++it) {
        if (!expected.routines.contains(it.key()))
            differences << SchemaDifference{DifferenceKind::Extra,
                                            {},
                                            it.key(),
                                            tr("the function %1 is none of Birch's").arg(it.key()),
                                            true};
    }
    return differences;
}
} // namespace

bool isDeclarableCheck(const QString &check)
{
    static const QRegularExpression one(
        uR"(^(\w+) (in '|= '|[<>] = [-0-9.e+]+$|> = [-0-9.e+]+ and \1 < = ))"_s);
    return one.match(check).hasMatch();
}

QString differenceName(DifferenceKind kind)
{
    static constexpr std::array kNames{"missing",     "extra",  "type",    "nullability",
                                       "default",     "unique", "index",   "foreign_key",
                                       "delete_rule", "check",  "trigger", "other"};
    return QString::fromLatin1(kNames.at(size_t(kind)));
}

QJsonObject SchemaDifference::toJson() const
{
    return {{u"kind"_s, differenceName(kind)},
            {u"table"_s, table},
            {u"what"_s, what},
            {u"message"_s, message}};
}

QList<SchemaDifference> compareSchemas(const SchemaShape &expected, const SchemaShape &found,
                                       CompareScope scope)
{
    QList<SchemaDifference> differences;
    for (const TableShape &table : expected.tables) {
        const auto other = found.tables.constFind(table.name);
        if (other == found.tables.cend())
            differences << SchemaDifference{DifferenceKind::Missing,
                                            table.name,
                                            {},
                                            tr("the table %1 is missing").arg(table.name)};
        else
            differences += TableComparison(table, *other, scope).run();
    }
    if (scope == CompareScope::Declarable)
        return differences;
    for (const TableShape &table : found.tables) {
        if (!expected.tables.contains(table.name))
            differences << SchemaDifference{DifferenceKind::Extra,
                                            table.name,
                                            {},
                                            tr("the table %1 is none of Birch's").arg(table.name),
                                            true};
    }
    return differences + compareRoutines(expected, found);
}

QStringList messages(const QList<SchemaDifference> &differences)
{
    QStringList all;
    for (const SchemaDifference &difference : differences)
        all << difference.message;
    return all;
}

} // namespace birch
