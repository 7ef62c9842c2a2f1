#include "core/data/recovery.h"

#include "core/data/spool_lock.h"
#include "core/data/spool_reader.h"
#include "core/data/spool_writer.h"
#include "tests/core/data/memory_run_store.h"
#include "tests/core/data/sample_rows.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>

#define XXH_INLINE_ALL
#include <xxhash.h>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {
const QJsonObject kEndSettings{{u"smu"_s, QJsonObject{{u"range"_s, 2}}}};
}

class TestRecovery : public QObject
{
    Q_OBJECT

private:
    using Fault = MemoryDatabase::Fault;

    /// A scan in the database and its spool, its program gone. The first \a stored of \a records
    /// records are in the database already.
    QString leaveSpool(int records, bool isEnded, int stored = 0, bool hasTiming = true)
    {
        m_scan = sampleScan();
        MemoryRunStore store(m_database);
        auto lock = SpoolLock::claim(m_dir->path(), m_scan.uid, m_database.uid, 1);
        m_opened = store.createScan(m_scan).value();
        RecorderSettings settings;
        settings.spoolDir = m_dir->path();
        settings.segmentBytes = 1 << 14;
        settings.reserveBytes = 0;
        const SpoolHeader header{m_database.uid, m_scan.uid,      m_opened.scanId, 1,
                                 m_scan.station, m_scan.planHash, m_scan.objects,  {0}};
        auto writer = SpoolWriter::open(lock.value(), settings, header);
        for (int i = 0; i < records; ++i) {
            const QByteArray cursor = "{\"after\":" + QByteArray::number(i) + "}";
            (void)writer.value()->append(encodeFrame(sampleRows(0, i * 10, 10), cursor), {i * 10},
                                         true);
            if (hasTiming)
                (void)writer.value()->append(encodeFrame(TimingRecord{timingAfter(i)}), {i * 10},
                                             false);
            (void)writer.value()->append(
                encodeFrame(LogRecord{(qint64(1) << 32) + i, {i, u"info"_s, u"line %1"_s.arg(i)}}),
                {(i + 1) * 10}, false);
        }
        (void)writer.value()->append(encodeFrame(StateRecord{ScanState::Paused}), {records * 10},
                                     false);
        if (isEnded) {
            (void)writer.value()->append(encodeFrame(EndSettingsRecord{kEndSettings}),
                                         {records * 10}, false);
            (void)writer.value()->append(
                encodeFrame(EndRecord{ScanState::Failed, u"no answer"_s, 9}), {records * 10},
                false);
        }
        if (stored > 0)
            storePart(stored);
        return lock.value()->folder();
    }
    static ScanTiming timingAfter(int record)
    {
        return {record * 100 + 100,
                {{{}, {}, u"smu.iv"_s, TimePart::Read, record + 1, record * 90, 95}}};
    }
    void storePart(int records)
    {
        MemoryRunStore store(m_database);
        ScanCommit commit;
        commit.scan = m_scan.uid;
        commit.epoch = 1;
        commit.rowsBefore = {0};
        commit.rowsAfter = {records * 10};
        ChunkEncoder encoder;
        const PointBatch rows = sampleRows(0, 0, records * 10);
        for (size_t i = 0; i < rows.columns.size(); ++i)
            commit.chunks.push_back(encoder.encode(0, int(i), 0, rows.columns[i]));
        commit.log = {{0, u"info"_s, u"line 0"_s}};
        commit.logSequence = qint64(1) << 32;
        QVERIFY(store.commit(commit));
    }
    void compareStored(int records, ScanState state) const
    {
        const auto stored = m_database.scan(m_scan.uid);
        QCOMPARE(stored.opened.rowsStored.at(0), records * 10);
        const PointBatch expected = sampleRows(0, 0, records * 10);
        for (size_t i = 0; i < expected.columns.size(); ++i)
            QVERIFY(stored.tables[0][i] == expected.columns[i]);
        QCOMPARE(int(stored.log.size()), records);
        QCOMPARE(stored.opened.state, state);
        QVERIFY(!stored.reason.isEmpty());
        QVERIFY(stored.endedUs);
        if (records > 0)
            QCOMPARE(stored.opened.cursor, sampleCursor(records - 1));
        QCOMPARE(stored.endSettings,
                 state == ScanState::Failed ? kEndSettings : QJsonObject()); // with the ending
        QVERIFY(stored.wasLastDurable);
    }

    /// The same segment, its frames of times of a type that nobody knows yet.
    static QByteArray retyped(QByteArray segment)
    {
        for (qint64 at = kFileMarkSize;;) {
            const auto payload = announcedPayload(QByteArrayView(segment).sliced(at));
            if (!payload)
                return segment;
            if (quint8(segment[at + 4]) == quint8(FrameType::Timing)) {
                segment[at + 4] = char(200);
                const qint64 body = kFramePrefix + *payload;
                qToLittleEndian(quint64(XXH3_64bits(segment.constData() + at, size_t(body))),
                                segment.data() + at + body);
            }
            at += *payload + kFrameOverhead;
        }
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    MemoryDatabase m_database;
    NewScan m_scan;
    OpenedScan m_opened;

private slots:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        m_database.setFault(Fault::None);
    }

    void missingRowsAreStoredOnce_data()
    {
        QTest::addColumn<int>("records");
        QTest::addColumn<bool>("isEnded");
        QTest::addColumn<int>("stored");
        QTest::newRow("died before the first point") << 0 << false << 0;
        QTest::newRow("nothing stored yet") << 20 << false << 0;
        QTest::newRow("some stored") << 20 << false << 7;
        QTest::newRow("all stored, state not") << 20 << false << 20;
        QTest::newRow("ended, nothing stored") << 20 << true << 0;
        QTest::newRow("ended, all stored") << 20 << true << 20;
        QTest::newRow("many segments") << 200 << true << 3;
    }
    void missingRowsAreStoredOnce()
    {
        QFETCH(int, records);
        QFETCH(bool, isEnded);
        QFETCH(int, stored);
        const QString folder = leaveSpool(records, isEnded, stored);
        const auto spools = listSpools(m_dir->path(), m_database.uid);
        QCOMPARE(spools.size(), 1);
        QCOMPARE(spools.first().condition, SpoolCondition::Orphan);
        QCOMPARE(spools.first().scan, m_scan.uid);
        QCOMPARE(spools.first().scanId, m_opened.scanId);
        MemoryRunStore store(m_database);
        RecoverySettings settings;
        settings.maxRowsPerCommit = 50;
        const auto recovered = recoverSpool(folder, store, settings);
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().message));
        QCOMPARE(recovered.value().rowsRecovered, (records - stored) * 10);
        QCOMPARE(recovered.value().warning, QString());
        QVERIFY(!QDir(folder).exists());
        compareStored(records, isEnded ? ScanState::Failed : ScanState::Interrupted);
        QVERIFY(m_database.scan(m_scan.uid).largestCommit <= std::max(50, stored * 10));
    }

    void timesAreTheLastOnes()
    {
        const QString folder = leaveSpool(30, false);
        MemoryRunStore store(m_database);
        RecoverySettings settings;
        settings.maxRowsPerCommit = 50;
        QVERIFY(recoverSpool(folder, store, settings));
        compareStored(30, ScanState::Interrupted);
        const auto stored = m_database.scan(m_scan.uid);
        QCOMPARE(stored.timings, (std::map<int, ScanTiming>{{1, timingAfter(29)}}));
    }
    /// As programs left them that knew nothing of times, or know more than this one.
    void otherVersions_data()
    {
        QTest::addColumn<bool>("isLater");
        QTest::newRow("earlier") << false;
        QTest::newRow("later") << true;
    }
    void otherVersions()
    {
        QFETCH(bool, isLater);
        const QString folder = leaveSpool(5, false, 0, isLater);
        if (isLater) {
            for (const QString &name : QDir(folder).entryList({u"*.spool"_s})) {
                QFile file(QDir(folder).filePath(name));
                QVERIFY(file.open(QIODevice::ReadWrite));
                const QByteArray bytes = retyped(file.readAll());
                QVERIFY(file.seek(0) && file.write(bytes) == bytes.size());
            }
        }
        MemoryRunStore store(m_database);
        const auto recovered = recoverSpool(folder, store, {});
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().message));
        QCOMPARE(recovered.value().warning, QString());
        compareStored(5, ScanState::Interrupted);
        QVERIFY(m_database.scan(m_scan.uid).timings.empty());
    }

    void failsAnywhereAndIsCalledAgain_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<int>("after");
        for (int after = 0; after < 8; ++after) {
            QTest::addRow("refused after %d calls", after) << int(Fault::Refuse) << after;
            QTest::addRow("answer lost after %d calls", after) << int(Fault::LoseAnswer) << after;
        }
    }
    void failsAnywhereAndIsCalledAgain()
    {
        QFETCH(int, fault);
        QFETCH(int, after);
        const QString folder = leaveSpool(20, false);
        MemoryRunStore store(m_database);
        RecoverySettings settings;
        settings.maxRowsPerCommit = 30;
        m_database.setFault(Fault(fault), ErrorCode::Storage, after, 1);
        const auto first = recoverSpool(folder, store, settings);
        m_database.setFault(Fault::None);
        if (!first) {
            QVERIFY(QDir(folder).exists());
            QVERIFY(recoverSpool(folder, store, settings));
        }
        QVERIFY(!QDir(folder).exists());
        compareStored(20, ScanState::Interrupted);
    }

    void killedBeforeTheSpoolWasDeleted_data()
    {
        QTest::addColumn<bool>("isEnded");
        QTest::newRow("ended") << true;
        QTest::newRow("not ended") << false;
    }
    void killedBeforeTheSpoolWasDeleted()
    {
        QFETCH(bool, isEnded);
        const QString folder = leaveSpool(20, isEnded);
        const QString copy = folder + u".copy"_s;
        QVERIFY(QDir().mkpath(copy));
        for (const QString &name : QDir(folder).entryList(QDir::Files))
            QVERIFY(QFile::copy(folder + u'/' + name, copy + u'/' + name));
        MemoryRunStore store(m_database);
        QVERIFY(recoverSpool(folder, store));
        QVERIFY(QDir().rename(copy, folder));
        const auto again = recoverSpool(folder, store);
        QVERIFY(again);
        QCOMPARE(again.value().rowsRecovered, 0);
        QVERIFY(!QDir(folder).exists());
        compareStored(20, isEnded ? ScanState::Failed : ScanState::Interrupted);
    }

    void livingOwnerIsLeftAlone()
    {
        const QString folder = leaveSpool(3, false);
        const auto owner = SpoolLock::take(folder);
        QVERIFY(owner);
        QCOMPARE(listSpools(m_dir->path(), m_database.uid).first().condition,
                 SpoolCondition::Running);
        MemoryRunStore store(m_database);
        const auto recovered = recoverSpool(folder, store);
        QVERIFY(!recovered);
        QCOMPARE(recovered.error().code, ErrorCode::Conflict);
        QCOMPARE(m_database.scan(m_scan.uid).opened.state, ScanState::Running);
    }

    void anotherDatabaseIsRefusedNamingBoth()
    {
        const QString folder = leaveSpool(3, false);
        MemoryDatabase other;
        const auto spools = listSpools(m_dir->path(), other.uid);
        QCOMPARE(spools.first().condition, SpoolCondition::Foreign);
        QVERIFY(spools.first().message.contains(uidText(other.uid)));
        QVERIFY(spools.first().message.contains(uidText(m_database.uid)));
        MemoryRunStore store(other);
        QCOMPARE(recoverSpool(folder, store).error().code, ErrorCode::Conflict);
        QVERIFY(QDir(folder).exists());
    }

    void damagedSpoolIsRecoveredAndKept()
    {
        const QString folder = leaveSpool(5, false);
        QFile file(segmentPath(folder, 1));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        const qsizetype at = bytes.indexOf("\"line 2\"") + 2;
        QVERIFY(at > 2);
        file.seek(at);
        file.putChar('L');
        file.close();
        MemoryRunStore store(m_database);
        const auto recovered = recoverSpool(folder, store);
        QVERIFY(recovered);
        QCOMPARE(recovered.value().rowsStored.at(0), 30);
        QVERIFY(recovered.value().warning.contains(folder + u".damaged"_s));
        QVERIFY(QDir(folder + u".damaged"_s).exists());
        QVERIFY(listSpools(m_dir->path(), m_database.uid).isEmpty());
        QCOMPARE(m_database.scan(m_scan.uid).opened.state, ScanState::Interrupted);
    }

    void spoolOfAScanThatTheDatabaseLacksIsKept()
    {
        const QString folder = leaveSpool(5, false);
        MemoryDatabase restored;
        restored.uid = m_database.uid;
        MemoryRunStore store(restored);
        QCOMPARE(recoverSpool(folder, store).error().code, ErrorCode::NotFound);
        QVERIFY(QDir(folder).exists());
    }

    void rowsMissingBeforeTheSpoolAreNotInvented()
    {
        const QString folder = leaveSpool(100, false);
        QVERIFY(QFile::remove(segmentPath(folder, 1)));
        MemoryRunStore store(m_database);
        QCOMPARE(recoverSpool(folder, store).error().code, ErrorCode::Conflict);
        QVERIFY(QDir(folder).exists());
        QCOMPARE(m_database.scan(m_scan.uid).opened.rowsStored.at(0), 0);
    }

    void claimWithoutSpool_data()
    {
        QTest::addColumn<bool>("isCreated");
        QTest::addColumn<int>("epoch");
        QTest::addColumn<int>("state");
        QTest::newRow("scan never created") << false << 1 << int(ScanState::Running);
        QTest::newRow("created, then died") << true << 1 << int(ScanState::Interrupted);
        QTest::newRow("continued elsewhere") << true << 2 << int(ScanState::Running);
    }
    void claimWithoutSpool()
    {
        QFETCH(bool, isCreated);
        QFETCH(int, epoch);
        QFETCH(int, state);
        MemoryRunStore store(m_database);
        const NewScan scan = sampleScan();
        const QString folder =
            SpoolLock::claim(m_dir->path(), scan.uid, m_database.uid, epoch).value()->folder();
        if (isCreated)
            QVERIFY(store.createScan(scan));
        const auto recovered = recoverSpool(folder, store);
        QVERIFY(recovered);
        QVERIFY(!QDir(folder).exists());
        QCOMPARE(m_database.holds(scan.uid), isCreated);
        if (isCreated)
            QCOMPARE(m_database.scan(scan.uid).opened.state, ScanState(state));
    }

    void emptyFolderIsRemoved()
    {
        const QString folder = m_dir->path() + u'/' + uidText(newUid());
        QVERIFY(QDir().mkpath(folder));
        MemoryRunStore store(m_database);
        QVERIFY(recoverSpool(folder, store));
        QVERIFY(!QDir(folder).exists());
    }
};

QTEST_GUILESS_MAIN(TestRecovery)
#include "tst_recovery.moc"
