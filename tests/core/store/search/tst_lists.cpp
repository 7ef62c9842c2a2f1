#include "core/store/entity/entity_repository.h"
#include "core/store/scan_repository.h"
#include "core/store/sql_run_store.h"
#include "core/store/write_transaction.h"
#include "tests/core/store/entity_examples.h"
#include "tests/core/store/scan_fixture.h"

#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;

/// Filters, pages, anchors and totals of lists, on both engines.
class ListsTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QFETCH(bool, isPostgres);
        // Making a database takes longer than what is tested in it.
        auto &shared = m_shared[isPostgres];
        const bool mayShare = qstrcmp(QTest::currentTestFunction(), "filtersOfOneField") == 0;
        m_database = mayShare && shared ? std::move(shared) : m_fixture.newDatabase(isPostgres);
        m_connection = m_database->connect().value();
        m_session = openSession(*m_connection, u"ada"_s).value();
    }
    void cleanup()
    {
        m_connection.reset();
        QFETCH(bool, isPostgres);
        m_shared[isPostgres] = std::move(m_database);
    }
    void cleanupTestCase() { m_shared.clear(); }

    void filtersOfOneField_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<int>("which");
        QTest::addColumn<QStringList>("found");
        for (const bool isPostgres : {false, true}) {
            const auto row = [&](const char *name, int which, const QString &found) {
                QTest::addRow("%s: %s", isPostgres ? "PostgreSQL" : "SQLite", name)
                    << isPostgres << which << found.split(u' ', Qt::SkipEmptyParts);
            };
            row("at least", 0, u"b c"_s);
            row("at most", 1, u"a b"_s);
            row("between, ends included", 2, u"b"_s);
            row("an end that may not be stored", 3, u"a b c"_s);
            row("dates", 4, u"b c"_s);
            row("one of", 5, u"a c"_s);
            row("one of none", 6, u""_s);
            row("without", 7, u"d"_s);
            row("with", 8, u"a b c"_s);
            row("text without, which may be empty", 9, u"a c d"_s);
            row("created today", 10, u"a b c d"_s);
            row("created before", 11, u""_s);
            row("several together", 12, u"b"_s);
            row("a reference without", 13, u"a b c d"_s);
            row("one of several references", 14, u"a b c d"_s);
        }
    }
    void filtersOfOneField()
    {
        EntityRepository repository(*m_connection, precursors());
        const QVariantMap rows[] = {
            {{u"name"_s, u"a"_s}, {u"purity"_s, 10.5}, {u"expiration_date"_s, u"2026-01-31"_s}},
            {{u"name"_s, u"b"_s},
             {u"purity"_s, 20.0},
             {u"expiration_date"_s, u"2026-02-01"_s},
             {u"supplier"_s, u"Ω & Co"_s}},
            {{u"name"_s, u"c"_s}, {u"purity"_s, 99.5}, {u"expiration_date"_s, u"2027-01-01"_s}},
            {{u"name"_s, u"d"_s}}};
        if (repository.list(m_session, {}).value().total == 0) {
            for (const QVariantMap &row : rows)
                BIRCH_VERIFY(repository.insert(m_session, row));
        }
        const QString today = QDateTime::currentDateTimeUtc().date().toString(Qt::ISODate);
        EntityFilter filters[15];
        filters[0].ranges = {{u"purity"_s, {u"20"_s, {}}}};
        filters[1].ranges = {{u"purity"_s, {{}, u"20.0"_s}}};
        filters[2].ranges = {{u"purity"_s, {u"10.6"_s, u"20"_s}}};
        filters[3].ranges = {{u"purity"_s, {u"-5"_s, u"1e3"_s}}};
        filters[4].ranges = {{u"expiration_date"_s, {u"2026-02-01"_s, u"2027-01-01"_s}}};
        filters[5].oneOf = {{u"name"_s, {u"a"_s, u"c"_s, u"nobody"_s}}};
        filters[6].oneOf = {{u"name"_s, {}}};
        filters[7].without = QStringList{u"purity"_s};
        filters[8].with = QStringList{u"purity"_s};
        filters[9].without = QStringList{u"supplier"_s};
        filters[10].ranges = {{u"created_at"_s, {today, today}}};
        filters[11].ranges = {{u"created_at"_s, {{}, u"2020-01-01T00:00:00Z"_s}}};
        filters[12].equal = {{u"supplier"_s, u"Ω & Co"_s}};
        filters[12].ranges = {{u"purity"_s, {u"1"_s, {}}}};
        filters[12].oneOf = {{u"name"_s, {u"a"_s, u"b"_s}}};
        filters[13].without = QStringList{u"project"_s};
        filters[14].oneOf = {{u"lab"_s, {u"Lab"_s, u"Elsewhere"_s}}};
        QFETCH(int, which);
        QFETCH(QStringList, found);
        filters[which].sort = u"name"_s;
        const auto page = repository.list(m_session, filters[which]);
        BIRCH_VERIFY(page);
        QCOMPARE(names(page.value()), found);
        QCOMPARE(page.value().total, found.size());
        QVERIFY(page.value().isTotalExact);
    }

    void whatCanNotBeAsked_data() { test::StoreFixture::addEngines(); }
    void whatCanNotBeAsked()
    {
        EntityFilter filters[8];
        filters[0].ranges = {{u"nothing"_s, {}}};
        filters[1].ranges = {{u"purity"_s, {u"much"_s, {}}}};
        filters[2].ranges = {{u"name"_s, {u"a"_s, {}}}};
        filters[3].equal = {{u"purity"_s, u""_s}};
        filters[4].sort = u"nothing"_s;
        filters[5].anchor = u"1-x"_s;
        filters[6].without = QStringList{u"nothing"_s};
        filters[7].perPage = 0;
        EntityRepository repository(*m_connection, precursors());
        for (const EntityFilter &filter : filters) {
            const auto refused = repository.list(m_session, filter);
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::BadInput);
        }
        EntityFilter secret;
        secret.equal = {{u"password_hash"_s, u"x"_s}};
        QVERIFY(
            !EntityRepository(*m_connection, *entityByTable(u"users"_s)).list(m_session, secret));
    }

    /// Every declared field of every entity, in every way that it can be asked for.
    void everyField_data() { test::StoreFixture::addEngines(); }
    void everyField()
    {
        const auto store = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s);
        BIRCH_VERIFY(store);
        BIRCH_VERIFY(store.value()->createScan(test::newScan()));
        test::EntityExamples examples(*m_connection, m_session);
        int filters = 0;
        for (const EntitySpec &spec : entitySpecs()) {
            const auto record = examples.add(spec);
            BIRCH_VERIFY(record);
            for (const EntityField &field : spec.fields) {
                if (field.isSecret)
                    continue;
                for (const EntityFilter &filter : filtersOf(field, record.value(), spec)) {
                    const auto page = EntityRepository(*m_connection, spec).list(m_session, filter);
                    QVERIFY2(bool(page),
                             qPrintable(u"%1.%2: %3"_s.arg(
                                 spec.table, field.name, page ? QString() : page.error().message)));
                    QVERIFY2(holds(page.value(), record.value()),
                             qPrintable(spec.table + u'.' + field.name));
                    ++filters;
                }
            }
        }
        qInfo("%d filters", filters);
        QVERIFY(filters > 1500);
    }

    void anchorsHoldWhileOthersWrite_data() { test::StoreFixture::addEngines(); }
    void anchorsHoldWhileOthersWrite()
    {
        EntityRepository repository(*m_connection, precursors());
        for (int i = 0; i < 40; ++i)
            BIRCH_VERIFY(repository.insert(m_session, {{u"name"_s, u"old %1"_s.arg(i)}}));
        std::atomic<bool> isDone{false};
        std::atomic<int> added{0};
        std::thread writer([&] {
            const auto connection = m_database->connect().value();
            EntityRepository others(*connection, precursors());
            while (!isDone && others.insert(m_session, {{u"name"_s, u"new"_s}}))
                ++added;
        });
        EntityFilter filter;
        filter.perPage = 7;
        QStringList seen;
        qint64 total = -1;
        bool isSteady = true;
        for (filter.page = 1; filter.page == 1 || (filter.page - 1) * 7 < total; ++filter.page) {
            const auto page = repository.list(m_session, filter);
            const int before = added;
            isSteady &= bool(page) && (total < 0 || page.value().total == total);
            if (!page)
                break;
            total = page.value().total;
            filter.anchor = page.value().anchor;
            for (const EntityRecord &record : page.value().records)
                seen << record.uid;
            [&] { QTRY_VERIFY(added > before); }(); // somebody wrote between two pages
        }
        isDone = true;
        writer.join();
        QVERIFY(isSteady);
        QVERIFY(total >= 40);
        QCOMPARE(seen.size(), total);
        QCOMPARE(QSet<QString>(seen.begin(), seen.end()).size(), total);
    }

    /// A row whose transaction was open when the first page was made comes into no later one.
    void anchorsLeaveOutWhatCommitsLater_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::newRow("PostgreSQL") << true;
    }
    void anchorsLeaveOutWhatCommitsLater()
    {
        EntityRepository repository(*m_connection, precursors());
        BIRCH_VERIFY(repository.insert(m_session, {{u"name"_s, u"first"_s}}));
        const auto other = m_database->connect().value();
        EntityRepository slow(*other, precursors());
        {
            auto open = WriteTransaction::begin(*other);
            BIRCH_VERIFY(open);
            BIRCH_VERIFY(slow.insert(m_session, {{u"name"_s, u"slow"_s}}));
            BIRCH_VERIFY(repository.insert(m_session, {{u"name"_s, u"last"_s}}));
            EntityFilter filter;
            filter.perPage = 1;
            const auto first = repository.list(m_session, filter);
            BIRCH_VERIFY(first);
            QCOMPARE(names(first.value()), QStringList{u"last"_s});
            QCOMPARE(first.value().total, 2);
            BIRCH_VERIFY(open.value().commit());
            filter.anchor = first.value().anchor;
            filter.page = 2;
            const auto second = repository.list(m_session, filter);
            BIRCH_VERIFY(second);
            QCOMPARE(names(second.value()), QStringList{u"first"_s});
            QCOMPARE(second.value().total, 2);
        }
        QCOMPARE(repository.list(m_session, {}).value().total, 3);
    }

    void totalsAreRightWithManyWriters_data() { test::StoreFixture::addEngines(); }
    void totalsAreRightWithManyWriters()
    {
        constexpr int kWriters = 4;
        constexpr int kRows = 80;
        std::vector<std::thread> writers;
        std::atomic<int> failures{0};
        for (int w = 0; w < kWriters; ++w) {
            writers.emplace_back([&, w] {
                const auto connection = m_database->connect().value();
                for (int i = 0; i < kRows; ++i)
                    failures += !addThenMaybeTakeBack(*connection, w, i);
            });
        }
        for (std::thread &writer : writers)
            writer.join();
        QCOMPARE(failures, 0);
        EntityRepository repository(*m_connection, precursors());
        const auto counted =
            m_connection->firstRow(u"SELECT count(*), count(trashed_at) FROM precursors"_s);
        BIRCH_VERIFY(counted);
        const qint64 all = counted.value().value().at(0).toLongLong();
        const qint64 trashed = counted.value().value().at(1).toLongLong();
        QCOMPARE(all, kWriters * kRows / 4 * 3);
        QVERIFY(trashed > 0);
        EntityFilter filter;
        QCOMPARE(repository.list(m_session, filter).value().total, all - trashed);
        filter.isTrashIncluded = true;
        QCOMPARE(repository.list(m_session, filter).value().total, all);
        BIRCH_VERIFY(m_connection->execute(u"DELETE FROM precursors"_s));
        QCOMPARE(repository.list(m_session, filter).value().total, 0);
        const auto rows = m_connection->firstRow(
            u"SELECT count(*) FROM object_counts WHERE kind = 'precursors'"_s);
        QVERIFY(rows.value().value().first().toInt() < 550); // folded now and then
    }

    /// What has no maintained count is counted up to a bound, and says so.
    void longTotals_data() { test::StoreFixture::addEngines(); }
    void longTotals()
    {
        BIRCH_VERIFY(m_connection->execute(
            u"INSERT INTO precursors (uid, lab_id, name, supplier, created_at, created_by, "
            "updated_at, updated_by) WITH RECURSIVE n(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10050) "
            "SELECT 'u' || i, 1, 'p' || i, CASE WHEN i <= 200 THEN 'A' ELSE 'B' END, i, 'x', i, "
            "'x' "
            "FROM n"_s));
        EntityRepository repository(*m_connection, precursors());
        EntityFilter filter;
        QCOMPARE(repository.list(m_session, filter).value().total, 10050);
        filter.equal = {{u"supplier"_s, u"A"_s}};
        QCOMPARE(repository.list(m_session, filter).value().total, 200);
        filter.equal.clear();
        filter.with = QStringList{u"supplier"_s};
        auto page = repository.list(m_session, filter).value();
        QVERIFY(!page.isTotalExact);
        QCOMPARE(page.total, 10001);
        QVERIFY(!page.toJson(precursors())[u"total_is_exact"_s].toBool());
        filter.perPage = 1000;
        filter.page = 11;
        page = repository.list(m_session, filter).value();
        QVERIFY(page.isTotalExact);
        QCOMPARE(page.total, 10050);
        QCOMPARE(page.records.size(), 50);
        QCOMPARE(page.records.last().text(u"name"_s), u"p1"_s);
    }

    /// Words that are common, rare, and common long ago come the same way out.
    void textInLongLists_data() { test::StoreFixture::addEngines(); }
    void textInLongLists()
    {
        BIRCH_VERIFY(m_connection->execute(
            u"INSERT INTO precursors (uid, lab_id, name, created_at, created_by, "
            "updated_at, updated_by) WITH RECURSIVE n(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000) "
            "SELECT 'u' || i, 1, CASE WHEN i <= 100 THEN 'bygone' ELSE 'common' END || i, "
            "i, 'x', i, 'x' FROM n"_s));
        BIRCH_VERIFY(m_connection->execute(
            u"UPDATE objects SET search_text = (SELECT name FROM precursors p WHERE p.id = row_id) "
            "WHERE kind = 'precursors'"_s));
        EntityRepository repository(*m_connection, precursors());
        EntityFilter filter;
        filter.perPage = 3;
        filter.search = u"common"_s;
        auto page = repository.list(m_session, filter).value();
        QCOMPARE(names(page), QStringList({u"common8000"_s, u"common7999"_s, u"common7998"_s}));
        QVERIFY(!page.isTotalExact && page.total > 3 && page.total <= 7900);
        filter.search = u"bygone"_s;
        page = repository.list(m_session, filter).value();
        QCOMPARE(names(page), QStringList({u"bygone100"_s, u"bygone99"_s, u"bygone98"_s}));
        QVERIFY(page.isTotalExact);
        QCOMPARE(page.total, 100);
        filter.search = u"common4242"_s;
        page = repository.list(m_session, filter).value();
        QCOMPARE(names(page), QStringList{u"common4242"_s});
        filter.search = u"common"_s;
        filter.page = 2600;
        page = repository.list(m_session, filter).value();
        QCOMPARE(names(page), QStringList({u"common203"_s, u"common202"_s, u"common201"_s}));
        filter.page = 1;
        filter.ranges = {{u"created_at"_s, {{}, u"1970-01-01T00:00:00.000150Z"_s}}};
        page = repository.list(m_session, filter).value();
        QCOMPARE(page.total, 50);
        QVERIFY(page.isTotalExact);
        QCOMPARE(names(page).first(), u"common150"_s);
    }

private:
    static const EntitySpec &precursors() { return *entityByTable(u"precursors"_s); }

    /// One of four is rolled back, one of four goes into the trash.
    bool addThenMaybeTakeBack(Connection &connection, int writer, int i) const
    {
        EntityRepository repository(connection, precursors());
        auto transaction = WriteTransaction::begin(connection);
        if (!transaction)
            return false;
        const auto made =
            repository.insert(m_session, {{u"name"_s, u"%1-%2"_s.arg(writer).arg(i)}});
        if (!made || (i % 4 == 1 && !repository.setTrashed(m_session, made.value().uid, true)))
            return false;
        return i % 4 == 0 || bool(transaction.value().commit());
    }

    static QList<EntityFilter> filtersOf(const EntityField &field, const EntityRecord &record,
                                         const EntitySpec &spec)
    {
        const QVariant value = record.values.value(field.name);
        QList<EntityFilter> filters(1);
        (value.isValid() ? filters[0].with : filters[0].without) = QStringList{field.name};
        if (!value.isValid() || field.type == EntityFieldType::Json)
            return filters;
        const QString text = record.toJson(spec)[field.name].toVariant().toString();
        filters.resize(3);
        filters[1].equal = {{field.name, text}};
        filters[1].sort = field.name;
        filters[2].oneOf = {{field.name, {text, text}}};
        filters[2].sort = field.name;
        filters[2].isDescending = true;
        const bool isOrdered =
            field.type == EntityFieldType::Integer || field.type == EntityFieldType::Real ||
            field.type == EntityFieldType::Date || field.type == EntityFieldType::Time;
        if (isOrdered) {
            filters.resize(4);
            filters[3].ranges = {{field.name, {text, text}}};
        }
        for (EntityFilter &filter : filters)
            filter.perPage = 1000;
        return filters;
    }
    static bool holds(const EntityPage &page, const EntityRecord &wanted)
    {
        for (const EntityRecord &record : page.records) {
            if (record.uid == wanted.uid)
                return page.total == page.records.size() && page.isTotalExact;
        }
        return false;
    }
    static QStringList names(const EntityPage &page)
    {
        QStringList names;
        for (const EntityRecord &record : page.records)
            names << record.text(u"name"_s);
        return names;
    }

    test::StoreFixture m_fixture;
    std::map<bool, std::unique_ptr<Database>> m_shared;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    Session m_session;
};

QTEST_GUILESS_MAIN(ListsTest)
#include "tst_lists.moc"
