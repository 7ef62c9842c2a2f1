#include "core/store/lab/tag_store.h"
#include "core/store/scan_insert.h"
#include "core/store/scan_repository.h"
#include "core/store/search/object_search.h"
#include "core/store/search/search_rebuild.h"
#include "tests/core/store/lab_fixture.h"
#include "tests/core/store/scan_fixture.h"

#include <algorithm>
#include <atomic>
#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;

/// One truth for the tags of scans and samples: what renames, merges or takes off a tag is seen in
/// the details, in lists and by the search at once.
class TaggedScansTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase_data() { test::StoreFixture::addEngines(); }
    void init()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        m_lab.open(m_fixture, isPostgres);
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-1"_s}});
    }
    void cleanup() { m_lab.close(); }

    void newScansBringTheirTags()
    {
        const QUuid first = addScan({u"cold"_s, u"ünïcode"_s});
        QCOMPARE(tagsOf(first), (QStringList{u"cold"_s, u"ünïcode"_s}));
        // Spelled otherwise it is the same; empty names and repetitions are none.
        const QUuid second = addScan({u"COLD"_s, u" "_s, u"cold "_s, u"Ünïcode"_s});
        QCOMPARE(tagsOf(second), (QStringList{u"cold"_s, u"ünïcode"_s}));
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM tags"_s), 2);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM object_tags"_s), 4);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM event_log WHERE kind = 'tags'"_s), 2);
    }

    void tagsComeBackFromTheTrash()
    {
        const QUuid scan = addScan({u"cold"_s});
        BIRCH_VERIFY(m_lab.repository(u"tags"_s).setTrashed(m_lab.session(), u"cold"_s, true));
        QCOMPARE(tagsOf(scan), QStringList());
        QCOMPARE(found(u"cold"_s), 0);
        const QUuid other = addScan({u"Cold"_s});
        QCOMPARE(tagsOf(other), QStringList{u"cold"_s});
    }

    void renamedTagsAreSeenEverywhere()
    {
        const QUuid scan = addScan({u"cold"_s});
        tag(u"S-1"_s, u"cold"_s);
        QCOMPARE(found(u"cold"_s), 2);
        BIRCH_VERIFY(m_lab.tryEdit(u"tags"_s, u"cold"_s, {{u"name"_s, u"Kälte"_s}}));
        QCOMPARE(tagsOf(scan), QStringList{u"Kälte"_s});
        QCOMPARE(found(u"cold"_s), 0);
        QCOMPARE(found(u"KÄLT"_s), 2);
        QCOMPARE(found(u"kä"_s), 2); // the beginning of a word
        ScanFilter filter;
        filter.search = u"kälte map"_s; // of the tag, and of the name
        QCOMPARE(page(filter).total, 1);
        QCOMPARE(page(filter).scans.first().details.tags, QStringList{u"Kälte"_s});
    }

    void mergedAndRemovedTagsAreSeenEverywhere()
    {
        const QUuid scan = addScan({u"cold"_s, u"cool"_s});
        tag(u"S-1"_s, u"cool"_s);
        QCOMPARE(tags().merge(m_lab.session(), u"cool"_s, u"cold"_s).value(), 1);
        QCOMPARE(tagsOf(scan), QStringList{u"cold"_s});
        QCOMPARE(found(u"cool"_s), 0);
        QCOMPARE(found(u"cold"_s), 2);
        QCOMPARE(tags().remove(m_lab.session(), {u"samples:S-1"_s}, {u"Cold"_s}).value(), 1);
        QCOMPARE(found(u"cold"_s), 1);
        BIRCH_VERIFY(tags().add(m_lab.session(), {u"samples:S-1"_s}, {u"cold"_s}));
        QCOMPARE(found(u"cold"_s), 2);
    }

    void wordsOutliveOtherChanges()
    {
        const QUuid scan = addScan({u"cold"_s});
        tag(u"S-1"_s, u"cold"_s);
        BIRCH_VERIFY(m_lab.tryEdit(u"samples"_s, u"S-1"_s, {{u"material"_s, u"GaAs"_s}}));
        QCOMPARE(found(u"gaas cold"_s), 1);
        auto details = record(scan).details;
        details.title = u"Second try"_s;
        edit(scan, details);
        QCOMPARE(found(u"second cold"_s), 1);
        details.tags = {u"warm"_s};
        edit(scan, details);
        QCOMPARE(tagsOf(scan), QStringList{u"warm"_s});
        QCOMPARE(found(u"second cold"_s), 0);
        QCOMPARE(found(u"second warm"_s), 1);
        const qint64 words = textLength();
        BIRCH_VERIFY(rebuildSearch(m_lab.connection()));
        QCOMPARE(textLength(), words);
        QCOMPARE(found(u"second warm"_s), 1);
        QCOMPARE(found(u"gaas cold"_s), 1);
    }

    void trashedScansShowTheirTags()
    {
        const QUuid scan = addScan({u"cold"_s});
        BIRCH_VERIFY(m_lab.connection().execute(u"UPDATE scans SET state = 'completed'"_s));
        ScanRepository scans(m_lab.connection());
        BIRCH_VERIFY(scans.setTrashed(m_lab.session(), scan, true));
        QCOMPARE(tagsOf(scan), QStringList{u"cold"_s});
        BIRCH_VERIFY(scans.setTrashed(m_lab.session(), scan, false));
        QCOMPARE(tagsOf(scan), QStringList{u"cold"_s});
        QCOMPARE(found(u"cold"_s), 1);
    }

    void listsShowTheTagsOfEachScan()
    {
        for (int i = 0; i < 20; ++i)
            addScan({u"cold"_s, u"tag %1"_s.arg(i)});
        const ScanPage scans = page({});
        QCOMPARE(scans.scans.size(), 20);
        for (const ScanRecord &scan : scans.scans)
            QCOMPARE(scan.details.tags.size(), 2);
        QCOMPARE(scans.scans.first().details.tags, (QStringList{u"cold"_s, u"tag 19"_s}));
    }

    /// Scans of several stations that begin with one new tag at the same time all have it.
    void newTagsAtTheSameTime()
    {
        constexpr int kWriters = 4;
        std::vector<std::thread> writers;
        std::atomic<int> failures = 0;
        for (int i = 0; i < kWriters; ++i) {
            writers.emplace_back([this, i, &failures] {
                const auto connection = m_lab.database().connect();
                Session session = m_lab.session();
                session.station = u"B%1"_s.arg(i);
                QStringList names{u"new"_s, u"newer"_s};
                if (i % 2 == 1)
                    std::reverse(names.begin(), names.end());
                if (!connection || !insert(*connection.value(), session, names))
                    ++failures;
            });
        }
        for (std::thread &writer : writers)
            writer.join();
        QCOMPARE(failures.load(), 0);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM tags"_s), 2);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM object_tags"_s), 2 * kWriters);
        QCOMPARE(found(u"newer"_s), kWriters);
    }

private:
    static Result<StoredScan> insert(Connection &connection, const Session &session,
                                     const QStringList &names)
    {
        NewScan scan = test::newScan(session.station);
        scan.details.tags = names;
        scan.details.project.clear();
        auto transaction = WriteTransaction::begin(connection);
        if (!transaction)
            return transaction.error();
        auto stored = insertScan(connection, session, scan);
        if (!stored)
            return stored;
        if (Status done = transaction.value().commit(); !done)
            return done.error();
        return stored;
    }

    QUuid addScan(const QStringList &names)
    {
        const auto stored = insert(m_lab.connection(), m_lab.session(), names);
        if (!stored)
            qFatal("%s", qPrintable(stored.error().message));
        return stored.value().uid;
    }

    TagStore tags() { return TagStore(m_lab.connection()); }
    void tag(const QString &sample, const QString &name)
    {
        BIRCH_VERIFY(tags().add(m_lab.session(), {u"samples:"_s + sample}, {name}));
    }

    ScanRecord record(const QUuid &scan)
    {
        return ScanRepository(m_lab.connection()).find(m_lab.session(), uidText(scan)).value();
    }
    QStringList tagsOf(const QUuid &scan) { return record(scan).details.tags; }
    ScanPage page(const ScanFilter &filter)
    {
        return ScanRepository(m_lab.connection()).list(m_lab.session(), filter).value();
    }
    void edit(const QUuid &scan, const ScanDetails &details)
    {
        BIRCH_VERIFY(ScanRepository(m_lab.connection())
                         .editDetails(m_lab.session(), scan, details, record(scan).revision));
    }

    /// Scans and samples that \a text finds.
    qint64 found(const QString &text)
    {
        ObjectSearchFilter filter;
        filter.request = parseSearch(text + u" kind:scans kind:samples"_s);
        return ObjectSearch(m_lab.connection()).search(m_lab.session(), filter).value().total;
    }
    qint64 textLength() { return m_lab.count(u"SELECT sum(length(search_text)) FROM objects"_s); }

    test::StoreFixture m_fixture;
    test::LabFixture m_lab;
};

QTEST_GUILESS_MAIN(TaggedScansTest)
#include "tst_tagged_scans.moc"
