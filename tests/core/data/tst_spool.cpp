#include "core/data/spool_reader.h"
#include "core/data/spool_writer.h"
#include "tests/core/data/sample_rows.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {

constexpr int kRows = 2; ///< rows per record

struct Contents {
    qint64 rows = 0; ///< of object 0, checked value by value
    int logs = 0;
    int states = 0;
    int endings = 0;
    QByteArray cursor;
    QString warning;
};

} // namespace

class TestSpool : public QObject
{
    Q_OBJECT

private:
    RecorderSettings settings() const
    {
        RecorderSettings settings;
        settings.spoolDir = m_dir->path();
        settings.segmentBytes = 1 << 12;
        settings.reserveBytes = 1 << 12;
        return settings;
    }
    SpoolHeader header() const
    {
        const NewScan scan = sampleScan();
        return {QUuid::createUuid(), scan.uid,      u"TEST-260101-001"_s, 1,
                scan.station,        scan.planHash, scan.objects,         {0}};
    }
    /// Writes \a records times rows and a log line, then a state and an ending. Returns the folder.
    QString write(int records, const SpoolHeader &head)
    {
        auto lock = SpoolLock::claim(m_dir->path(), head.scanUid, head.databaseUid, 1);
        if (!lock)
            return {};
        auto writer = SpoolWriter::open(lock.value(), settings(), head);
        if (!writer)
            return {};
        m_offsets.clear();
        for (int i = 0; i < records; ++i) {
            const QByteArray frame =
                encodeFrame(sampleRows(0, i * kRows, kRows), QByteArray::number(i));
            const auto at = writer.value()->append(frame, {i * kRows}, true);
            if (!at)
                return {};
            m_offsets.append(at.value().offset);
            (void)writer.value()->append(
                encodeFrame(LogRecord{i, {i, u"info"_s, u"µ %1"_s.arg(i)}}), {(i + 1) * kRows},
                false);
        }
        (void)writer.value()->append(encodeFrame(StateRecord{ScanState::Paused}), {records * kRows},
                                     false);
        (void)writer.value()->append(encodeFrame(EndRecord{ScanState::Aborted, u"stop"_s, 5}),
                                     {records * kRows}, false);
        return lock.value()->folder();
    }
    /// Nothing: the reader refuses. Fails the test when a row is not what was written.
    std::optional<Contents> read(const QString &folder) const
    {
        auto reader = SpoolReader::open(folder);
        if (!reader)
            return {};
        Contents contents;
        while (true) {
            const auto record = reader.value().next();
            if (!record || !record.value())
                break;
            if (const auto *rows = std::get_if<RowsRecord>(&*record.value())) {
                const PointBatch expected = sampleRows(0, contents.rows, rows->batch.rowCount());
                if (rows->batch.firstRow != contents.rows ||
                    rows->batch.columns != expected.columns)
                    qFatal("a record was read that was never written");
                contents.rows += rows->batch.rowCount();
                contents.cursor = rows->cursor;
            }
            contents.logs += std::holds_alternative<LogRecord>(*record.value()) ? 1 : 0;
            contents.states += std::holds_alternative<StateRecord>(*record.value()) ? 1 : 0;
            contents.endings += std::holds_alternative<EndRecord>(*record.value()) ? 1 : 0;
        }
        contents.warning = reader.value().warning();
        return contents;
    }
    static QByteArray load(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static void save(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite)); // not truncated: ext4 would sync each time
        QCOMPARE(file.write(bytes), bytes.size());
        QVERIFY(file.resize(bytes.size()));
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    QList<qint64> m_offsets; ///< of the rows records

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void readsBackWhatWasWritten_data()
    {
        QTest::addColumn<int>("records");
        QTest::newRow("none") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("several segments") << 300;
    }
    void readsBackWhatWasWritten()
    {
        QFETCH(int, records);
        const SpoolHeader head = header();
        const QString folder = write(records, head);
        QCOMPARE(SpoolReader::open(folder).value().header(), head);
        const auto contents = read(folder);
        QVERIFY(contents);
        QCOMPARE(contents->rows, records * kRows);
        QCOMPARE(contents->logs, records);
        QCOMPARE(contents->states, 1);
        QCOMPARE(contents->endings, 1);
        QCOMPARE(contents->warning, QString());
        if (records > 100)
            QVERIFY(QDir(folder).entryList({u"*.spool"_s}).size() > 3);
    }

    void cutOffAtEveryByte()
    {
        const QString folder = write(3, header());
        const QString path = segmentPath(folder, 1);
        const QByteArray whole = load(path);
        const qint64 written = m_offsets.last() + 1000;
        qint64 lastRows = 0;
        for (qint64 size = 0; size < std::min<qint64>(written, whole.size()); ++size) {
            for (const bool isPreallocated : {false, true}) {
                save(path, isPreallocated ? whole.left(size) + QByteArray(whole.size() - size, '\0')
                                          : whole.left(size));
                const auto contents = read(folder);
                if (size < m_offsets.first() && !contents)
                    continue; // torn before its header was whole
                QVERIFY2(contents, qPrintable(QString::number(size)));
                QCOMPARE(contents->warning, QString());
                QVERIFY(contents->rows >= lastRows);
                lastRows = contents->rows;
                const auto before =
                    std::ranges::count_if(m_offsets, [&](qint64 at) { return at < size; });
                QVERIFY(contents->rows == before * kRows || contents->rows == (before - 1) * kRows);
            }
        }
        QCOMPARE(lastRows, 3 * kRows);
    }

    void oneWrongByteNeverGivesAWrongRow()
    {
        const QString folder = write(3, header());
        const QString path = segmentPath(folder, 1);
        const QByteArray whole = load(path);
        for (qint64 at = 0; at < m_offsets.last() + 100; ++at) {
            QByteArray spoiled = whole;
            spoiled[at] = char(spoiled[at] ^ 0x41);
            save(path, spoiled);
            const auto contents = read(folder); // qFatal() when it hands out what was not written
            if (!contents)
                QVERIFY(at < m_offsets.first());
            else if (at >= m_offsets.first())
                QVERIFY(contents->rows < 3 * kRows || contents->logs < 3);
        }
    }

    void damageInTheMiddleIsReported()
    {
        const QString folder = write(4, header());
        const QString path = segmentPath(folder, 1);
        QByteArray bytes = load(path);
        const qint64 at = m_offsets.at(1) + 50;
        bytes[at] = char(bytes[at] ^ 1);
        save(path, bytes);
        const auto contents = read(folder);
        QVERIFY(contents);
        QCOMPARE(contents->rows, 1 * kRows);
        QVERIFY(contents->warning.contains(path));
    }

    void damagedHeaderIsNotTakenForAnEmptySpool()
    {
        const QString folder = write(4, header());
        const QString path = segmentPath(folder, 1);
        QByteArray bytes = load(path);
        bytes[40] = char(bytes[40] ^ 1);
        save(path, bytes);
        const auto reader = SpoolReader::open(folder);
        QVERIFY(!reader);
        QCOMPARE(reader.error().code, ErrorCode::BadInput);
    }

    void missingSegmentIsReported()
    {
        const QString folder = write(300, header());
        QVERIFY(QFile::remove(segmentPath(folder, 2)));
        const auto contents = read(folder);
        QVERIFY(contents);
        QVERIFY(contents->rows < 300 * kRows);
        QVERIFY(!contents->warning.isEmpty());
    }

    void storedSegmentsMayBeGone()
    {
        const QString folder = write(300, header());
        QVERIFY(QFile::remove(segmentPath(folder, 1)));
        auto reader = SpoolReader::open(folder);
        QVERIFY(reader);
        const qint64 first = reader.value().header().firstRows.at(0);
        QVERIFY(first > 0);
        const auto record = reader.value().next();
        const auto *rows = std::get_if<RowsRecord>(&*record.value());
        if (rows)
            QCOMPARE(rows->batch.firstRow, first);
    }

    void lockKeepsOthersOut()
    {
        const SpoolHeader head = header();
        auto lock = SpoolLock::claim(m_dir->path(), head.scanUid, head.databaseUid, 3);
        QVERIFY(lock);
        const QString folder = lock.value()->folder();
        QCOMPARE(readClaim(folder)->database, head.databaseUid);
        QCOMPARE(readClaim(folder)->epoch, 3);
        const auto again = SpoolLock::claim(m_dir->path(), head.scanUid, head.databaseUid, 1);
        QVERIFY(!again);
        QCOMPARE(again.error().code, ErrorCode::Conflict);
        QVERIFY(SpoolLock::isHeld(folder));
        QCOMPARE(SpoolLock::take(folder).error().code, ErrorCode::Conflict);
        lock.value().reset();
        QVERIFY(!SpoolLock::isHeld(folder));
        auto taken = SpoolLock::take(folder);
        QVERIFY(taken);
        QVERIFY(taken.value()->removeFolder());
        QVERIFY(!QDir(folder).exists());
        QCOMPARE(SpoolLock::take(folder).error().code, ErrorCode::NotFound);
    }

    void lockOfAKilledProcessIsFree()
    {
        const SpoolHeader head = header();
        const QString folder = m_dir->path() + u'/' + uidText(head.scanUid);
        int ready[2];
        QCOMPARE(::pipe(ready), 0);
        const pid_t child = ::fork();
        if (child == 0) { // only system calls and our own code in here; killed by the parent
            auto lock = SpoolLock::claim(m_dir->path(), head.scanUid, head.databaseUid, 1);
            const char answer = lock ? 'y' : 'n';
            (void)!::write(ready[1], &answer, 1);
            ::pause();
            ::_exit(0);
        }
        char answer = 0;
        QCOMPARE(::read(ready[0], &answer, 1), ssize_t(1));
        QCOMPARE(answer, 'y');
        QVERIFY(SpoolLock::isHeld(folder));
        QCOMPARE(SpoolLock::take(folder).error().code, ErrorCode::Conflict);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        ::close(ready[0]);
        ::close(ready[1]);
        QVERIFY(!SpoolLock::isHeld(folder));
        QVERIFY(SpoolLock::take(folder));
    }

    void everyRecordBeforeAKillIsThere()
    {
        const SpoolHeader head = header();
        int acknowledged[2];
        QCOMPARE(::pipe(acknowledged), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto lock = SpoolLock::claim(m_dir->path(), head.scanUid, head.databaseUid, 1);
            auto writer = SpoolWriter::open(lock.value(), settings(), head);
            for (int i = 0;; ++i) {
                if (!writer.value()->append(encodeFrame(sampleRows(0, i * kRows, kRows), "{}"),
                                            {i * kRows}, true))
                    ::_exit(1);
                (void)!::write(acknowledged[1], &i, sizeof i);
            }
        }
        ::close(acknowledged[1]);
        int last = -1;
        for (int i = 0; i < 500; ++i)
            QCOMPARE(::read(acknowledged[0], &last, sizeof last), ssize_t(sizeof last));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        while (::read(acknowledged[0], &last, sizeof last) == ssize_t(sizeof last)) {
        }
        ::close(acknowledged[0]);
        const auto contents = read(m_dir->path() + u'/' + uidText(head.scanUid));
        QVERIFY(contents);
        QVERIFY(contents->rows >= (last + 1) * kRows);
        QCOMPARE(contents->warning, QString());
    }

    void fullDiskOnARealFileSystem()
    {
        const QString mount = m_dir->path() + u"/small"_s;
        QVERIFY(QDir().mkpath(mount));
        const QByteArray path = QFile::encodeName(mount);
        if (::mount("tmpfs", path.constData(), "tmpfs", 0, "size=4m") != 0)
            QSKIP("mounting a tmpfs needs root");
        const auto unmount = qScopeGuard([&] { ::umount2(path.constData(), MNT_DETACH); });
        RecorderSettings s = settings();
        s.spoolDir = mount;
        s.segmentBytes = 64 << 20;
        s.reserveBytes = 256 << 10;
        const SpoolHeader head = header();
        auto lock = SpoolLock::claim(mount, head.scanUid, head.databaseUid, 1);
        QVERIFY(lock);
        auto writer = SpoolWriter::open(lock.value(), s, head);
        QVERIFY2(writer, writer ? "" : qPrintable(writer.error().message));
        qint64 rows = 0;
        while (true) {
            const auto at =
                writer.value()->append(encodeFrame(sampleRows(0, rows, 100), "{}"), {rows}, true);
            if (!at) {
                QCOMPARE(at.error().code, ErrorCode::Full);
                break;
            }
            rows += 100;
            QVERIFY(rows < 1'000'000);
        }
        QVERIFY(rows > 1000);
        for (int i = 0; i < 100; ++i)
            QVERIFY(writer.value()->append(encodeFrame(LogRecord{i, {i, u"error"_s, u"full"_s}}),
                                           {rows}, false));
        QVERIFY(writer.value()->append(encodeFrame(EndRecord{ScanState::Failed, u"disk full"_s, 1}),
                                       {rows}, false));
        const auto contents = read(lock.value()->folder());
        QVERIFY(contents);
        QCOMPARE(contents->rows, rows);
        QCOMPARE(contents->logs, 100);
        QCOMPARE(contents->endings, 1);
        QCOMPARE(contents->warning, QString());
    }
};

QTEST_GUILESS_MAIN(TestSpool)
#include "tst_spool.moc"
