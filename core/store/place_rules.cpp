#include "core/store/place_rules.h"

#include "core/store/scan_place.h"
#include "core/store/store_time.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxSteps = 4; // from a line of a run up to its sample

QString tr(const char *text)
{
    return QCoreApplication::translate("PlaceRules", text);
}

/// Tables whose rows may be of a project, for what hangs on any object.
QStringList projectTables()
{
    QStringList tables{u"scans"_s, u"queues"_s};
    for (const EntitySpec &spec : entitySpecs()) {
        if (spec.field(u"project"_s))
            tables << spec.table;
    }
    return tables;
}

/// Alternatives of which one must hold.
class Alternatives
{
public:
    void add(const QString &sql, const QVariantList &values = {})
    {
        m_terms << sql;
        m_values += values;
    }
    void addIn(const QString &column, const QList<qint64> &rows)
    {
        if (rows.isEmpty())
            return;
        QVariantList values;
        for (const qint64 row : rows)
            values << row;
        add(u"%1 IN (%2)"_s.arg(column, QStringList(rows.size(), u"?"_s).join(u", "_s)), values);
    }
    Visibility result() const
    {
        return {m_terms.isEmpty() ? u"1 = 0"_s : u'(' + m_terms.join(u" OR "_s) + u')', m_values};
    }

private:
    QStringList m_terms;
    QVariantList m_values;
};

Visibility visible(const PlaceRule &rule, const Session &session, const QString &alias, int steps);

void addHangingOnObject(const PlaceRule &rule, const Session &session, const QString &alias,
                        Alternatives *any)
{
    const qint64 now = nowUs();
    const QString column = alias + u'.' + rule.parentColumn;
    any->addIn(column, session.rights.objectRows(now));
    const QList<qint64> projects = session.rights.rows(u"projects"_s, now);
    if (projects.isEmpty())
        return;
    QVariantList values;
    for (const qint64 project : projects)
        values << project;
    const QString marks = QStringList(projects.size(), u"?"_s).join(u", "_s);
    any->add(u"%1 IN (SELECT id FROM objects WHERE kind = 'projects' AND row_id IN (%2))"_s.arg(
                 column, marks),
             values);
    for (const QString &table : projectTables())
        any->add(u"%1 IN (SELECT o.id FROM objects o JOIN %2 x ON x.id = o.row_id "
                 "WHERE o.kind = '%2' AND x.project_id IN (%3))"_s.arg(column, table, marks),
                 values);
}

void addUsers(const Session &session, const QString &alias, Alternatives *any)
{
    any->addIn(alias + u".id"_s, {session.userRow});
    const QList<qint64> labs = session.rights.rows(u"labs"_s, nowUs());
    if (labs.isEmpty())
        return;
    QVariantList values;
    for (const qint64 lab : labs)
        values << lab;
    any->add(u"%1.id IN (SELECT user_id FROM lab_members WHERE user_id IS NOT NULL AND "
             "lab_id IN (%2))"_s.arg(alias, QStringList(labs.size(), u"?"_s).join(u", "_s)),
             values);
}

void addGiven(const PlaceRule &rule, const Session &session, const QString &alias, int steps,
              Alternatives *any)
{
    const qint64 now = nowUs();
    if (rule.hasProject)
        any->addIn(alias + u".project_id"_s, session.rights.rows(u"projects"_s, now));
    any->addIn(alias + u".id"_s, session.rights.rows(rule.table, now));
    if (rule.parentColumn.isEmpty() || steps == kMaxSteps)
        return;
    if (rule.parentTable == u"objects"_s) {
        addHangingOnObject(rule, session, alias, any);
        return;
    }
    const QString inner = u"p%1"_s.arg(steps);
    const Visibility parent = visible(placeRule(rule.parentTable), session, inner, steps + 1);
    any->add(u"%1.%2 IN (SELECT %3.id FROM %4 %3 WHERE %5)"_s.arg(alias, rule.parentColumn, inner,
                                                                  rule.parentTable, parent.sql),
             parent.values);
}

Visibility visible(const PlaceRule &rule, const Session &session, const QString &alias, int steps)
{
    Alternatives any;
    if (!rule.labColumn.isEmpty() && rule.table != u"users"_s) {
        any.addIn(alias + u'.' + rule.labColumn, session.rights.rows(u"labs"_s, nowUs()));
        if (rule.mayLackLab)
            any.add(u"%1.%2 IS NULL"_s.arg(alias, rule.labColumn));
    }
    if (rule.table == u"users"_s)
        addUsers(session, alias, &any);
    addGiven(rule, session, alias, steps, &any);
    return any.result();
}

Status addParent(Connection &connection, const PlaceRule &rule, qint64 parent, int steps,
                 Place *place);

/// \a columns: id, lab, project, parent and owner, as far as \a rule has them.
Status addPlace(Connection &connection, const PlaceRule &rule, const QVariantMap &columns,
                int steps, Place *place)
{
    const qint64 id = columns.value(u"id"_s).toLongLong();
    if (id != 0)
        place->objects.append({rule.table, id});
    if (rule.table == u"projects"_s && id != 0)
        place->projects << id;
    if (const QVariant project = columns.value(u"project_id"_s); project.toLongLong() != 0)
        place->projects << project.toLongLong();
    if (rule.parentColumn.isEmpty() || steps == kMaxSteps)
        return ok();
    const qint64 parent = columns.value(rule.parentColumn).toLongLong();
    return parent == 0 ? ok() : addParent(connection, rule, parent, steps, place);
}

QStringList columnsOf(const PlaceRule &rule)
{
    QStringList columns{u"id"_s};
    if (rule.hasProject)
        columns << u"project_id"_s;
    for (const QString &column : {rule.labColumn, rule.parentColumn, rule.ownerColumn}) {
        if (!column.isEmpty() && !columns.contains(column))
            columns << column;
    }
    return columns;
}

Result<QVariantMap> storedColumns(Connection &connection, const PlaceRule &rule, qint64 id)
{
    const QStringList names = columnsOf(rule);
    const auto row = connection.firstRow(
        u"SELECT %1 FROM %2 WHERE id = ?"_s.arg(names.join(u", "_s), rule.table), {id});
    if (!row)
        return row.error();
    QVariantMap columns;
    for (qsizetype i = 0; row.value() && i < names.size(); ++i)
        columns.insert(names[i], row.value()->at(i));
    return columns;
}

Status addParent(Connection &connection, const PlaceRule &rule, qint64 parent, int steps,
                 Place *place)
{
    QString table = rule.parentTable;
    qint64 id = parent;
    if (table == u"objects"_s) {
        const auto object =
            connection.firstRow(u"SELECT kind, row_id FROM objects WHERE id = ?"_s, {parent});
        if (!object)
            return object.error();
        if (!object.value())
            return ok();
        table = object.value()->at(0).toString();
        id = object.value()->at(1).toLongLong();
    }
    const PlaceRule above = placeRule(table);
    const auto columns = storedColumns(connection, above, id);
    if (!columns)
        return columns.error();
    return addPlace(connection, above, columns.value(), steps + 1, place);
}

Result<Place> placeFrom(Connection &connection, const Session &session, const PlaceRule &rule,
                        const QVariantMap &columns)
{
    Place place;
    if (!rule.labColumn.isEmpty()) {
        if (const qint64 lab = columns.value(rule.labColumn).toLongLong(); lab != 0)
            place.lab = lab;
    }
    if (const qint64 owner = columns.value(rule.ownerColumn).toLongLong(); owner != 0)
        place.owner = owner;
    if (session.seesEverything())
        return place;
    if (Status done = addPlace(connection, rule, columns, 0, &place); !done)
        return done.error();
    return place;
}
} // namespace

PlaceRule placeRule(const EntitySpec &spec)
{
    PlaceRule rule{.table = spec.table};
    const EntityField *lab = spec.field(u"lab"_s);
    if (spec.table == u"labs"_s) {
        rule.labColumn = u"id"_s;
    } else if (lab && spec.table != u"users"_s) { // who a user is counts for the whole database
        rule.labColumn = lab->column();
        rule.mayLackLab = !lab->isRequired;
        if (const EntityField *parent = spec.field(lab->derivedFrom)) {
            rule.parentColumn = parent->column();
            rule.parentTable =
                parent->type == EntityFieldType::Object ? u"objects"_s : parent->references;
        }
    }
    rule.hasProject = spec.field(u"project"_s) != nullptr;
    if (spec.access == EntityAccess::Personal)
        rule.ownerColumn = u"user_id"_s;
    return rule;
}

PlaceRule placeRule(const QString &table)
{
    if (const EntitySpec *spec = entityByTable(table))
        return placeRule(*spec);
    PlaceRule rule{.table = table};
    rule.labColumn = u"lab_id"_s;
    rule.hasProject = true; // scans, queues
    return rule;
}

Visibility visibleObjects(const Session &session, const QString &alias)
{
    if (session.seesEverything())
        return {};
    const qint64 now = nowUs();
    Alternatives any;
    any.addIn(alias + u".lab_id"_s, session.rights.rows(u"labs"_s, now));
    any.addIn(alias + u".id"_s, session.rights.objectRows(now));
    return any.result();
}

Visibility visibleRows(const PlaceRule &rule, const Session &session, const QString &alias)
{
    if (session.role == Role::Admin)
        return {};
    Visibility result;
    if (!session.seesEverything())
        result = visible(rule, session, alias, 0);
    if (rule.ownerColumn.isEmpty())
        return result;
    const QString own = u"%1.%2 = ?"_s.arg(alias, rule.ownerColumn);
    result.sql = result.sql.isEmpty() ? own : own + u" AND "_s + result.sql;
    result.values.prepend(session.userRow);
    return result;
}

Result<Place> placeOf(Connection &connection, const Session &session, const PlaceRule &rule,
                      qint64 id)
{
    if (session.seesEverything() && rule.ownerColumn.isEmpty())
        return Place{};
    const auto columns = storedColumns(connection, rule, id);
    if (!columns)
        return columns.error();
    return placeFrom(connection, session, rule, columns.value());
}

Result<Place> placeOfNew(Connection &connection, const Session &session, const PlaceRule &rule,
                         const QVariantMap &columns)
{
    return placeFrom(connection, session, rule, columns);
}

Result<qint64> homeLab(Connection &connection, const Session &session)
{
    const auto made = defaultLabRow(connection);
    if (!made)
        return made;
    const qint64 usual = made.value();
    const auto mayAddIn = [&session](qint64 lab) {
        return session.can(Action::Add, EntityAccess::Lab, Place{.lab = lab});
    };
    if (mayAddIn(usual))
        return usual;
    for (const qint64 lab : session.rights.rows(u"labs"_s, nowUs())) {
        if (mayAddIn(lab))
            return lab;
    }
    return usual;
}

Status maySee(Connection &connection, const Session &session, const PlaceRule &rule, qint64 id,
              const QString &what)
{
    const Visibility visibility = visibleRows(rule, session, u"t"_s);
    if (visibility.sql.isEmpty())
        return ok();
    const auto row = connection.firstRow(
        u"SELECT 1 FROM %1 t WHERE t.id = ? AND %2"_s.arg(rule.table, visibility.sql),
        QVariantList{id} + visibility.values);
    if (!row)
        return row.error();
    if (row.value())
        return ok();
    return Error{ErrorCode::NotFound,
                 tr("There is no such %1: choose another one of those that are listed").arg(what)};
}

} // namespace birch
