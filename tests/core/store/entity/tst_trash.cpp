#include "core/store/entity/trash.h"

#include "core/store/entity/life_graph.h"
#include "core/store/scan_repository.h"
#include "core/store/sql_run_store.h"
#include "core/store/store_time.h"
#include "tests/core/store/event_fixture.h"
#include "tests/core/store/lab_fixture.h"
#include "tests/core/store/scan_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

/// What goes to the trash with what, comes back with it, and when it may end for good.
class TrashTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        m_lab.open(m_fixture, isPostgres);
    }
    void cleanup() { m_lab.close(); }
    void initTestCase_data() { test::StoreFixture::addEngines(); }

    void graphFollowsTheDeclarations()
    {
        for (const EntitySpec &spec : entitySpecs())
            QVERIFY2(lifeTables().contains(spec.table), qPrintable(spec.table));
        for (const LifeEdge &edge : lifeEdges()) {
            if (edge.isToObject() || edge.target == u"measurement_objects"_s)
                continue;
            QVERIFY2(lifeTables().indexOf(edge.target) <= lifeTables().indexOf(edge.table),
                     qPrintable(edge.table + u'.' + edge.column));
        }
    }

    void projectTakesWhatIsInIt()
    {
        addProject();
        const auto trashed = trash().trash(m_lab.session(), u"projects"_s, u"P"_s);
        BIRCH_VERIFY(trashed);
        QCOMPARE(trashed.value().counts.value(u"samples"_s), 1);
        QCOMPARE(trashed.value().counts.value(u"object_tags"_s), 1);
        QCOMPARE(trashed.value().counts.value(u"sample_precursors"_s), 1);
        QVERIFY(!trashed.value().counts.contains(u"precursors"_s));
        QVERIFY(m_lab.find(u"samples"_s, u"S-1"_s).trashedUs);
        QVERIFY(!m_lab.find(u"samples"_s, u"S-free"_s).trashedUs);
        QVERIFY(m_lab.find(u"samples"_s, u"S-1"_s).revision > 1);
        const auto again = trash().trash(m_lab.session(), u"projects"_s, u"P"_s);
        QCOMPARE(again.error().code, ErrorCode::Conflict);
    }

    void restoreBringsBackExactlyThat()
    {
        addProject();
        BIRCH_VERIFY(trash().trash(m_lab.session(), u"samples"_s, u"S-1"_s));
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-2"_s}, {u"project"_s, u"P"_s}});
        BIRCH_VERIFY(trash().trash(m_lab.session(), u"projects"_s, u"P"_s));

        const auto part = trash().restore(m_lab.session(), u"samples"_s, u"S-2"_s);
        QCOMPARE(part.error().code, ErrorCode::Conflict);
        QVERIFY2(part.error().message.contains(u"projects:P"_s), qPrintable(part.error().message));
        const auto inside = trash().restore(m_lab.session(), u"samples"_s, u"S-1"_s);
        QCOMPARE(inside.error().code, ErrorCode::Conflict);
        QVERIFY2(inside.error().message.contains(u"projects:P"_s),
                 qPrintable(inside.error().message));

        BIRCH_VERIFY(trash().restore(m_lab.session(), u"projects"_s, u"P"_s));
        QVERIFY(!m_lab.find(u"samples"_s, u"S-2"_s).trashedUs);
        QVERIFY(m_lab.find(u"samples"_s, u"S-1"_s).trashedUs); // went there before, by itself
        BIRCH_VERIFY(trash().restore(m_lab.session(), u"samples"_s, u"S-1"_s));
        QVERIFY(!m_lab.find(u"samples"_s, u"S-1"_s).trashedUs);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM object_tags WHERE trashed_at IS NULL"_s), 1);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM objects WHERE trash_root_id IS NOT NULL"_s), 0);
        const auto twice = trash().restore(m_lab.session(), u"samples"_s, u"S-1"_s);
        QCOMPARE(twice.error().code, ErrorCode::Conflict);
    }

    void labsTakeTheirPlaces()
    {
        m_lab.add(u"labs"_s, {{u"name"_s, u"Annex"_s}});
        m_lab.add(u"locations"_s, {{u"lab"_s, u"Annex"_s}, {u"name"_s, u"Room"_s}});
        m_lab.add(u"locations"_s,
                  {{u"lab"_s, u"Annex"_s}, {u"name"_s, u"Shelf"_s}, {u"parent"_s, u"Room"_s}});
        m_lab.add(u"samples"_s, {{u"lab"_s, u"Annex"_s}, {u"sample_id"_s, u"S-1"_s}});
        m_lab.add(u"placements"_s, {{u"object"_s, u"samples:S-1"_s},
                                    {u"location"_s, u"Shelf"_s},
                                    {u"placed_at"_s, u"2026-01-01T00:00:00Z"_s}});
        const auto trashed = trash().trash(m_lab.session(), u"labs"_s, u"Annex"_s);
        BIRCH_VERIFY(trashed);
        QCOMPARE(trashed.value().counts.value(u"locations"_s), 2);
        QCOMPARE(trashed.value().counts.value(u"placements"_s), 1);
        BIRCH_VERIFY(trash().purge(m_lab.session(), u"labs"_s, u"Annex"_s));
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM locations"_s), 0);
    }

    void purgesOnlyWhatNobodyNeeds()
    {
        addProject();
        m_lab.add(u"sample_parents"_s, {{u"sample"_s, u"S-free"_s}, {u"parent"_s, u"S-1"_s}});
        const auto early = trash().purge(m_lab.session(), u"projects"_s, u"P"_s);
        QCOMPARE(early.error().code, ErrorCode::Conflict);
        BIRCH_VERIFY(trash().trash(m_lab.session(), u"projects"_s, u"P"_s));
        const auto needed = trash().purge(m_lab.session(), u"projects"_s, u"P"_s);
        QCOMPARE(needed.error().code, ErrorCode::Conflict);
        QVERIFY2(needed.error().message.contains(u"sample_parents:"_s),
                 qPrintable(needed.error().message));
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM samples"_s), 2); // all or nothing
        Session person = m_lab.session();
        person.role = Role::Operator;
        QCOMPARE(trash().purge(person, u"projects"_s, u"P"_s).error().code, ErrorCode::Denied);

        const QString line = m_lab.repository(u"sample_parents"_s)
                                 .list(m_lab.session(), {})
                                 .value()
                                 .records.first()
                                 .uid;
        BIRCH_VERIFY(trash().trash(m_lab.session(), u"sample_parents"_s, line));
        BIRCH_VERIFY(trash().purge(m_lab.session(), u"sample_parents"_s, line));
        const auto purged = trash().purge(m_lab.session(), u"projects"_s, u"P"_s);
        BIRCH_VERIFY(purged);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM samples"_s), 1);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM object_tags"_s), 0);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM precursors"_s), 1);
        QCOMPARE(test::chainProblem(m_lab.connection()), QString());
        QCOMPARE(test::storedEvents(m_lab.connection()).last().link.action, u"purged"_s);
    }

    void scansGoWithTheirData()
    {
        const QString scan = addScan();
        BIRCH_VERIFY(ScanRepository(m_lab.connection())
                         .closeInterrupted(m_lab.session(), QUuid(scan), u"test"_s));
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-1"_s}});
        BIRCH_VERIFY(
            m_lab.connection().execute(u"UPDATE scans SET sample_id = (SELECT id FROM samples)"_s));
        BIRCH_VERIFY(trash().trash(m_lab.session(), u"samples"_s, u"S-1"_s));
        QVERIFY(!ScanRepository(m_lab.connection()).find(m_lab.session(), scan).value().isTrashed);
        const auto needed = trash().purge(m_lab.session(), u"samples"_s, u"S-1"_s);
        QVERIFY2(needed.error().message.contains(u"scans:"_s), qPrintable(needed.error().message));

        BIRCH_VERIFY(trash().trash(m_lab.session(), u"scans"_s, scan));
        BIRCH_VERIFY(trash().purge(m_lab.session(), u"scans"_s, scan));
        for (const QString &table :
             {u"scans"_s, u"measurement_objects"_s, u"data_chunks"_s, u"data_overviews"_s,
              u"scan_documents"_s, u"scan_logs"_s, u"scan_timings"_s, u"scan_definitions"_s})
            QCOMPARE(m_lab.count(u"SELECT count(*) FROM "_s + table), 0);
        BIRCH_VERIFY(trash().purge(m_lab.session(), u"samples"_s, u"S-1"_s));
    }

    void whatRunsStays()
    {
        addScan();
        BIRCH_VERIFY(m_lab.connection().execute(u"UPDATE scans SET state = 'running'"_s));
        const auto refused = trash().trash(m_lab.session(), u"projects"_s, u"Diodes"_s);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY(!m_lab.find(u"projects"_s, u"Diodes"_s).trashedUs);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM objects WHERE trash_root_id IS NOT NULL"_s), 0);
        QCOMPARE(trash().trash(m_lab.session(), u"labs"_s, u"Lab"_s).error().code,
                 ErrorCode::Conflict);
    }

    void expiredOnesAreEmptied()
    {
        addProject();
        BIRCH_VERIFY(trash().trash(m_lab.session(), u"samples"_s, u"S-1"_s));
        BIRCH_VERIFY(trash().trash(m_lab.session(), u"projects"_s, u"P"_s));
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-new"_s}});
        const qint64 between = nowUs() + 1;
        while (nowUs() <= between) {
        }
        BIRCH_VERIFY(trash().trash(m_lab.session(), u"samples"_s, u"S-new"_s));
        const auto entries = trash().list(m_lab.session());
        BIRCH_VERIFY(entries);
        QCOMPARE(entries.value().size(), 3);
        QCOMPARE(entries.value().first().root.title, u"S-1"_s);
        QCOMPARE(entries.value().first().count, 4);
        const auto done = trash().purgeExpired(m_lab.session(), between);
        BIRCH_VERIFY(done);
        QCOMPARE(done.value().purged.size(), 2);
        QCOMPARE(done.value().kept, QStringList());
        QCOMPARE(trash().list(m_lab.session()).value().size(), 1);
    }

    void archiveRefusesWhatIsTrashed()
    {
        EntityRepository samples = m_lab.repository(u"samples"_s);
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-1"_s}});
        BIRCH_VERIFY(samples.setTrashed(m_lab.session(), u"S-1"_s, true));
        QCOMPARE(samples.setArchived(m_lab.session(), u"S-1"_s, true).error().code,
                 ErrorCode::Conflict);
        BIRCH_VERIFY(samples.setTrashed(m_lab.session(), u"S-1"_s, false));
        BIRCH_VERIFY(samples.setArchived(m_lab.session(), u"S-1"_s, true));
        BIRCH_VERIFY(samples.setArchived(m_lab.session(), u"S-1"_s, false));
        QVERIFY(!m_lab.find(u"samples"_s, u"S-1"_s).archivedUs);
    }

    void staleEditsShowBothVersions()
    {
        const EntityRecord had =
            m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-1"_s}, {u"material"_s, u"GaAs"_s}});
        BIRCH_VERIFY(m_lab.tryEdit(u"samples"_s, u"S-1"_s, {{u"material"_s, u"Ge"_s}}));
        EntityRepository samples = m_lab.repository(u"samples"_s);
        const auto stale = samples.update(m_lab.session(), had, {{u"material"_s, u"Si"_s}});
        QCOMPARE(stale.error().code, ErrorCode::Conflict);
        QVERIFY2(stale.error().message.contains(u"\"GaAs\""_s) &&
                     stale.error().message.contains(u"\"Ge\""_s),
                 qPrintable(stale.error().message));
        const auto blind =
            samples.update(m_lab.session(), u"S-1"_s, {{u"material"_s, u"Si"_s}}, had.revision);
        QVERIFY2(blind.error().message.contains(u"\"Ge\""_s) &&
                     blind.error().message.contains(u"\"Si\""_s),
                 qPrintable(blind.error().message));
        QCOMPARE(m_lab.find(u"samples"_s, u"S-1"_s).text(u"material"_s), u"Ge"_s);
    }

private:
    Trash trash() { return Trash(m_lab.connection()); }

    /// Project P with sample S-1 (a tag, a precursor line); sample S-free outside.
    void addProject()
    {
        m_lab.add(u"projects"_s, {{u"name"_s, u"P"_s}});
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-1"_s}, {u"project"_s, u"P"_s}});
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-free"_s}});
        m_lab.add(u"tags"_s, {{u"name"_s, u"cold"_s}});
        m_lab.add(u"object_tags"_s, {{u"object"_s, u"samples:S-1"_s}, {u"tag"_s, u"cold"_s}});
        m_lab.add(u"precursors"_s, {{u"name"_s, u"TMGa"_s}});
        m_lab.add(u"sample_precursors"_s, {{u"sample"_s, u"S-1"_s}, {u"precursor"_s, u"TMGa"_s}});
        m_lab.add(u"collections"_s, {{u"name"_s, u"Good ones"_s}});
        m_lab.add(u"collection_items"_s,
                  {{u"collection"_s, u"Good ones"_s}, {u"object"_s, u"samples:S-1"_s}});
    }

    /// An interrupted scan with rows; its uid.
    QString addScan()
    {
        const auto store = SqlRunStore::open(m_lab.database(), u"ada"_s, u"bench"_s);
        const NewScan scan = test::newScan();
        if (!store || !store.value()->createScan(scan))
            qFatal("the scan could not be made");
        const Status done = m_lab.connection().execute(u"UPDATE scans SET state = 'interrupted'"_s);
        if (!done)
            qFatal("%s", qPrintable(done.error().message));
        return uidText(scan.uid);
    }

    test::StoreFixture m_fixture;
    test::LabFixture m_lab;
};

QTEST_GUILESS_MAIN(TrashTest)
#include "tst_trash.moc"
