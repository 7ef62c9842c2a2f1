#include "core/store/lab/recurrence.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class RecurrenceTest : public QObject
{
    Q_OBJECT
private slots:
    void takesPlace_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("first"); // Europe/Berlin
        QTest::addColumn<QStringList>("days");
        const auto row = [](const char *name, const QString &rule, const QString &first,
                            const QStringList &days) {
            QTest::newRow(name) << rule << first << days;
        };
        row("daily", u"FREQ=DAILY;COUNT=3"_s, u"2026-03-01T09:00"_s,
            {u"2026-03-01"_s, u"2026-03-02"_s, u"2026-03-03"_s});
        row("every other day", u"FREQ=DAILY;INTERVAL=2;COUNT=2"_s, u"2026-03-01T09:00"_s,
            {u"2026-03-01"_s, u"2026-03-03"_s});
        row("until includes its day", u"RRULE:FREQ=DAILY;UNTIL=20260302"_s, u"2026-03-01T09:00"_s,
            {u"2026-03-01"_s, u"2026-03-02"_s});
        row("weekly on the day of the first", u"FREQ=WEEKLY;COUNT=2"_s, u"2026-03-04T09:00"_s,
            {u"2026-03-04"_s, u"2026-03-11"_s});
        row("weekly on given days, none before the first", u"FREQ=WEEKLY;BYDAY=MO,FR;COUNT=3"_s,
            u"2026-03-06T09:00"_s, {u"2026-03-06"_s, u"2026-03-09"_s, u"2026-03-13"_s});
        row("monthly leaves out short months", u"FREQ=MONTHLY;COUNT=3"_s, u"2026-01-31T09:00"_s,
            {u"2026-01-31"_s, u"2026-03-31"_s, u"2026-05-31"_s});
        row("over the beginning of summer time", u"FREQ=DAILY;COUNT=3"_s, u"2026-03-28T09:00"_s,
            {u"2026-03-28"_s, u"2026-03-29"_s, u"2026-03-30"_s});
        row("over the end of summer time", u"FREQ=WEEKLY;COUNT=2"_s, u"2026-10-21T09:00"_s,
            {u"2026-10-21"_s, u"2026-10-28"_s});
    }
    void takesPlace()
    {
        QFETCH(QString, rule);
        QFETCH(QString, first);
        QFETCH(QStringList, days);
        const QTimeZone zone("Europe/Berlin");
        QDateTime start = QDateTime::fromString(first, Qt::ISODate);
        start.setTimeZone(zone);
        const auto read = Recurrence::parse(rule);
        QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
        const QList<QDateTime> found = read.value().occurrences(start, start.addDays(365), 100);
        QStringList got;
        for (const QDateTime &at : found) {
            got << at.date().toString(Qt::ISODate);
            QCOMPARE(at.time(), QTime(9, 0)); // the clock on the wall, whatever the season
        }
        QCOMPARE(got, days);
    }

    void changesWithTheSeason()
    {
        const QDateTime start(QDate(2026, 3, 28), QTime(9, 0), QTimeZone("Europe/Berlin"));
        const auto found = Recurrence::parse(u"FREQ=DAILY;COUNT=2"_s)
                               .value()
                               .occurrences(start, start.addDays(9), 9);
        QCOMPARE(found[0].secsTo(found[1]), 23 * 3600); // the night of summer time is short
    }

    void endsByItself()
    {
        const QDateTime start(QDate(2026, 1, 30), QTime(9, 0), QTimeZone("Europe/Berlin"));
        const auto endless = Recurrence::parse(u"FREQ=MONTHLY;INTERVAL=12"_s).value();
        QCOMPARE(endless.occurrences(start, start.addYears(3), 100).size(), 4);
        const auto daily = Recurrence::parse(u"FREQ=DAILY;COUNT=10000"_s).value();
        QCOMPARE(daily.occurrences(start, start.addYears(100), 50).size(), 50);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("rule");
        for (const char *rule :
             {"", "weekly", "FREQ=YEARLY", "FREQ=WEEKLY;COUNT=0", "FREQ=WEEKLY;INTERVAL=x",
              "FREQ=WEEKLY;BYDAY=XX", "FREQ=MONTHLY;BYDAY=MO", "FREQ=DAILY;UNTIL=tomorrow",
              "FREQ=DAILY;COUNT=2;UNTIL=20260101", "FREQ=DAILY;BYHOUR=3"})
            QTest::newRow(rule) << QString::fromLatin1(rule);
    }
    void refuses()
    {
        QFETCH(QString, rule);
        const auto read = Recurrence::parse(rule);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::BadInput);
    }
};

QTEST_GUILESS_MAIN(RecurrenceTest)
#include "tst_recurrence.moc"
