#include "core/store/entity/entity_repository.h"
#include "core/store/lab/analysis_batch.h"
#include "core/store/lab/analysis_store.h"
#include "core/store/lab/result_query.h"
#include "core/store/sql_run_store.h"
#include "tests/core/store/scan_fixture.h"
#include "tests/core/store/store_fixture.h"

#include <QJsonArray>

#include <bit>
#include <limits>
#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;

class AnalysesTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QFETCH(bool, isPostgres);
        m_database = m_fixture.newDatabase(isPostgres);
        m_connection = m_database->connect().value();
        m_session = openSession(*m_connection, u"ada"_s).value();
        const auto store = SqlRunStore::open(*m_database, u"ada"_s, u"bench"_s);
        BIRCH_VERIFY(store);
        const auto scan = store.value()->createScan(test::newScan());
        BIRCH_VERIFY(scan);
        m_scan = scan.value().uid.toString(QUuid::WithoutBraces);
        BIRCH_VERIFY(EntityRepository(*m_connection, *entityByTable(u"analysis_methods"_s))
                         .insert(m_session, {{u"name"_s, u"gap fit"_s}}));
    }
    void cleanup()
    {
        m_connection.reset();
        m_database.reset();
    }

    void arraysComeBackBitExact_data() { test::StoreFixture::addEngines(); }
    void arraysComeBackBitExact()
    {
        NewAnalysis analysis = gap(0.5, u"eV"_s, 1);
        NewResult map{.name = u"map"_s, .shape = {400, 500}};
        for (int i = 0; i < 200'000; ++i) // several chunks
            map.array.push_back(i == 7 ? std::bit_cast<double>(0x7ff8000000abcdefULL) : i * -0.0);
        analysis.results.push_back(map);
        const auto made = AnalysisStore(*m_connection).record(m_session, analysis);
        BIRCH_VERIFY(made);
        EntityFilter ofMap;
        ofMap.equal = {{u"name"_s, u"map"_s}};
        const auto results = EntityRepository(*m_connection, *entityByTable(u"analysis_results"_s))
                                 .list(m_session, ofMap);
        BIRCH_VERIFY(results);
        const auto array =
            AnalysisStore(*m_connection).array(m_session, results.value().records.first().uid);
        BIRCH_VERIFY(array);
        QCOMPARE(array.value().shape, map.shape);
        QCOMPARE(array.value().values.size(), map.array.size());
        QVERIFY(std::memcmp(array.value().values.data(), map.array.data(),
                            map.array.size() * sizeof(double)) == 0);
    }

    void refusedWhole_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("says");
        for (const bool isPostgres : {false, true}) {
            const auto row = [isPostgres](const char *what, const QString &says) {
                QTest::addRow("%s %s", isPostgres ? "PostgreSQL" : "SQLite", what)
                    << isPostgres << QString::fromLatin1(what) << says;
            };
            row("method", u"no such method"_s);
            row("scan", u"no such scan"_s);
            row("measurement", u"no such table"_s);
            row("shape", u"its shape"_s);
            row("twice", u"Name"_s);
            row("uncertainty", u"0 or more"_s);
        }
    }
    void refusedWhole()
    {
        QFETCH(QString, what);
        QFETCH(QString, says);
        NewAnalysis analysis = gap(0.5, u"eV"_s, 1);
        if (what == u"method")
            analysis.method = u"no such method"_s;
        if (what == u"scan")
            analysis.inputs[0].scan = u"no such scan"_s;
        if (what == u"measurement")
            analysis.inputs[0].measurement = u"no such table"_s;
        if (what == u"shape")
            analysis.results.push_back({.name = u"a"_s, .array = {1, 2, 3}, .shape = {2, 2}});
        if (what == u"twice")
            analysis.results.push_back(analysis.results.front());
        if (what == u"uncertainty")
            analysis.results.front().uncertainty = -1;
        const auto refused = AnalysisStore(*m_connection).record(m_session, analysis);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(says), qPrintable(refused.error().message));
        for (const QString &table : {u"analyses"_s, u"analysis_inputs"_s, u"analysis_results"_s})
            QCOMPARE(EntityRepository(*m_connection, *entityByTable(table))
                         .list(m_session, {})
                         .value()
                         .total,
                     0);
    }

    void rangesMeanTheSameInEveryUnit_data() { test::StoreFixture::addEngines(); }
    void rangesMeanTheSameInEveryUnit()
    {
        addGaps();
        ResultFilter filter;
        filter.name = u"gap"_s;
        filter.minimum = 0.4;
        filter.maximum = 0.6;
        filter.unit = u"eV"_s;
        auto page = findResults(*m_connection, m_session, filter);
        BIRCH_VERIFY(page);
        QStringList found;
        for (const FoundResult &result : page.value().results)
            found << QString::number(*result.value);
        QCOMPARE(found, (QStringList{u"550"_s, u"0.6"_s, u"0.4"_s})); // newest first
        QCOMPARE(page.value().total, 3);
        filter.unit = u"meV"_s;
        QCOMPARE(findResults(*m_connection, m_session, filter).value().total, 0);
        filter.minimum = 400;
        filter.maximum.reset();
        QCOMPARE(findResults(*m_connection, m_session, filter).value().total, 4);
        filter.unit = u"K/s"_s;
        const auto refused = findResults(*m_connection, m_session, filter);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(u"meV"_s), qPrintable(refused.error().message));
        filter.name.clear();
        QCOMPARE(findResults(*m_connection, m_session, filter).error().code, ErrorCode::BadInput);
    }

    void statisticsInOneCall_data() { test::StoreFixture::addEngines(); }
    void statisticsInOneCall()
    {
        const ResultFilter none;
        BIRCH_VERIFY(analysisStatistics(*m_connection, m_session, none));
        addGaps();
        NewAnalysis failed = gap(9, u"eV"_s, 9);
        failed.status = u"failed"_s;
        failed.results.clear();
        BIRCH_VERIFY(AnalysisStore(*m_connection).record(m_session, failed));
        ResultFilter filter;
        filter.name = u"gap"_s;
        filter.unit = u"eV"_s;
        const auto statistics = analysisStatistics(*m_connection, m_session, filter);
        BIRCH_VERIFY(statistics);
        QCOMPARE(statistics.value().countByState.value(u"completed"_s), 5);
        QCOMPARE(statistics.value().countByState.value(u"failed"_s), 1);
        QCOMPARE(statistics.value().successRate, 5.0 / 6);
        QCOMPARE(statistics.value().count, 5);
        QCOMPARE(statistics.value().median, 0.55);
        QCOMPARE(statistics.value().mean, (0.3 + 0.4 + 0.6 + 0.55 + 0.7) / 5);
        QCOMPARE(*statistics.value().latest->value, 0.7);
    }

    void batchesEndAsTheirItems_data() { test::StoreFixture::addEngines(); }
    void batchesEndAsTheirItems()
    {
        AnalysisBatches batches(*m_connection);
        const auto made = batches.create(
            m_session, {{u"name"_s, u"night"_s}, {u"method"_s, u"gap fit"_s}}, {m_scan, m_scan});
        BIRCH_VERIFY(made);
        const auto first = batches.takeNext(m_session, u"night"_s);
        BIRCH_VERIFY(first);
        QCOMPARE(batches.progress(m_session, u"night"_s).value().status, u"running"_s);
        const auto second = batches.takeNext(m_session, u"night"_s);
        QVERIFY(second.value()->uid != first.value()->uid);
        QVERIFY(!batches.takeNext(m_session, u"night"_s).value());
        const auto analysis = AnalysisStore(*m_connection).record(m_session, gap(0.5, u"eV"_s, 1));
        BIRCH_VERIFY(batches.finish(m_session, first.value()->uid, u"completed"_s,
                                    analysis.value().uid, {}));
        const Status twice = batches.finish(m_session, first.value()->uid, u"failed"_s, {}, u"x"_s);
        QCOMPARE(twice.error().code, ErrorCode::Conflict);
        BIRCH_VERIFY(batches.finish(m_session, second.value()->uid, u"failed"_s, {}, u"no fit"_s));
        const auto progress = batches.progress(m_session, u"night"_s);
        QCOMPARE(progress.value().status, u"failed"_s);
        QCOMPARE(progress.value().total, 2);
        QVERIFY(!batches.create(m_session, {{u"name"_s, u"x"_s}}, {}));
    }

    /// Several workers take every item once, whoever is faster.
    void workersShareABatch_data() { test::StoreFixture::addEngines(); }
    void workersShareABatch()
    {
        constexpr int kItems = 12;
        BIRCH_VERIFY(AnalysisBatches(*m_connection)
                         .create(m_session, {{u"name"_s, u"shared"_s}, {u"method"_s, u"gap fit"_s}},
                                 QStringList(kItems, m_scan)));
        std::vector<QStringList> taken(3);
        std::vector<QString> problems(3);
        std::vector<std::thread> workers;
        for (size_t i = 0; i < taken.size(); ++i) {
            workers.emplace_back([this, &taken, &problems, i] {
                const auto connection = m_database->connect();
                AnalysisBatches batches(*connection.value());
                for (;;) {
                    const auto item = batches.takeNext(m_session, u"shared"_s);
                    if (!item)
                        problems[i] = item.error().message;
                    if (!item || !item.value())
                        return;
                    taken[i] << item.value()->uid;
                    const Status done =
                        batches.finish(m_session, item.value()->uid, u"completed"_s, {}, {});
                    if (!done)
                        problems[i] = done.error().message;
                }
            });
        }
        for (std::thread &worker : workers)
            worker.join();
        for (const QString &problem : problems)
            QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QStringList all = taken[0] + taken[1] + taken[2];
        QCOMPARE(all.size(), kItems);
        QCOMPARE(all.removeDuplicates(), 0);
        QCOMPARE(AnalysisBatches(*m_connection).progress(m_session, u"shared"_s).value().status,
                 u"completed"_s);
    }

    void readsJson_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QJsonObject>("json");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const QJsonObject &json, const QString &says) {
            QTest::newRow(name) << false << json << says;
        };
        row("unknown key", {{u"metod"_s, u"x"_s}}, u"metod"_s);
        row("no time", {{u"started_at"_s, u"now"_s}}, u"started_at"_s);
        const QJsonObject text{{u"name"_s, u"gap"_s}, {u"value"_s, u"0.5"_s}};
        row("no number", {{u"results"_s, QJsonArray{text}}}, u"value"_s);
        const QJsonObject nested{{u"name"_s, u"gap"_s}, {u"array"_s, QJsonArray{QJsonArray{1}}}};
        row("nested array", {{u"results"_s, QJsonArray{nested}}}, u"flat list"_s);
    }
    void readsJson()
    {
        QFETCH(QJsonObject, json);
        QFETCH(QString, says);
        const auto refused = NewAnalysis::fromJson(json);
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(says), qPrintable(refused.error().message));
    }

private:
    NewAnalysis gap(double value, const QString &unit, int day) const
    {
        NewAnalysis analysis;
        analysis.method = u"gap fit"_s;
        analysis.startedUs = 1'700'000'000'000'000 + day * 86'400'000'000;
        analysis.inputs = {{m_scan, u"all"_s, u"data"_s}};
        analysis.results.push_back(
            {.name = u"gap"_s, .value = value, .unit = unit, .uncertainty = 0.01});
        return analysis;
    }

    void addGaps()
    {
        int day = 0;
        for (const auto &[value, unit] :
             {std::pair(0.3, u"eV"_s), std::pair(0.4, u"eV"_s), std::pair(0.6, u"eV"_s),
              std::pair(550.0, u"meV"_s), std::pair(0.7, u"eV"_s)})
            BIRCH_VERIFY(AnalysisStore(*m_connection).record(m_session, gap(value, unit, ++day)));
    }

    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    Session m_session;
    QString m_scan;
};

QTEST_GUILESS_MAIN(AnalysesTest)
#include "tst_analyses.moc"
