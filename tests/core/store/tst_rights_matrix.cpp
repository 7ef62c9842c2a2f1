#include "core/store/sql_run_store.h"
#include "tests/core/store/entity_examples.h"
#include "tests/core/store/people.h"
#include "tests/core/store/scan_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

// What is expected is written here a second time, apart from the code: actions as letters, list
// view add edit archive trash restore purge.
struct Person {
    const char16_t *name;
    const char16_t *role;    // in the database
    const char16_t *labRole; // in lab A; "": none
    bool isOutsider;         // operator of lab B instead
    const char *lab;         // expected of what a lab keeps
    const char *people;      // … of who belongs where
    const char *personal;    // … of what is one's own
};
constexpr Person kPeople[] = {
    {u"root", u"admin", u"", false, "lvaeAtrp", "lvaeAtrp", "lvaeAtrp"},
    {u"head", u"operator", u"admin", false, "lvaeAtrp", "lvaeAtrp", "lvaeAtrp"},
    {u"hand", u"operator", u"operator", false, "lvaeAtr", "lv", "lvaeAtrp"},
    {u"eye", u"operator", u"viewer", false, "lv", "lv", "lv"},
    {u"capped", u"viewer", u"admin", false, "lv", "lv", "lv"},
    {u"other", u"operator", u"", true, "", "", ""},
    {u"nobody", u"operator", u"", false, "", "", ""},
};
// Rows of the whole database: all see them, its administrator changes them.
constexpr char kShared[] = "lv";

// Entities that are not like their class.
const QStringList kOfDatabase{u"drivers"_s};
const QStringList kPeopleTables{u"lab_members"_s,
                                u"project_members"_s,
                                u"teams"_s,
                                u"team_members"_s,
                                u"team_access"_s,
                                u"item_guests"_s,
                                u"labs"_s,
                                u"users"_s,
                                u"subscribers"_s,
                                u"notification_log"_s,
                                u"notification_rules"_s};
const QStringList kPersonalTables{u"user_pins"_s};

QString allowed(const Person &person, const QString &table)
{
    const QString root = QString::fromLatin1(kPeople[0].lab);
    if (QStringView(person.role) == u"admin")
        return root;
    if (kOfDatabase.contains(table))
        return QString::fromLatin1(kShared);
    if (table == u"driver_versions"_s && person.lab[0] == '\0') // of a driver that all see
        return QString::fromLatin1(kShared);
    if (kPersonalTables.contains(table))
        return QString::fromLatin1(person.personal);
    if (!kPeopleTables.contains(table))
        return QString::fromLatin1(person.lab);
    QString people = QString::fromLatin1(person.people);
    if (table == u"users"_s) // of the whole database, seen by those of the same lab
        return people.isEmpty() ? people : u"lv"_s;
    if (table == u"labs"_s) // a new lab is nobody's yet
        people.remove(u'a');
    return people;
}

class RightsMatrixTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QFETCH(bool, isPostgres);
        m_database = m_fixture.newDatabase(isPostgres);
        m_connection = m_database->connect().value();
        m_people = std::make_unique<test::People>(*m_connection,
                                                  openSession(*m_connection, u"ada"_s).value());
        auto store = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s).value();
        BIRCH_VERIFY(store->createScan(test::newScan()));
        m_labA = EntityRepository(*m_connection, labSpec()).list(m_people->admin(), {}).value();
        m_people->add(u"labs"_s, {{u"name"_s, u"B"_s}});
        for (const Person &person : kPeople) {
            const QString name = QString::fromUtf16(person.name);
            m_people->user(name, QString::fromUtf16(person.role));
            if (QStringView(person.labRole) != u"")
                m_people->member(name, u"Lab"_s, QString::fromUtf16(person.labRole));
            if (person.isOutsider)
                m_people->member(name, u"B"_s, u"operator"_s);
        }
        m_examples = std::make_unique<test::EntityExamples>(*m_connection, m_people->admin());
    }
    void cleanup()
    {
        m_examples.reset();
        m_people.reset();
        m_connection.reset();
        m_database.reset();
    }

    void everyoneOnEverything_data() { test::StoreFixture::addEngines(); }
    void everyoneOnEverything()
    {
        QStringList wrong;
        int count = 0;
        for (const EntitySpec &spec : entitySpecs()) {
            for (const Person &person : kPeople) {
                const EntityRecord record = subject(spec, person);
                const QString expected = allowed(person, spec.table);
                for (const QChar action : u"lvaeAtrp"_s) {
                    ++count;
                    const QString problem = tried(spec, record, person, action, expected);
                    if (!problem.isEmpty())
                        wrong << u"%1 %2 %3: %4"_s.arg(spec.table, QString::fromUtf16(person.name),
                                                       QString(action), problem);
                }
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
        QVERIFY(count >= 60 * 7 * 8);
    }

private:
    /// A row for \a person to try things on: in lab A, and their own where rows are somebody's.
    EntityRecord subject(const EntitySpec &spec, const Person &person)
    {
        EntityRepository repository(*m_connection, spec);
        if (spec.table == u"labs"_s)
            return m_labA.records.first();
        if (spec.table == u"users"_s)
            return repository.find(m_people->admin(), u"hand"_s).value();
        auto values = m_examples->values(spec);
        if (!values)
            qFatal("%s", qPrintable(values.error().message));
        if (spec.field(u"user"_s) && spec.access == EntityAccess::Personal)
            values.value().insert(u"user"_s, QString::fromUtf16(person.name));
        return m_people->add(spec.table, values.value());
    }

    QString tried(const EntitySpec &spec, const EntityRecord &record, const Person &person,
                  QChar action, const QString &expected)
    {
        const Session session = m_people->session(QString::fromUtf16(person.name));
        const Result<bool> did = attempt(spec, record, session, action);
        const bool may = expected.contains(action);
        if (did && did.value() == may)
            return {};
        if (did)
            return did.value() ? u"was let"_s : u"was not seen"_s;
        if (may) // the lab that the database was made for stays, whoever trashes it
            return did.error().code == ErrorCode::Conflict && spec.table == u"labs"_s
                       ? QString()
                       : did.error().message;
        const ErrorCode code =
            expected.contains(u'v') || action == u'a' ? ErrorCode::Denied : ErrorCode::NotFound;
        if (did.error().code == code ||
            (action == u'a' && did.error().code == ErrorCode::NotFound) ||
            (session.role == Role::Viewer && did.error().code == ErrorCode::Denied))
            return {};
        return u"refused with "_s + did.error().message;
    }

    Result<bool> attempt(const EntitySpec &spec, const EntityRecord &record, const Session &session,
                         QChar action)
    {
        EntityRepository repository(*m_connection, spec);
        switch (action.unicode()) {
        case u'l':
            return isListed(&repository, record, session);
        case u'v':
            return told(repository.find(session, record.uid));
        case u'a':
            return added(spec, session);
        case u'e': {
            const auto now = repository.find(m_people->admin(), record.uid);
            return told(repository.update(session, record.uid, {}, now.value().revision));
        }
        case u'A':
            return told(repository.setArchived(session, record.uid, true));
        case u't':
            return told(repository.setTrashed(session, record.uid, true));
        case u'r':
            return told(repository.setTrashed(session, record.uid, false));
        default:
            return purged(spec, record, session);
        }
    }

    static Result<bool> told(const Result<EntityRecord> &result)
    {
        return result ? Result<bool>(true) : Result<bool>(result.error());
    }

    static Result<bool> isListed(EntityRepository *repository, const EntityRecord &record,
                                 const Session &session)
    {
        EntityFilter all;
        all.perPage = 1000;
        const auto page = repository->list(session, all);
        if (!page)
            return page.error();
        if (page.value().total != page.value().records.size())
            return Error{ErrorCode::Internal, u"a total that does not fit the page"_s};
        for (const EntityRecord &one : page.value().records) {
            if (one.uid == record.uid)
                return true;
        }
        return false;
    }

    Result<bool> added(const EntitySpec &spec, const Session &session)
    {
        auto values = m_examples->values(spec, true);
        if (!values)
            return values.error();
        if (spec.access == EntityAccess::Personal)
            values.value().insert(u"user"_s, session.user);
        if (spec.field(u"lab"_s) && spec.field(u"lab"_s)->isRequired &&
            spec.field(u"lab"_s)->derivedFrom.isEmpty())
            values.value().insert(u"lab"_s, u"Lab"_s);
        return told(EntityRepository(*m_connection, spec)
                        .insert(session, values.value(), {}, {.origin = Origin::Store}));
    }

    Result<bool> purged(const EntitySpec &spec, const EntityRecord &record, const Session &session)
    {
        const auto seen = EntityRepository(*m_connection, spec).find(session, record.uid);
        if (!seen)
            return seen.error();
        const auto place = placeOf(*m_connection, session, placeRule(spec), record.id);
        if (!place)
            return place.error();
        if (Status may = session.may(Action::Purge, spec.access, place.value(), spec.label); !may)
            return may.error();
        return true;
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<test::People> m_people;
    std::unique_ptr<test::EntityExamples> m_examples;
    EntityPage m_labA;
};

} // namespace

QTEST_GUILESS_MAIN(RightsMatrixTest)
#include "tst_rights_matrix.moc"
