#include "core/store/upkeep/backup_schedule.h"

#include "core/store/upkeep/scheduled_backup.h"
#include "tests/core/store/store_fixture.h"

#include <QDir>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
const QTimeZone kBerlin("Europe/Berlin");

QDateTime at(const QString &text)
{
    QDateTime time = QDateTime::fromString(text, u"yyyy-MM-dd HH:mm"_s);
    time.setTimeZone(kBerlin);
    return time;
}

QList<QDateTime> times(const QStringList &texts)
{
    QList<QDateTime> list;
    for (const QString &text : texts)
        list << at(text);
    return list;
}
} // namespace

class BackupScheduleTest : public QObject
{
    Q_OBJECT
private slots:
    void names()
    {
        const QDateTime taken = at(u"2026-07-01 03:00"_s);
        const QString name = backupName(u"lab-1f"_s, taken, u"sqlite"_s);
        QCOMPARE(name, u"lab-1f-20260701-010000Z.sqlite"_s);
        QCOMPARE(backupTime(name, u"lab-1f"_s), taken);
        for (const QString &other :
             {u"lab-20260701-010000Z.sqlite"_s, u"lab-1f-20260701-010000Z"_s,
              u"lab-1f-20261301-010000Z.sqlite"_s, u"lab-1f-2-20260701-010000Z.sqlite"_s,
              u"notes.txt"_s, u""_s, u".lab-1f-20260701-010000Z.sqlite.part"_s})
            QVERIFY2(!backupTime(other, u"lab-1f"_s), qPrintable(other));
    }

    void due_data()
    {
        QTest::addColumn<QStringList>("taken");
        QTest::addColumn<QString>("now");
        QTest::addColumn<int>("hour");
        QTest::addColumn<bool>("isDue");
        using L = QStringList;
        QTest::newRow("none yet") << L{} << u"2026-07-01 12:00"_s << 3 << true;
        QTest::newRow("today's is there")
            << L{u"2026-07-01 03:10"_s} << u"2026-07-01 12:00"_s << 3 << false;
        QTest::newRow("yesterday's, before the hour")
            << L{u"2026-06-30 04:00"_s} << u"2026-07-01 02:59"_s << 3 << false;
        QTest::newRow("yesterday's, at the hour")
            << L{u"2026-06-30 04:00"_s} << u"2026-07-01 03:00"_s << 3 << true;
        QTest::newRow("yesterday's before its hour")
            << L{u"2026-06-30 02:00"_s} << u"2026-07-01 02:00"_s << 3 << true;
        QTest::newRow("midnight") << L{u"2026-06-30 23:59"_s} << u"2026-07-01 00:00"_s << 0 << true;
        QTest::newRow("dated later: the clock was wrong")
            << L{u"2027-01-01 03:00"_s} << u"2026-07-01 12:00"_s << 3 << true;
        QTest::newRow("a minute ago, clock set back an hour since")
            << L{u"2026-07-01 12:59"_s} << u"2026-07-01 12:00"_s << 3 << true;
        // 02:00 to 03:00 does not exist on 29 March, and exists twice on 25 October.
        QTest::newRow("skipped hour, before")
            << L{u"2026-03-28 02:30"_s} << u"2026-03-29 01:59"_s << 2 << false;
        QTest::newRow("skipped hour, behind")
            << L{u"2026-03-28 02:30"_s} << u"2026-03-29 03:01"_s << 2 << true;
        QTest::newRow("skipped hour, taken")
            << L{u"2026-03-29 03:01"_s} << u"2026-03-29 12:00"_s << 2 << false;
        QTest::newRow("hour that comes twice, taken once")
            << L{u"2026-10-25 02:05"_s} << u"2026-10-25 12:00"_s << 2 << false;
    }
    void due()
    {
        QFETCH(QStringList, taken);
        QFETCH(QString, now);
        QFETCH(int, hour);
        QFETCH(bool, isDue);
        QCOMPARE(isBackupDue(times(taken), at(now), hour, kBerlin), isDue);
    }

    void kept_data()
    {
        QTest::addColumn<QStringList>("taken");
        QTest::addColumn<QString>("now");
        QTest::addColumn<QStringList>("gone");
        using L = QStringList;
        QTest::newRow("none") << L{} << u"2026-07-01 12:00"_s << L{};
        QTest::newRow("one very old") << L{u"2001-01-01 03:00"_s} << u"2026-07-01 12:00"_s << L{};
        QTest::newRow("two of a day") << L{u"2026-07-01 03:00"_s, u"2026-07-01 11:00"_s}
                                      << u"2026-07-01 12:00"_s << L{u"2026-07-01 03:00"_s};
        QTest::newRow("both sides of midnight")
            << L{u"2026-06-30 23:59"_s, u"2026-07-01 00:01"_s} << u"2026-07-01 12:00"_s << L{};
        QTest::newRow("two of the hour that comes twice")
            << L{u"2026-10-25 01:30"_s, u"2026-10-25 03:30"_s} << u"2026-10-25 12:00"_s
            << L{u"2026-10-25 01:30"_s};
        QTest::newRow("dated later stays, and takes no place")
            << L{u"2027-01-01 03:00"_s, u"2026-07-01 03:00"_s} << u"2026-07-01 12:00"_s << L{};
        QTest::newRow("a month away: what was there stays")
            << L{u"2026-05-01 03:00"_s, u"2026-05-02 03:00"_s, u"2026-05-03 03:00"_s}
            << u"2026-07-01 12:00"_s << L{};
        // Sunday 31 May; 24 to 30 are the days; before them Saturday and Friday are one week.
        QTest::newRow("older than seven: newest of the week")
            << L{u"2026-05-22 03:00"_s, u"2026-05-23 03:00"_s, u"2026-05-25 03:00"_s,
                 u"2026-05-26 03:00"_s, u"2026-05-27 03:00"_s, u"2026-05-28 03:00"_s,
                 u"2026-05-29 03:00"_s, u"2026-05-30 03:00"_s, u"2026-05-31 03:00"_s}
            << u"2026-05-31 12:00"_s << L{u"2026-05-22 03:00"_s};
    }
    void kept()
    {
        QFETCH(QStringList, taken);
        QFETCH(QString, now);
        QFETCH(QStringList, gone);
        QCOMPARE(supersededBackups(times(taken), at(now), kBerlin), times(gone));
    }

    /// Two years, a backup a day over both changes of the clock: never more than 7 + 4, never a gap
    /// that is longer than it must be.
    void twoYearsOfDays()
    {
        QList<QDateTime> there;
        QDateTime now = at(u"2025-01-01 03:00"_s);
        for (int day = 0; day < 730; ++day) {
            there << now;
            const QList<QDateTime> gone = supersededBackups(there, now, kBerlin);
            for (const QDateTime &time : gone)
                there.removeOne(time);
            QVERIFY(supersededBackups(there, now, kBerlin).isEmpty());
            QVERIFY(there.size() <= 11);
            for (int back = 0; back < qMin(day + 1, 7); ++back)
                QVERIFY(there.contains(now.addDays(-back)));
            if (day > 40) {
                QCOMPARE(there.size(), 11);
                QVERIFY(there.first().daysTo(now) >= 22); // a week that is not over counts
            }
            now = now.addDays(1);
        }
    }

    void takenWhenDue()
    {
        test::StoreFixture fixture;
        const auto database = fixture.newDatabase(false);
        const BackupSchedule schedule{fixture.path(u"deep/backups"_s), 3};
        const QDateTime now = QDateTime::currentDateTimeUtc();
        const auto first = takeScheduledBackup(*database, schedule, now);
        BIRCH_VERIFY(first);
        QVERIFY(first.value());
        QVERIFY(QFile::exists(first.value()->path));
        const auto second = takeScheduledBackup(*database, schedule, now.addSecs(1));
        BIRCH_VERIFY(second);
        QVERIFY(!second.value());
        for (int day = 1; day < 10; ++day)
            BIRCH_VERIFY(takeScheduledBackup(*database, schedule, now.addDays(day)));
        const auto names = QDir(schedule.folder).entryList({u"*.sqlite"_s}, QDir::Files);
        QVERIFY2(names.size() >= 8 && names.size() <= 9, qPrintable(names.join(u' ')));
        QVERIFY(!takeScheduledBackup(*database, {schedule.folder, -1}, now.addDays(20)).value());
        QCOMPARE(takeScheduledBackup(*database, {u"/proc/nowhere"_s, 3}, now)
                     .error()
                     .message.contains(u"/proc/nowhere"_s),
                 true);
    }

    void twoAtOnce()
    {
        test::StoreFixture fixture;
        const auto database = fixture.newDatabase(false);
        const BackupSchedule schedule{fixture.path(u"backups"_s), 3};
        {
            std::vector<std::unique_ptr<BackgroundBackup>> running;
            for (int i = 0; i < 4; ++i)
                running.push_back(std::make_unique<BackgroundBackup>(*database, schedule));
            for (const auto &backup : running)
                backup->wait();
        }
        QCOMPARE(QDir(schedule.folder).entryList({u"*.sqlite"_s}, QDir::Files).size(), 1);
    }
};

QTEST_GUILESS_MAIN(BackupScheduleTest)
#include "tst_backup_schedule.moc"
