#include "core/store/lab/collection_store.h"
#include "core/store/lab/record_copies.h"
#include "core/store/lab/tag_store.h"
#include "tests/core/store/lab_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

/// Tags, copies, templates and pins.
class TagsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase_data() { test::StoreFixture::addEngines(); }
    void init()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        m_lab.open(m_fixture, isPostgres);
        for (const QString &id : {u"S-1"_s, u"S-2"_s, u"S-3"_s})
            m_lab.add(u"samples"_s, {{u"sample_id"_s, id}});
    }
    void cleanup() { m_lab.close(); }

    void tagsManyAtOnce()
    {
        const QStringList two{u"samples:S-1"_s, u"samples:S-2"_s};
        QCOMPARE(tags().add(m_lab.session(), two, {u"cold"_s, u"µ"_s}).value(), 4);
        QCOMPARE(tags().add(m_lab.session(), two, {u"cold"_s}).value(), 0);
        QCOMPARE(tags().namesOf(m_lab.session(), two[0]).value(), (QStringList{u"cold"_s, u"µ"_s}));
        QCOMPARE(tags().remove(m_lab.session(), {two[0]}, {u"cold"_s}).value(), 1);
        QCOMPARE(tags().remove(m_lab.session(), {two[0]}, {u"cold"_s}).value(), 0);
        QCOMPARE(tags().add(m_lab.session(), two, {u"cold"_s}).value(), 1); // back again
        const auto uses = tags().list(m_lab.session());
        QCOMPARE(uses.value().size(), 2);
        QCOMPARE(uses.value().first().count, 2);
        QCOMPARE(tags().remove(m_lab.session(), two, {u"warm"_s}).error().code,
                 ErrorCode::NotFound);
        // One that fails takes all back.
        QVERIFY(!tags().add(m_lab.session(), {two[0], u"samples:No"_s}, {u"new"_s}));
        QCOMPARE(tags().list(m_lab.session()).value().size(), 2);
    }

    void renamedTagsStay()
    {
        QCOMPARE(tags().add(m_lab.session(), {u"samples:S-1"_s}, {u"cold"_s}).value(), 1);
        BIRCH_VERIFY(m_lab.tryEdit(u"tags"_s, u"cold"_s,
                                   {{u"name"_s, u"4 K"_s}, {u"category"_s, u"temperature"_s}}));
        QCOMPARE(tags().namesOf(m_lab.session(), u"samples:S-1"_s).value(), QStringList{u"4 K"_s});
        QCOMPARE(tags().list(m_lab.session(), u"temperature"_s).value().size(), 1);
    }

    void mergedTagsAreOne()
    {
        QVERIFY(tags().add(m_lab.session(), {u"samples:S-1"_s, u"samples:S-2"_s}, {u"cold"_s}));
        QVERIFY(tags().add(m_lab.session(), {u"samples:S-2"_s, u"samples:S-3"_s}, {u"cool"_s}));
        QCOMPARE(tags().merge(m_lab.session(), u"cool"_s, u"cold"_s).value(), 1);
        const auto uses = tags().list(m_lab.session());
        QCOMPARE(uses.value().size(), 1);
        QCOMPARE(uses.value().first().count, 3);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM object_tags"_s), 3);
        QCOMPARE(tags().merge(m_lab.session(), u"cold"_s, u"cold"_s).error().code,
                 ErrorCode::BadInput);
        QCOMPARE(tags().merge(m_lab.session(), u"cool"_s, u"cold"_s).error().code,
                 ErrorCode::NotFound);
    }

    void duplicatesHaveIdsOfTheirOwn()
    {
        m_lab.add(u"precursors"_s, {{u"name"_s, u"TMGa"_s}});
        const EntityRecord first =
            m_lab.add(u"samples"_s, {{u"material"_s, u"GaN"_s}, {u"parent"_s, u"S-1"_s}});
        m_lab.add(u"sample_precursors"_s,
                  {{u"sample"_s, first.uid}, {u"precursor"_s, u"TMGa"_s}, {u"quantity"_s, 2}});
        const auto copy = duplicate(u"samples"_s, first.uid, OwnedLines::Copied);
        BIRCH_VERIFY(copy);
        QVERIFY(copy.value().text(u"sample_id"_s) != first.text(u"sample_id"_s));
        QCOMPARE(copy.value().text(u"material"_s), u"GaN"_s);
        QCOMPARE(copy.value().text(u"parent"_s), u"S-1"_s);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM sample_precursors"_s), 2);
        BIRCH_VERIFY(duplicate(u"samples"_s, first.uid, OwnedLines::LeftOut));
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM sample_precursors"_s), 2);
        m_lab.add(u"projects"_s, {{u"name"_s, u"P"_s}, {u"code"_s, u"P1"_s}});
        const auto project = duplicate(u"projects"_s, u"P"_s, OwnedLines::Copied);
        BIRCH_VERIFY(project);
        QCOMPARE(project.value().text(u"name"_s), u"P (2)"_s);
        QVERIFY(!project.value().values.contains(u"code"_s));
    }

    void templatesPrefill()
    {
        m_lab.add(u"projects"_s, {{u"name"_s, u"P"_s}});
        const EntityRecord sample = m_lab.add(u"samples"_s, {{u"material"_s, u"GaN"_s},
                                                             {u"project"_s, u"P"_s},
                                                             {u"dimensions"_s, u"{\"x\": 2}"_s}});
        BIRCH_VERIFY(saveAsTemplate(m_lab.connection(), m_lab.session(), u"samples"_s, sample.uid,
                                    u"Usual"_s));
        const auto made = addFromTemplate(m_lab.connection(), m_lab.session(), u"samples"_s,
                                          u"Usual"_s, {{u"material"_s, u"AlN"_s}});
        BIRCH_VERIFY(made);
        QCOMPARE(made.value().text(u"material"_s), u"AlN"_s);
        QCOMPARE(made.value().text(u"project"_s), u"P"_s);
        QCOMPARE(made.value().values.value(u"dimensions"_s).toJsonValue()[u"x"].toInt(), 2);
        QVERIFY(made.value().text(u"sample_id"_s) != sample.text(u"sample_id"_s));
        QCOMPARE(addFromTemplate(m_lab.connection(), m_lab.session(), u"wastes"_s, u"Usual"_s, {})
                     .error()
                     .code,
                 ErrorCode::BadInput);
    }

    void collectionsHaveAnOrder()
    {
        m_lab.add(u"collections"_s, {{u"name"_s, u"Good"_s}});
        CollectionStore store(m_lab.connection());
        const QStringList all{u"samples:S-1"_s, u"samples:S-2"_s, u"samples:S-3"_s};
        BIRCH_VERIFY(store.add(m_lab.session(), u"Good"_s, all));
        BIRCH_VERIFY(store.add(m_lab.session(), u"Good"_s, {all[0]}));
        const auto now = [&](const QString &name) {
            QStringList names;
            for (const CollectionMember &member : store.members(m_lab.session(), name).value())
                names << member.object.section(u'-', -1);
            return names.join(u' ');
        };
        QCOMPARE(now(u"Good"_s), u"1 2 3"_s);
        BIRCH_VERIFY(store.move(m_lab.session(), u"Good"_s, all[2], 0));
        QCOMPARE(now(u"Good"_s), u"3 1 2"_s);
        BIRCH_VERIFY(store.move(m_lab.session(), u"Good"_s, all[2], 99));
        QCOMPARE(now(u"Good"_s), u"1 2 3"_s);
        BIRCH_VERIFY(store.remove(m_lab.session(), u"Good"_s, all[1]));
        QCOMPARE(now(u"Good"_s), u"1 3"_s);
        QCOMPARE(store.remove(m_lab.session(), u"Good"_s, all[1]).error().code,
                 ErrorCode::NotFound);
        BIRCH_VERIFY(store.add(m_lab.session(), u"Good"_s, {all[1]}));
        QCOMPARE(now(u"Good"_s), u"1 3 2"_s);

        const auto search = [this](const QString &query) {
            return m_lab.tryAdd(u"collections"_s, {{u"name"_s, u"Nitrides"_s},
                                                   {u"kind"_s, u"search"_s},
                                                   {u"entity_type"_s, u"samples"_s},
                                                   {u"query"_s, query}});
        };
        QCOMPARE(search(u"{\"colour\": \"blue\"}"_s).error().code, ErrorCode::BadInput);
        BIRCH_VERIFY(search(u"{\"material\": \"GaN\"}"_s));
        QCOMPARE(now(u"Nitrides"_s), QString());
        BIRCH_VERIFY(m_lab.tryEdit(u"samples"_s, u"S-2"_s, {{u"material"_s, u"GaN"_s}}));
        QCOMPARE(now(u"Nitrides"_s), u"2"_s);
        QCOMPARE(store.add(m_lab.session(), u"Nitrides"_s, all).error().code, ErrorCode::BadInput);
    }

    void pinsAreOnesOwn()
    {
        const auto person = [this](const QString &name) {
            Session session{name, Role::Operator};
            session.userRow =
                m_lab.add(u"users"_s, {{u"username"_s, name}, {u"role"_s, u"operator"_s}}).id;
            return session;
        };
        const Session bob = person(u"bob"_s);
        const Session carla = person(u"carla"_s);
        for (int twice = 0; twice < 2; ++twice)
            BIRCH_VERIFY(setPinned(m_lab.connection(), bob, u"samples:S-1"_s, true));
        QCOMPARE(pinsOf(m_lab.connection(), bob).value(), QStringList{u"samples:S-1"_s});
        QCOMPARE(pinsOf(m_lab.connection(), carla).value(), QStringList());
        BIRCH_VERIFY(setPinned(m_lab.connection(), bob, u"samples:S-1"_s, false));
        QCOMPARE(pinsOf(m_lab.connection(), bob).value(), QStringList());
        const Session stranger{u"nobody"_s, Role::Operator};
        QCOMPARE(setPinned(m_lab.connection(), stranger, u"samples:S-1"_s, true).error().code,
                 ErrorCode::NotFound);
    }

private:
    TagStore tags() { return TagStore(m_lab.connection()); }
    Result<EntityRecord> duplicate(const QString &table, const QString &key, OwnedLines lines)
    {
        return duplicateRecord(m_lab.connection(), m_lab.session(), table, key, lines);
    }

    test::StoreFixture m_fixture;
    test::LabFixture m_lab;
};

QTEST_GUILESS_MAIN(TagsTest)
#include "tst_tags.moc"
