#include "core/store/entity/entity_text.h"
#include "core/store/sql_run_store.h"
#include "core/store/write_transaction.h"
#include "tests/core/store/entity_examples.h"
#include "tests/core/store/scan_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

/// What one operation gets to work with: a database that holds one row of the entity already.
struct Subject {
    Connection &connection;
    const Session &session;
    test::EntityExamples &examples;
    const EntitySpec &spec;
    EntityRecord record;

    EntityRepository repository() const { return {connection, spec}; }
};

Status failed(const QString &what)
{
    return Error{ErrorCode::Internal, what};
}

Status sameRecord(const Subject &subject, const Result<EntityRecord> &found)
{
    if (!found)
        return found.error();
    if (found.value().toJson(subject.spec) != subject.record.toJson(subject.spec))
        return failed(u"another record"_s);
    return ok();
}

Status getById(const Subject &s)
{
    return sameRecord(s, s.repository().get(s.session, s.record.id));
}

Status findByUid(const Subject &s)
{
    return sameRecord(s, s.repository().find(s.session, s.record.uid));
}

Status findByHumanId(const Subject &s)
{
    if (s.spec.humanId.isEmpty())
        return sameRecord(s, s.repository().find(s.session, s.record.uid.toUpper()));
    return sameRecord(s, s.repository().find(s.session, s.record.text(s.spec.humanId)));
}

Status storesEveryField(const Subject &s)
{
    for (const EntityField &field : s.spec.fields) {
        const bool isGiven = !field.isSecret && (field.isRequired || !field.refers());
        if (isGiven && !s.record.values.contains(field.name))
            return failed(field.name + u" was not stored"_s);
    }
    return ok();
}

Status insertMinimal(const Subject &s)
{
    const auto made = s.examples.add(s.spec, true);
    return made ? ok() : Status(made.error());
}

Status refusesMissing(const Subject &s)
{
    for (const EntityField &field : s.spec.fields) {
        if (!field.isRequired || field.name == u"lab"_s || !field.counter.isEmpty())
            continue;
        auto values = s.examples.values(s.spec, true);
        if (!values)
            return values.error();
        values.value().remove(field.name);
        const auto refused =
            s.repository().insert(s.session, values.value(), {}, {.origin = Origin::Store});
        if (refused)
            return failed(u"did without "_s + field.name);
        if (!refused.error().message.contains(field.label))
            return failed(u"does not name %1: %2"_s.arg(field.label, refused.error().message));
    }
    return ok();
}

Status refusesUnknown(const Subject &s)
{
    const auto refused =
        s.repository().update(s.session, s.record.uid, {{u"no_such"_s, 1}}, s.record.revision);
    if (refused || refused.error().code != ErrorCode::BadInput)
        return failed(u"took an unknown field"_s);
    return refused.error().message.contains(u"no_such"_s) ? ok() : failed(u"does not name it"_s);
}

Status refusesBadValues(const Subject &s)
{
    for (const EntityField &field : s.spec.fields) {
        QVariant bad;
        if (field.type == EntityFieldType::Choice || field.type == EntityFieldType::Integer ||
            field.type == EntityFieldType::Real || field.type == EntityFieldType::Boolean ||
            field.type == EntityFieldType::Date || field.type == EntityFieldType::Time ||
            field.type == EntityFieldType::Reference || field.type == EntityFieldType::Object)
            bad = u"nonsense"_s;
        if (field.minimum)
            bad = *field.minimum - 1;
        if (!bad.isValid() || !field.derivedFrom.isEmpty())
            continue;
        const auto refused = s.repository().update(s.session, s.record.uid, {{field.name, bad}},
                                                   s.record.revision, Origin::Store);
        if (refused)
            return failed(field.name + u" took "_s + bad.toString());
    }
    return ok();
}

Status refusesDerivedFromPeople(const Subject &s)
{
    for (const EntityField &field : s.spec.fields) {
        if (!field.isDerived)
            continue;
        const auto refused = s.repository().update(
            s.session, s.record.uid, {{field.name, s.record.values.value(field.name)}},
            s.record.revision);
        if (refused)
            return failed(u"a person may set "_s + field.name);
    }
    return ok();
}

Status isAnObject(const Subject &s)
{
    const auto row = s.connection.firstRow(
        u"SELECT title, search_text, lab_id FROM objects WHERE kind = ? AND row_id = ?"_s,
        {s.spec.table, s.record.id});
    if (!row)
        return row.error();
    if (!row.value())
        return failed(u"not in objects"_s);
    if (row.value()->at(0).toString() != entityTitle(s.spec, s.record) ||
        row.value()->at(1).toString() != entitySearchText(s.spec, s.record))
        return failed(u"objects holds "_s + row.value()->at(0).toString());
    const bool mayLackLab = s.spec.table == u"users"_s || s.spec.table == u"drivers"_s;
    return row.value()->at(2).isNull() && !mayLackLab ? failed(u"no lab"_s) : ok();
}

Status editsEveryField(const Subject &s)
{
    const auto others = s.examples.values(s.spec);
    if (!others)
        return others.error();
    const auto edited = s.repository().update(s.session, s.record.uid, others.value(),
                                              s.record.revision, Origin::Store);
    if (!edited)
        return edited.error();
    if (edited.value().revision != s.record.revision + 1)
        return failed(u"the revision did not move"_s);
    const auto stale = s.repository().update(s.session, s.record.uid, others.value(),
                                             s.record.revision, Origin::Store);
    if (stale || stale.error().code != ErrorCode::Conflict)
        return failed(u"a stale edit was taken"_s);
    return isAnObject({s.connection, s.session, s.examples, s.spec, edited.value()});
}

Status emptiesOptionalFields(const Subject &s)
{
    QVariantMap empty;
    for (const EntityField &field : s.spec.fields) {
        const bool isAlwaysThere = field.isRequired || field.type == EntityFieldType::Choice ||
                                   field.type == EntityFieldType::Boolean ||
                                   field.defaultValue.isValid();
        if (!isAlwaysThere)
            empty.insert(field.name, QString());
    }
    const auto edited =
        s.repository().update(s.session, s.record.uid, empty, s.record.revision, Origin::Store);
    if (!edited)
        return edited.error();
    for (auto it = empty.begin(); it != empty.end(); ++it) {
        if (edited.value().values.contains(it.key()))
            return failed(it.key() + u" is still there"_s);
    }
    return ok();
}

Status listsByEveryField(const Subject &s)
{
    for (const EntityField &field : s.spec.fields) {
        const QVariant value = s.record.values.value(field.name);
        if (!value.isValid() || field.type == EntityFieldType::Json || field.isSecret)
            continue;
        EntityFilter filter;
        filter.equal = {
            {field.name, field.type == EntityFieldType::Boolean
                             ? (value.toBool() ? u"true"_s : u"false"_s)
                             : s.record.toJson(s.spec)[field.name].toVariant().toString()}};
        filter.sort = field.name;
        const auto page = s.repository().list(s.session, filter);
        if (!page)
            return page.error();
        if (page.value().total < 1 || page.value().records.size() != page.value().total)
            return failed(u"%1 = %2 finds %3"_s.arg(field.name, filter.equal.first())
                              .arg(page.value().total));
    }
    return ok();
}

Status searches(const Subject &s)
{
    for (const EntityField &field : s.spec.fields) {
        if (!field.isSearchable || s.record.text(field.name).isEmpty())
            continue;
        EntityFilter filter;
        filter.search = s.record.text(field.name).toUpper();
        const auto page = s.repository().list(s.session, filter);
        if (!page)
            return page.error();
        bool isFound = false;
        for (const EntityRecord &record : page.value().records)
            isFound |= record.uid == s.record.uid;
        if (!isFound)
            return failed(u"not found by "_s + field.name);
    }
    return ok();
}

Status archives(const Subject &s)
{
    for (const bool isArchived : {true, false}) {
        const auto changed = s.repository().setArchived(s.session, s.record.uid, isArchived);
        if (!changed)
            return changed.error();
        if (changed.value().archivedUs.has_value() != isArchived)
            return failed(u"not as asked"_s);
    }
    return ok();
}

Status trashesAndRestores(const Subject &s)
{
    for (const bool isTrashed : {true, false}) {
        const auto changed = s.repository().setTrashed(s.session, s.record.uid, isTrashed);
        if (!changed)
            return changed.error();
        const auto shown = s.connection.firstRow(
            u"SELECT trashed_at IS NOT NULL FROM objects WHERE kind = ? AND row_id = ?"_s,
            {s.spec.table, s.record.id});
        if (!shown)
            return shown.error();
        if (changed.value().trashedUs.has_value() != isTrashed ||
            shown.value()->first().toBool() != isTrashed)
            return failed(u"not as asked"_s);
    }
    return ok();
}

Status viewersOnlyLook(const Subject &s)
{
    const Session viewer{u"eve"_s, Role::Viewer};
    if (s.repository().update(viewer, s.record.uid, {}, s.record.revision) ||
        s.repository().setTrashed(viewer, s.record.uid, true) || s.repository().insert(viewer, {}))
        return failed(u"a viewer changed it"_s);
    return ok();
}

struct Operation {
    const char *name;
    Status (*run)(const Subject &);
};
constexpr Operation kOperations[] = {
    {"stores every field", storesEveryField},
    {"get by id", getById},
    {"find by uid", findByUid},
    {"find by human id", findByHumanId},
    {"insert the least", insertMinimal},
    {"refuse what misses a field", refusesMissing},
    {"refuse an unknown field", refusesUnknown},
    {"refuse bad values", refusesBadValues},
    {"refuse derived fields", refusesDerivedFromPeople},
    {"edit, and refuse a stale edit", editsEveryField},
    {"empty the optional fields", emptiesOptionalFields},
    {"list by every field", listsByEveryField},
    {"search", searches},
    {"is an object", isAnObject},
    {"archive", archives},
    {"trash and restore", trashesAndRestores},
    {"viewers only look", viewersOnlyLook},
};

} // namespace

/// What every entity can do, on both engines; prints how many pairs of entity and operation.
class EveryEntityTest : public QObject
{
    Q_OBJECT
private slots:
    void operations_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QString>("table");
        for (const bool isPostgres : {false, true}) {
            for (const EntitySpec &spec : entitySpecs())
                QTest::addRow("%s %s", isPostgres ? "PostgreSQL" : "SQLite", qPrintable(spec.table))
                    << isPostgres << spec.table;
        }
    }
    void operations()
    {
        QFETCH(bool, isPostgres);
        QFETCH(QString, table);
        Connection &connection = connectionTo(isPostgres);
        const Session session = openSession(connection, u"ada"_s).value();
        const EntitySpec &spec = *entityByTable(table);
        test::EntityExamples examples(connection, session);
        for (const Operation &operation : kOperations) {
            // Each on its own: nothing an operation does stays.
            auto transaction = WriteTransaction::begin(connection);
            BIRCH_VERIFY(transaction);
            const auto record = examples.add(spec);
            BIRCH_VERIFY(record);
            const Status done =
                operation.run({connection, session, examples, spec, record.value()});
            QVERIFY2(bool(done),
                     qPrintable(u"%1: %2"_s.arg(QString::fromLatin1(operation.name),
                                                done ? QString() : done.error().message)));
            ++m_pairs;
        }
    }

    void cleanupTestCase()
    {
        qInfo("%d pairs of entity and operation, on each of two engines", m_pairs / 2);
        m_connections.clear();
        m_databases.clear();
    }

private:
    /// One database for all rows of an engine, with a scan that analyses can refer to.
    Connection &connectionTo(bool isPostgres)
    {
        if (!m_connections.contains(isPostgres)) {
            m_databases[isPostgres] = m_fixture.newDatabase(isPostgres);
            m_connections[isPostgres] = m_databases[isPostgres]->connect().value();
            const auto store = SqlRunStore::open(*m_databases[isPostgres], u"ada"_s, u"bench"_s);
            if (!store || !store.value()->createScan(test::newScan()))
                qFatal("the scan could not be made");
        }
        return *m_connections[isPostgres];
    }

    test::StoreFixture m_fixture;
    std::map<bool, std::unique_ptr<Database>> m_databases;
    std::map<bool, std::unique_ptr<Connection>> m_connections;
    int m_pairs = 0;
};

QTEST_GUILESS_MAIN(EveryEntityTest)
#include "tst_every_entity.moc"
