#include "core/store/lab/booking_store.h"

#include "core/store/store_time.h"
#include "tests/core/store/lab_fixture.h"

#include <QProcess>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
/// Tomorrow at this hour (UTC), as a person types it.
QString tomorrow(int hour, int minute = 0)
{
    const QDate day = QDateTime::currentDateTimeUtc().date().addDays(1);
    return QDateTime(day, QTime(hour, minute), Qt::UTC).toString(Qt::ISODate);
}

QVariantMap booking(const QString &from, const QString &until, const QString &title = u"Me"_s)
{
    return {{u"equipment"_s, u"SEM"_s},
            {u"title"_s, title},
            {u"start_at"_s, from},
            {u"end_at"_s, until}};
}

/// What the other process does: waits for the word, then books ten o'clock.
int bookInAnotherProcess(const QString &url, const QString &title)
{
    const auto database = Database::open(DatabaseUrl::parse(url).value(), u"ada"_s);
    if (!database)
        return 3;
    const auto connection = database.value()->connect();
    const auto session = openSession(*connection.value(), u"ada"_s);
    fputs("ready\n", stdout);
    fflush(stdout);
    if (getchar() == EOF)
        return 4;
    const auto made = EntityRepository(*connection.value(), *entityByTable(u"bookings"_s))
                          .insert(session.value(), booking(tomorrow(10), tomorrow(11), title));
    if (!made && made.error().code != ErrorCode::Conflict)
        fprintf(stderr, "%s\n", qPrintable(made.error().message));
    return made ? 0 : made.error().code == ErrorCode::Conflict ? 1 : 5;
}
} // namespace

class BookingsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase_data() { test::StoreFixture::addEngines(); }
    void init()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        m_lab.open(m_fixture, isPostgres);
        BIRCH_VERIFY(m_lab.tryEdit(u"labs"_s, u"Lab"_s, {{u"time_zone"_s, u"UTC"_s}}));
        m_lab.add(u"equipment"_s, {{u"name"_s, u"SEM"_s}});
    }
    void cleanup() { m_lab.close(); }

    void twoAreNotInTheSamePlace()
    {
        const EntityRecord first = book(10, 12);
        QCOMPARE(first.text(u"status"_s), u"confirmed"_s);
        QCOMPARE(tryBook(11, 13).error().code, ErrorCode::Conflict);
        QVERIFY(tryBook(11, 13).error().message.contains(u"conflict"_s));
        book(12, 13);
        book(9, 10);
        m_lab.add(u"equipment"_s, {{u"name"_s, u"AFM"_s}});
        QVariantMap other = booking(tomorrow(10), tomorrow(12));
        other[u"equipment"_s] = u"AFM"_s;
        m_lab.add(u"bookings"_s, other);
        // With itself it never is; a cancelled one is in nobody's way.
        BIRCH_VERIFY(m_lab.tryEdit(u"bookings"_s, first.uid, {{u"end_at"_s, tomorrow(11, 30)}}));
        QCOMPARE(
            m_lab.tryEdit(u"bookings"_s, first.uid, {{u"end_at"_s, tomorrow(12, 30)}}).error().code,
            ErrorCode::Conflict);
        BIRCH_VERIFY(m_lab.tryEdit(u"bookings"_s, first.uid, {{u"status"_s, u"cancelled"_s}}));
        book(10, 12);
        QCOMPARE(
            m_lab.tryEdit(u"bookings"_s, first.uid, {{u"status"_s, u"confirmed"_s}}).error().code,
            ErrorCode::Conflict);
    }

    void rulesHold()
    {
        m_lab.add(u"booking_rules"_s, {{u"equipment"_s, u"SEM"_s},
                                       {u"max_minutes"_s, 120},
                                       {u"buffer_minutes"_s, 15},
                                       {u"max_advance_days"_s, 5}});
        QCOMPARE(tryBook(10, 13).error().code, ErrorCode::BadInput);
        QVERIFY(!tryBook(12, 10));
        book(10, 11);
        QVERIFY2(tryBook(11, 12).error().message.contains(u"conflict"_s),
                 "the buffer was not kept free");
        const QString late = QDateTime::currentDateTimeUtc().addDays(9).toString(Qt::ISODate);
        const QString later =
            QDateTime::currentDateTimeUtc().addDays(9).addSecs(3600).toString(Qt::ISODate);
        QCOMPARE(m_lab.tryAdd(u"bookings"_s, booking(late, later)).error().code,
                 ErrorCode::BadInput);
        const auto bad =
            m_lab.tryAdd(u"booking_rules"_s, {{u"equipment"_s, u"SEM"_s},
                                              {u"availability"_s, u"{\"monday\": \"all day\"}"_s}});
        QCOMPARE(bad.error().code, ErrorCode::BadInput);
    }

    void repetitionsAllOrNone()
    {
        QVariantMap weekly = booking(tomorrow(10), tomorrow(11));
        weekly[u"recurrence_rule"_s] = u"FREQ=DAILY;COUNT=3"_s;
        m_lab.add(u"bookings"_s, weekly);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM bookings"_s), 3);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM bookings WHERE parent_id IS NOT NULL"_s), 2);
        weekly[u"start_at"_s] = tomorrow(12);
        weekly[u"end_at"_s] = tomorrow(13);
        QVariantMap inTheWay = booking(tomorrow(12), tomorrow(13));
        for (const QString &field : {u"start_at"_s, u"end_at"_s})
            inTheWay[field] = QDateTime::fromString(inTheWay[field].toString(), Qt::ISODate)
                                  .addDays(2)
                                  .toString(Qt::ISODate);
        m_lab.add(u"bookings"_s, inTheWay);
        const auto refused = m_lab.tryAdd(u"bookings"_s, weekly);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM bookings"_s), 4);
    }

    void waitsForApproval()
    {
        m_lab.add(u"users"_s, {{u"username"_s, u"bob"_s}, {u"role"_s, u"operator"_s}});
        m_lab.add(u"users"_s, {{u"username"_s, u"carla"_s}, {u"role"_s, u"operator"_s}});
        m_lab.add(u"booking_rules"_s, {{u"equipment"_s, u"SEM"_s},
                                       {u"requires_approval"_s, true},
                                       {u"approver"_s, u"carla"_s}});
        Session bob{u"bob"_s, Role::Operator, u"B1"_s};
        Session carla{u"carla"_s, Role::Operator, u"B1"_s};
        EntityRepository bookings = m_lab.repository(u"bookings"_s);
        const auto asked = bookings.insert(bob, booking(tomorrow(10), tomorrow(11)));
        BIRCH_VERIFY(asked);
        QCOMPARE(asked.value().text(u"status"_s), u"pending"_s);
        QCOMPARE(tryBook(10, 11).error().code, ErrorCode::Conflict); // it holds its place
        QCOMPARE(bookings.update(bob, asked.value(), {{u"status"_s, u"confirmed"_s}}).error().code,
                 ErrorCode::Denied);
        const auto approved =
            bookings.update(carla, asked.value(), {{u"status"_s, u"confirmed"_s}});
        BIRCH_VERIFY(approved);
        QCOMPARE(approved.value().text(u"approved_by"_s), u"carla"_s);
        QVERIFY(approved.value().values.contains(u"approved_at"_s));
        const auto in = bookings.update(bob, approved.value(), {{u"status"_s, u"in_progress"_s}});
        BIRCH_VERIFY(in);
        QVERIFY(in.value().values.contains(u"actual_start_at"_s));
        const auto out = bookings.update(bob, in.value(), {{u"status"_s, u"completed"_s}});
        BIRCH_VERIFY(out);
        QVERIFY(out.value().values.contains(u"actual_end_at"_s));
        QCOMPARE(bookings.update(bob, out.value(), {{u"status"_s, u"pending"_s}}).error().code,
                 ErrorCode::Conflict);
    }

    void twoProcessesBookTheSameSlot()
    {
        std::vector<std::unique_ptr<QProcess>> all;
        for (int i = 0; i < 2; ++i) {
            auto process = std::make_unique<QProcess>();
            process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
            process->start(QCoreApplication::applicationFilePath(),
                           {u"--book"_s, m_lab.database().url().text(), u"P%1"_s.arg(i)});
            QVERIFY(process->waitForReadyRead(20000));
            all.push_back(std::move(process));
        }
        for (const auto &process : all)
            process->write("go\n");
        QList<int> codes;
        for (const auto &process : all) {
            QVERIFY(process->waitForFinished(30000));
            codes << process->exitCode();
        }
        std::sort(codes.begin(), codes.end());
        QCOMPARE(codes, (QList<int>{0, 1}));
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM bookings"_s), 1);
    }

private:
    Result<EntityRecord> tryBook(int from, int until)
    {
        return m_lab.tryAdd(u"bookings"_s, booking(tomorrow(from), tomorrow(until)));
    }
    EntityRecord book(int from, int until)
    {
        return m_lab.add(u"bookings"_s, booking(tomorrow(from), tomorrow(until)));
    }

    test::StoreFixture m_fixture;
    test::LabFixture m_lab;
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 4 && QByteArray(argv[1]) == "--book")
        return bookInAnotherProcess(QString::fromLocal8Bit(argv[2]),
                                    QString::fromLocal8Bit(argv[3]));
    BookingsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_bookings.moc"
