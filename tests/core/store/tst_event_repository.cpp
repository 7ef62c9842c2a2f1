#include "core/store/event_repository.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/event_log.h"
#include "core/store/write_transaction.h"
#include "tests/core/store/store_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
constexpr qint64 kStart = 1'800'000'000'000'000;
constexpr qint64 kHour = 3'600'000'000;
const QString kUid = u"01890000-0000-7000-8000-000000000001"_s;

EventFilter filterWith(const std::function<void(EventFilter &)> &set)
{
    EventFilter filter;
    set(filter);
    return filter;
}
} // namespace

Q_DECLARE_METATYPE(birch::EventFilter)

/// Finding one's way through the log, on both engines.
class EventRepositoryTest : public QObject
{
    Q_OBJECT
private slots:
    void filters_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<EventFilter>("filter");
        QTest::addColumn<QStringList>("titles");
        for (const bool isPostgres : {false, true}) {
            const char *engine = isPostgres ? "PostgreSQL" : "SQLite";
            const auto row = [&](const char *name, const std::function<void(EventFilter &)> &set,
                                 const QStringList &titles) {
                QTest::addRow("%s: %s", engine, name) << isPostgres << filterWith(set) << titles;
            };
            row("all", [](auto &) {}, {u"login"_s, u"D_2"_s, u"D-1"_s, u"D-1"_s});
            row("kind", [](auto &f) { f.kind = u"users"_s; }, {u"login"_s});
            row("user", [](auto &f) { f.user = u"eve"_s; }, {u"login"_s, u"D_2"_s});
            row("station", [](auto &f) { f.station = u"b2"_s; }, {u"D_2"_s});
            row("actions",
                [](auto &f) {
                    f.actions = {EventAction::Added, EventAction::LoginFailed};
                },
                {u"login"_s, u"D-1"_s});
            row("by name", [](auto &f) { f.object = u"D-1"_s; }, {u"D-1"_s, u"D-1"_s});
            row("by uid", [](auto &f) { f.object = kUid.toUpper(); }, {u"D-1"_s, u"D-1"_s});
            row("by prefix", [](auto &f) { f.object = kUid.first(13); }, {u"D-1"_s, u"D-1"_s});
            row("too short a prefix", [](auto &f) { f.object = kUid.first(3); }, {});
            row("since", [](auto &f) { f.sinceUs = kStart + 2 * kHour; }, {u"login"_s, u"D_2"_s});
            row("until", [](auto &f) { f.untilUs = kStart + 2 * kHour; }, {u"D-1"_s, u"D-1"_s});
            row("words", [](auto &f) { f.search = u" gaas  d-1"_s; }, {u"D-1"_s});
            row("no pattern", [](auto &f) { f.search = u"d_"_s; }, {u"D_2"_s});
            row("nothing", [](auto &f) { f.search = u"'; --"_s; }, {});
        }
    }
    void filters()
    {
        QFETCH(bool, isPostgres);
        QFETCH(EventFilter, filter);
        QFETCH(QStringList, titles);
        fill(isPostgres);
        const auto page = EventRepository(*m_connection).list({}, filter);
        BIRCH_VERIFY(page);
        QStringList found;
        for (const EventRecord &event : page.value().events)
            found << event.title;
        QCOMPARE(found, titles);
        QCOMPARE(page.value().total, titles.size());
    }

    void pages_data() { test::StoreFixture::addEngines(); }
    void pages()
    {
        QFETCH(bool, isPostgres);
        fill(isPostgres);
        EventRepository events(*m_connection);
        EventFilter filter;
        filter.perPage = 3;
        const EventPage first = events.list({}, filter).value();
        QCOMPARE(first.events.size(), 3);
        record({.kind = u"samples"_s, .title = u"newer"_s, .atUs = kStart + 9 * kHour});
        filter.anchor = first.anchor;
        filter.page = 2;
        const EventPage second = events.list({}, filter).value();
        QCOMPARE(second.total, 4);
        QCOMPARE(second.events.size(), 1);
        QCOMPARE(second.events.first().title, u"D-1"_s);
        filter.page = 0;
        QCOMPARE(events.list({}, filter).error().code, ErrorCode::BadInput);
        filter.page = 1;
        filter.anchor = u"x"_s;
        QCOMPARE(events.list({}, filter).error().code, ErrorCode::BadInput);
    }

    void readsWhole_data() { test::StoreFixture::addEngines(); }
    void readsWhole()
    {
        QFETCH(bool, isPostgres);
        fill(isPostgres);
        EventRepository events(*m_connection);
        EventRecord event = events.list({}, {}).value().events.at(2);
        QCOMPARE(event.labName, u"Lab"_s);
        QCOMPARE(event.atUs, kStart + kHour);
        QCOMPARE(event.action, u"changed"_s);
        QCOMPARE(event.summary(), u"material GaAs → Si, name → first, password"_s);
        BIRCH_VERIFY(
            EventLog(*m_connection).purgeDetails({u"ada"_s, Role::Admin}, kStart + 5 * kHour));
        event = events.list({}, filterWith([](auto &f) { f.object = u"D-1"_s; }))
                    .value()
                    .events.first();
        QVERIFY(event.purgedUs.has_value());
        QVERIFY(event.toJson()[u"changes"_s].isNull());
        QVERIFY2(event.summary().contains(u"purged"_s), qPrintable(event.summary()));
    }

private:
    void record(Event event)
    {
        if (event.user.isEmpty())
            event.user = u"ada"_s;
        auto transaction = WriteTransaction::begin(*m_connection);
        BIRCH_VERIFY(transaction);
        BIRCH_VERIFY(EventLog(*m_connection).record({u"x"_s, Role::Admin, u"b1"_s}, event));
        BIRCH_VERIFY(transaction.value().commit());
    }
    void fill(bool isPostgres)
    {
        m_connection.reset();
        m_database = m_fixture.newDatabase(isPostgres);
        m_connection = m_database->connect().value();
        record({.lab = 1,
                .action = EventAction::Added,
                .kind = u"samples"_s,
                .objectUid = kUid,
                .title = u"D-1"_s,
                .atUs = kStart});
        const QJsonObject changes{
            {u"material"_s, QJsonObject{{u"before"_s, u"GaAs"_s}, {u"after"_s, u"Si"_s}}},
            {u"name"_s, QJsonObject{{u"after"_s, u"first"_s}}},
            {u"password"_s, QJsonObject{{u"changed"_s, true}}}};
        record({.lab = 1,
                .action = EventAction::Changed,
                .kind = u"samples"_s,
                .objectUid = kUid,
                .title = u"D-1"_s,
                .changes = changes,
                .atUs = kStart + kHour});
        record({.lab = 1,
                .action = EventAction::Trashed,
                .kind = u"samples"_s,
                .objectUid = u"01890000-0001-7000-8000-000000000002"_s,
                .title = u"D_2"_s,
                .user = u"eve"_s,
                .station = u"b2"_s,
                .atUs = kStart + 2 * kHour});
        record({.action = EventAction::LoginFailed,
                .kind = u"users"_s,
                .title = u"login"_s,
                .user = u"eve"_s,
                .atUs = kStart + 3 * kHour});
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
};

QTEST_GUILESS_MAIN(EventRepositoryTest)
#include "tst_event_repository.moc"
