#include "core/store/lab/booking_rules.h"

#include <QTest>
#include <QTimeZone>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
/// Berlin time, yyyy-MM-ddTHH:mm.
qint64 at(const QString &text)
{
    QDateTime time = QDateTime::fromString(text, Qt::ISODate);
    time.setTimeZone(QTimeZone("Europe/Berlin"));
    return time.toMSecsSinceEpoch() * 1000;
}
} // namespace

class BookingRulesTest : public QObject
{
    Q_OBJECT
private slots:
    void hours_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("until");
        QTest::addColumn<QString>("says"); // "": allowed
        const auto row = [](const char *name, const char *from, const char *until,
                            const char *says = "") {
            QTest::newRow(name) << QString::fromLatin1(from) << QString::fromLatin1(until)
                                << QString::fromLatin1(says);
        };
        // 2026-03-02 is a Monday: 08:00-12:00 and 13:00-18:00; Tuesday the whole day.
        row("within", "2026-03-02T08:00", "2026-03-02T12:00");
        row("over lunch", "2026-03-02T11:00", "2026-03-02T14:00", "08:00-12:00");
        row("too early", "2026-03-02T07:59", "2026-03-02T09:00", "08:00-12:00");
        row("until midnight", "2026-03-03T22:00", "2026-03-04T00:00");
        row("into a closed day", "2026-03-03T22:00", "2026-03-04T00:30", "closed on 2026-03-04");
        row("closed weekday", "2026-03-05T10:00", "2026-03-05T11:00", "closed on 2026-03-05");
        row("too short", "2026-03-02T10:00", "2026-03-02T10:20", "30 min at least");
        row("just long enough", "2026-03-02T10:00", "2026-03-02T10:30");
        row("too long", "2026-03-03T08:00", "2026-03-03T16:01", "480 min at most");
        row("backwards", "2026-03-02T10:00", "2026-03-02T09:00", "before it begins");
        row("no time at all", "2026-03-02T10:00", "2026-03-02T10:00", "before it begins");
        row("blocked day", "2026-03-09T10:00", "2026-03-09T11:00", "2026-03-09");
        row("in a blocked week", "2026-03-31T10:00", "2026-03-31T11:00", "2026-03-31");
        // The day on which the clock is put forward still opens at eight.
        row("summer time", "2026-03-30T08:00", "2026-03-30T09:00");
    }
    void hours()
    {
        QFETCH(QString, from);
        QFETCH(QString, until);
        QFETCH(QString, says);
        BookingRules rules;
        rules.minMinutes = 30;
        rules.maxMinutes = 480;
        rules.availability = {{u"monday"_s, QJsonArray{u"08:00-12:00"_s, u"13:00-18:00"_s}},
                              {u"tue"_s, u"00:00-24:00"_s}};
        rules.blockedDates = {u"2026-03-09"_s, QJsonArray{u"2026-03-31"_s, u"2026-04-03"_s}};
        const Status checked = checkHours(rules, {at(from), at(until)}, QTimeZone("Europe/Berlin"));
        const QString got = checked ? QString() : checked.error().message;
        QVERIFY2(says.isEmpty() ? got.isEmpty() : got.contains(says), qPrintable(got));
    }

    void switchedOff()
    {
        BookingRules rules;
        rules.isEnabled = false;
        QVERIFY(!checkHours(rules, {0, 60'000'000}, QTimeZone::utc()));
        rules.isEnabled = true;
        QVERIFY(checkHours(rules, {0, 60'000'000}, QTimeZone::utc()));
    }

    void advance_data()
    {
        QTest::addColumn<int>("hoursAhead");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("too soon") << 23 << false;
        QTest::newRow("soon enough") << 24 << true;
        QTest::newRow("late enough") << 72 << true;
        QTest::newRow("too late") << 73 << false;
    }
    void advance()
    {
        QFETCH(int, hoursAhead);
        QFETCH(bool, isAllowed);
        BookingRules rules;
        rules.minAdvanceDays = 1;
        rules.maxAdvanceDays = 3;
        const qint64 now = 1'800'000'000'000'000;
        const qint64 start = now + hoursAhead * 3600LL * 1'000'000;
        QCOMPARE(bool(checkAdvance(rules, {start, start + 1}, now)), isAllowed);
    }

    void overlaps_data()
    {
        QTest::addColumn<int>("start");
        QTest::addColumn<int>("end");
        QTest::addColumn<int>("buffer");
        QTest::addColumn<bool>("isInTheWay");
        // The other one is from minute 100 to 200.
        QTest::newRow("before") << 0 << 90 << 0 << false;
        QTest::newRow("adjacent before") << 0 << 100 << 0 << false;
        QTest::newRow("over its beginning") << 0 << 101 << 0 << true;
        QTest::newRow("inside") << 120 << 130 << 0 << true;
        QTest::newRow("around") << 0 << 300 << 0 << true;
        QTest::newRow("over its end") << 199 << 300 << 0 << true;
        QTest::newRow("adjacent after") << 200 << 300 << 0 << false;
        QTest::newRow("adjacent with a buffer") << 200 << 300 << 15 << true;
        QTest::newRow("after the buffer") << 215 << 300 << 15 << false;
        QTest::newRow("before the buffer") << 0 << 85 << 15 << false;
        QTest::newRow("into the buffer") << 0 << 86 << 15 << true;
    }
    void overlaps()
    {
        QFETCH(int, start);
        QFETCH(int, end);
        QFETCH(int, buffer);
        QFETCH(bool, isInTheWay);
        const auto minute = [](int n) { return n * 60'000'000LL; };
        const BookingSlot a{minute(start), minute(end)};
        const BookingSlot b{minute(100), minute(200)};
        QCOMPARE(overlap(a, b, buffer), isInTheWay);
        QCOMPARE(overlap(b, a, buffer), isInTheWay);
    }

    void unreadable_data()
    {
        QTest::addColumn<QJsonObject>("availability");
        QTest::addColumn<QJsonArray>("blocked");
        QTest::newRow("no day") << QJsonObject{{u"someday"_s, u"08:00-09:00"_s}} << QJsonArray();
        QTest::newRow("no hours") << QJsonObject{{u"monday"_s, u"morning"_s}} << QJsonArray();
        QTest::newRow("backwards") << QJsonObject{{u"monday"_s, u"18:00-08:00"_s}} << QJsonArray();
        QTest::newRow("no date") << QJsonObject() << QJsonArray{u"Christmas"_s};
        QTest::newRow("half a range") << QJsonObject() << QJsonArray{QJsonArray{u"2026-01-01"_s}};
    }
    void unreadable()
    {
        QFETCH(QJsonObject, availability);
        QFETCH(QJsonArray, blocked);
        BookingRules rules;
        rules.availability = availability;
        rules.blockedDates = blocked;
        QCOMPARE(checkReadable(rules).error().code, ErrorCode::BadInput);
    }
};

QTEST_GUILESS_MAIN(BookingRulesTest)
#include "tst_booking_rules.moc"
