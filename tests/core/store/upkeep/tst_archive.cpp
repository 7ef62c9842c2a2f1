#include "core/store/upkeep/archive.h"

#include "core/store/chunk_reader.h"
#include "core/store/scan_repository.h"
#include "tests/core/store/upkeep/filled_database.h"

#include <QFileInfo>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
constexpr qint64 kDay = 86'400'000'000;
constexpr qint64 kOld = 1'700'000'000'000'000;
constexpr qint64 kNew = kOld + 100 * kDay;
} // namespace

/// Old scans go into a file of their own, and nothing is lost on the way.
class ArchiveTest : public QObject
{
    Q_OBJECT
private slots:
    void movesWhatIsOld_data() { test::StoreFixture::addEngines(); }
    void movesWhatIsOld()
    {
        QFETCH(bool, isPostgres);
        QStringList old;
        QString recent;
        QString needed;
        const DatabaseUrl url = filled(isPostgres, &old, &recent, &needed);
        const auto before = test::contents(url);
        const QString file = m_fixture.path(u"old%1.sqlite"_s.arg(isPostgres));
        const auto done = archiveScans(test::opened(url), file, {u"ada"_s, kOld + kDay});
        BIRCH_VERIFY(done);
        QCOMPARE(done.value().scans, 2);
        QCOMPARE(done.value().kept.size(), 1);
        QVERIFY2(done.value().kept.first().contains(u"analysis_inputs"_s),
                 qPrintable(done.value().kept.first()));
        const auto archive = Database::open(DatabaseUrl::sqliteFile(file), u"ada"_s);
        BIRCH_VERIFY(archive);
        for (const QString &scan : std::as_const(old))
            QCOMPARE(rowsOf(*archive.value(), scan), 30);
        const auto source = Database::open(url, u"ada"_s);
        BIRCH_VERIFY(source);
        for (const QString &scan : std::as_const(old))
            QCOMPARE(rowsOf(*source.value(), scan), -1);
        QCOMPARE(rowsOf(*source.value(), recent), 30);
        QCOMPARE(rowsOf(*source.value(), needed), 30);
        // Each row is in one of both; what scans refer to is in both.
        const auto left = test::contents(url);
        const auto moved = test::contents(DatabaseUrl::sqliteFile(file));
        for (const QString &table :
             {u"scans"_s, u"scan_logs"_s, u"scan_documents"_s, u"scan_timings"_s,
              u"scan_definitions"_s, u"measurement_objects"_s, u"data_chunks"_s, u"object_tags"_s})
            QCOMPARE(left[table].rows() + moved[table].rows(), before[table].rows());
        QCOMPARE(left[u"definition_texts"_s], before[u"definition_texts"_s]);
        QCOMPARE(moved[u"definition_texts"_s].rows(), 2);
        QVERIFY(moved[u"labs"_s].rows() > 0 && moved[u"stations"_s].rows() == 1);
        QCOMPARE(moved[u"tags"_s].rows(), test::newScan().details.tags.size());
        QVERIFY(before[u"tags"_s].rows() > moved[u"tags"_s].rows());
        QCOMPARE(left[u"samples"_s], before[u"samples"_s]);
        QVERIFY(moved[u"samples"_s].rows() < before[u"samples"_s].rows());
        QCOMPARE(events(url), 2);
        QCOMPARE(test::damage(DatabaseUrl::sqliteFile(file)), QStringList());
        QCOMPARE(test::damage(url), QStringList());
        const auto again =
            archiveScans(test::opened(url), m_fixture.path(u"again"_s), {u"ada"_s, kOld + kDay});
        QVERIFY(!again); // nothing is open, and nothing old is left that could go
    }

    /// Killed when the file was durable and nothing, or some of it, removed.
    void completesWhatWasKilled()
    {
        QStringList old;
        QString recent;
        QString needed;
        const DatabaseUrl url = filled(false, &old, &recent, &needed);
        const QString file = m_fixture.path(u"killed.sqlite"_s);
        const QString saved = m_fixture.path(u"saved.sqlite"_s);
        QVERIFY(QFile::copy(url.path(), saved));
        BIRCH_VERIFY(archiveScans(test::opened(url), file, {u"ada"_s, kOld + kDay}));
        QVERIFY(QFile::remove(url.path()) && QFile::rename(saved, url.path()));
        const auto done = archiveScans(test::opened(url), file, {u"ada"_s, kOld + kDay});
        BIRCH_VERIFY(done);
        QVERIFY(done.value().wasFinished);
        QCOMPARE(done.value().scans, 2);
        const auto nothing = archiveScans(test::opened(url), file, {u"ada"_s, kOld + kDay});
        BIRCH_VERIFY(nothing);
        QCOMPARE(nothing.value().scans, 0);
    }

    /// What is not the same in both any more is not removed.
    void changedSinceStays()
    {
        QStringList old;
        QString recent;
        QString needed;
        const DatabaseUrl url = filled(false, &old, &recent, &needed);
        const QString file = m_fixture.path(u"changed.sqlite"_s);
        const QString saved = m_fixture.path(u"saved2.sqlite"_s);
        QVERIFY(QFile::copy(url.path(), saved));
        BIRCH_VERIFY(archiveScans(test::opened(url), file, {u"ada"_s, kOld + kDay}));
        QVERIFY(QFile::remove(url.path()) && QFile::rename(saved, url.path()));
        BIRCH_VERIFY(Connection::open(url).value()->execute(
            u"UPDATE data_chunks SET flagged_count = flagged_count + 1 "
            "WHERE measurement_object_id IN (SELECT m.id FROM measurement_objects m "
            "JOIN scans s ON s.id = m.scan_id WHERE s.scan_id = ?)"_s,
            {old.first()}));
        const auto done = archiveScans(test::opened(url), file, {u"ada"_s, kOld + kDay});
        BIRCH_VERIFY(done);
        QCOMPARE(done.value().scans, 1);
        QCOMPARE(done.value().kept.size(), 1);
    }

    void filesOfOthersStay()
    {
        QStringList old;
        QString recent;
        QString needed;
        const DatabaseUrl url = filled(false, &old, &recent, &needed);
        const auto before = test::contents(url);
        const auto other = m_fixture.newDatabase(false)->url();
        QCOMPARE(archiveScans(test::opened(url), other.path(), {u"ada"_s, kNew}).error().code,
                 ErrorCode::Conflict);
        QFile text(m_fixture.path(u"notes"_s));
        QVERIFY(text.open(QIODevice::WriteOnly) && text.write("precious") == 8);
        text.close();
        QCOMPARE(archiveScans(test::opened(url), text.fileName(), {u"ada"_s, kNew}).error().code,
                 ErrorCode::BadInput);
        QCOMPARE(QFileInfo(text).size(), 8);
        QVERIFY(!archiveScans(test::opened(url), u"/proc/nowhere/x"_s, {u"ada"_s, kNew}));
        QCOMPARE(
            archiveScans(test::opened(url), m_fixture.path(u"x"_s), {u"ada"_s, 1000}).error().code,
            ErrorCode::NotFound);
        QCOMPARE(
            archiveScans(test::opened(url), m_fixture.path(u"x"_s), {u"eve"_s, kNew}).error().code,
            ErrorCode::Denied);
        QCOMPARE(test::contents(url), before);
    }

private:
    /// Two old scans; one that an analysis needs, one that can go on; a new one. All are tagged.
    DatabaseUrl filled(bool isPostgres, QStringList *old, QString *recent, QString *needed)
    {
        const auto database = m_fixture.newDatabase(isPostgres);
        *needed = test::addScan(*database, 30, kOld);
        const auto connection = database->connect().value();
        test::EntityExamples examples(*connection, openSession(*connection, u"ada"_s).value());
        for (const char *table : {"samples", "analysis_inputs", "tags"})
            made(examples.add(*entityByTable(QString::fromLatin1(table))));
        *old = {test::addScan(*database, 30, kOld), test::addScan(*database, 30, kOld + 1)};
        *recent = test::addScan(*database, 30, kNew);
        const QString open = test::addScan(*database, 30, kOld + 2);
        made(connection->execute(
            u"UPDATE scans SET state = 'interrupted', ended_at = NULL WHERE scan_id = ?"_s,
            {open}));
        return database->url();
    }
    template<typename T>
    static void made(const Result<T> &result)
    {
        if (!result)
            qFatal("%s", qPrintable(result.error().message));
    }

    /// Of the first object, compared with what was recorded; -1: no such scan.
    static qint64 rowsOf(const Database &database, const QString &scan)
    {
        const auto connection = database.connect().value();
        const Session session = openSession(*connection, u"ada"_s).value();
        const auto record = ScanRepository(*connection).find(session, scan);
        if (!record)
            return -1;
        const StoredObject &object = *record.value().object(u"all"_s);
        const auto whole = ChunkReader(*connection).readAll(object, 0, object.rowsStored);
        return whole && whole.value() == test::rowsOf(object.schema, 0, object.rowsStored)
                   ? object.rowsStored
                   : -2;
    }
    static qint64 events(const DatabaseUrl &url)
    {
        return Connection::open(url)
            .value()
            ->firstRow(u"SELECT count(*) FROM event_log WHERE action = 'archived'"_s)
            .value()
            ->first()
            .toLongLong();
    }

    test::StoreFixture m_fixture;
};

QTEST_GUILESS_MAIN(ArchiveTest)
#include "tst_archive.moc"
