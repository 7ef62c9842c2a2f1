// What a session may do, asked by EntityRepository before it does it.
#include "core/store/entity/entity_repository.h"

using namespace Qt::StringLiterals;

namespace birch {

EntityCondition EntityRepository::visible(const Session &session, EntityCondition condition) const
{
    const Visibility visibility = visibleRows(placeRule(m_spec), session, u"t"_s);
    if (visibility.sql.isEmpty())
        return condition;
    condition.where += (condition.where.isEmpty() ? u" WHERE "_s : u" AND "_s) + visibility.sql;
    condition.values += visibility.values;
    return condition;
}

Status EntityRepository::mayTry(const Session &session, Action action) const
{
    const bool isSame = session.seesEverything() && m_spec.access != EntityAccess::Personal;
    return isSame ? session.may(action, m_spec.access, {}, m_spec.label) : session.mayWrite();
}

Status EntityRepository::mayAdd(const Session &session, const Row &row)
{
    QVariantMap columns;
    for (qsizetype i = 0; i < row.columns.size(); ++i)
        columns.insert(row.columns[i], row.values[i]);
    if (Status seen = maySeeReferences(session, row); !seen)
        return seen;
    const auto place = placeOfNew(m_connection, session, placeRule(m_spec), columns);
    if (!place)
        return place.error();
    return session.may(Action::Add, m_spec.access, place.value(), m_spec.label);
}

Status EntityRepository::may(const Session &session, Action action, qint64 id)
{
    const auto place = placeOf(m_connection, session, placeRule(m_spec), id);
    if (!place)
        return place.error();
    return session.may(action, m_spec.access, place.value(), m_spec.label);
}

Status EntityRepository::maySeeReferences(const Session &session, const Row &row)
{
    if (session.seesEverything())
        return ok();
    for (const EntityField &field : m_spec.fields) {
        const qsizetype at = row.columns.indexOf(field.column());
        if (!field.refers() || field.name == u"lab"_s || at < 0 || row.values[at].isNull())
            continue;
        QString table = field.references;
        qint64 id = row.values[at].toLongLong();
        if (field.type == EntityFieldType::Object) {
            const auto object =
                m_connection.firstRow(u"SELECT kind, row_id FROM objects WHERE id = ?"_s, {id});
            if (!object)
                return object.error();
            table = object.value() ? object.value()->at(0).toString() : u"scans"_s;
            id = object.value() ? object.value()->at(1).toLongLong() : 0;
        }
        if (Status seen = maySee(m_connection, session, placeRule(table), id, field.label); !seen)
            return seen;
    }
    return ok();
}

} // namespace birch
