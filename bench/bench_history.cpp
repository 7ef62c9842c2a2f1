// Lists, search and reading at the scale of a lab's years, beside the same on 10^4 scans (the
// reference of the run). BIRCH_HISTORY_SCANS (10^5), BIRCH_HISTORY_ENGINE (sqlite | postgresql).
#include "bench/history_data.h"
#include "core/base/id.h"
#include "core/data/chunk_codec.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/scan_repository.h"
#include "core/store/schema.h"
#include "core/store/search/object_search.h"
#include "core/store/sql_run_store.h"
#include "tests/support/postgres_server.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <atomic>
#include <benchmark/benchmark.h>
#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kReferenceScans = 10'000;

[[noreturn]] void die(const QString &message)
{
    qFatal("%s", qPrintable(message));
}

template<typename T>
T require(Result<T> result)
{
    if (!result)
        die(result.error().message);
    return std::move(result).value();
}

QString setting(const char *name, const QString &otherwise)
{
    return qEnvironmentVariable(name, otherwise);
}

/// A filled database, and who looks at it.
struct History {
    bench::HistorySize size;
    std::unique_ptr<Database> database;
    std::unique_ptr<Connection> connection;
    Session session;
};

class Histories
{
public:
    History &history(bool isReference)
    {
        auto &history = m_histories[isReference];
        if (!history)
            history = make(isReference);
        return *history;
    }
    bool isPostgres() const { return m_isPostgres; }

private:
    DatabaseUrl url(const QString &name)
    {
        if (!m_isPostgres)
            return DatabaseUrl::sqliteFile(m_folder.filePath(name + u".db"_s));
        if (!m_server) {
            QString problem;
            m_server = test::PostgresServer::start(&problem);
            if (!m_server)
                die(problem);
        }
        return require(DatabaseUrl::parse(m_server->url(name)));
    }

    std::unique_ptr<History> make(bool isReference)
    {
        auto history = std::make_unique<History>();
        history->size.scans = isReference
                                  ? kReferenceScans
                                  : setting("BIRCH_HISTORY_SCANS", u"100000"_s).toLongLong();
        history->size.samples = history->size.scans / 10;
        const DatabaseUrl where = url(isReference ? u"reference"_s : u"history"_s);
        require(Schema(where).init(u"bench"_s));
        history->database = require(Database::open(where, u"bench"_s));
        history->connection = require(history->database->connect());
        history->session = require(openSession(*history->connection, u"bench"_s));
        QElapsedTimer timer;
        timer.start();
        require(bench::fillHistory(*history->connection, history->size));
        const double seconds = double(timer.elapsed()) * 1e-3;
        for (const qint64 row : {qint64(1), history->size.scans / 2, history->size.scans})
            require(bench::checkHistory(*history->connection, history->size, row));
        if (m_isPostgres)
            require(history->connection->script(u"VACUUM ANALYZE"_s));
        const QString bytes = m_isPostgres
                                  ? u"SELECT pg_database_size(current_database())"_s
                                  : u"SELECT c.page_count * s.page_size FROM pragma_page_count c, "
                                    "pragma_page_size s"_s;
        const qint64 used = require(history->connection->firstRow(bytes))->first().toLongLong();
        fprintf(stderr, "%lld scans, %lld samples, %lld rows: made in %.1f s, %.0f MB on disk\n",
                history->size.scans, history->size.samples,
                history->size.scans * bench::kRowsPerScan, seconds, double(used) * 1e-6);
        return history;
    }

    bool m_isPostgres = setting("BIRCH_HISTORY_ENGINE", u"sqlite"_s) == u"postgresql"_s;
    QTemporaryDir m_folder{QDir::currentPath() + u"/bench-history-XXXXXX"_s};
    std::unique_ptr<test::PostgresServer> m_server; ///< goes after what is connected to it
    std::unique_ptr<History> m_histories[2];
};

void listScans(Histories &histories, benchmark::State &state, const ScanFilter &filter,
               qint64 least)
{
    History &history = histories.history(state.range(0) != 0);
    ScanRepository repository(*history.connection);
    for (auto _ : state) {
        const ScanPage page = require(repository.list(history.session, filter));
        if (page.scans.size() < least)
            die(u"scans are missing"_s);
        benchmark::DoNotOptimize(page.total);
    }
}

ScanFilter pageOf(int page, int perPage)
{
    ScanFilter filter;
    filter.page = page;
    filter.perPage = perPage;
    return filter;
}

ScanFilter searching(const QString &text)
{
    ScanFilter filter;
    filter.search = text;
    return filter;
}

ScanFilter sampleStateTime()
{
    ScanFilter filter;
    filter.sample = u"S-2024-000078"_s;
    filter.states = {ScanState::Completed, ScanState::Failed, ScanState::Aborted};
    filter.sinceUs = 1'640'995'200'000'000;
    return filter;
}

void searchAll(Histories &histories, benchmark::State &state, const QString &text)
{
    History &history = histories.history(state.range(0) != 0);
    ObjectSearch search(*history.connection);
    ObjectSearchFilter filter;
    filter.request = parseSearch(text);
    for (auto _ : state) {
        if (require(search.search(history.session, filter)).hits.isEmpty())
            die(u"nothing was found"_s);
    }
}

void listSamples(Histories &histories, benchmark::State &state, const EntityFilter &filter)
{
    History &history = histories.history(state.range(0) != 0);
    EntityRepository repository(*history.connection, sampleSpec());
    for (auto _ : state) {
        if (require(repository.list(history.session, filter)).records.isEmpty())
            die(u"samples are missing"_s);
    }
}

void openRecord(Histories &histories, benchmark::State &state)
{
    History &history = histories.history(state.range(0) != 0);
    ScanRepository repository(*history.connection);
    const QString key =
        require(repository.list(history.session, pageOf(100, 10))).scans.first().scanId;
    for (auto _ : state)
        benchmark::DoNotOptimize(require(repository.show(history.session, key)).scan.id);
}

/// A scan with rows as they come from an instrument, 4096 a commit.
class Writer
{
public:
    explicit Writer(const Database &database)
        : m_store(require(SqlRunStore::open(database, u"bench"_s, u"writer"_s)))
    {
        NewScan scan;
        scan.uid = newUid();
        scan.station = u"writer"_s;
        scan.startedUs = 1'900'000'000'000'000;
        TableSchema table{newUid(), u"iv"_s, {}};
        table.columns << ColumnSpec{u"x"_s, u"V"_s, ColumnType::Float64, {}, {}, ColumnRole::Value};
        scan.objects = {table};
        m_scan = require(m_store->createScan(scan));
    }
    void commit()
    {
        ColumnValues values(ColumnType::Float64, 1);
        for (int i = 0; i < 4096; ++i)
            values.appendDouble(double(i) * 1e-3);
        ScanCommit commit;
        commit.scan = m_scan.uid;
        commit.epoch = m_scan.epoch;
        commit.rowsBefore = m_scan.rowsStored;
        commit.rowsAfter = {m_scan.rowsStored[0] + 4096};
        commit.chunks.push_back(m_encoder.encode(0, 0, m_scan.rowsStored[0], values));
        require(m_store->commit(commit));
        m_scan.rowsStored = commit.rowsAfter;
    }

private:
    std::unique_ptr<SqlRunStore> m_store;
    OpenedScan m_scan;
    ChunkEncoder m_encoder;
};

/// Commits of one scan beside range(0) readers, each of which looks at history and at a search once
/// a second, as windows do.
void writeBesideReaders(Histories &histories, benchmark::State &state)
{
    History &history = histories.history(false);
    Writer writer(*history.database);
    std::atomic<bool> isDone{false};
    std::atomic<qint64> pages{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < int(state.range(0)); ++i) {
        readers.emplace_back([&, i] {
            const auto connection = require(history.database->connect());
            ScanRepository repository(*connection);
            std::this_thread::sleep_for(std::chrono::milliseconds(20 * i));
            while (!isDone) {
                require(repository.list(history.session,
                                        pages % 2 ? searching(u"diode"_s) : pageOf(1, 50)));
                ++pages;
                for (int wait = 0; wait < 50 && !isDone; ++wait)
                    std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        });
    }
    for (auto _ : state)
        writer.commit();
    isDone = true;
    for (std::thread &reader : readers)
        reader.join();
    state.SetItemsProcessed(state.iterations() * 4096);
    state.counters["pages"] = double(pages);
}

void declare(const char *name, const std::function<void(benchmark::State &)> &run)
{
    benchmark::RegisterBenchmark((std::string(name) + "/reference").c_str(), run)
        ->Arg(1)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
    benchmark::RegisterBenchmark(name, run)->Arg(0)->Unit(benchmark::kMillisecond)->UseRealTime();
}

void declareAll(Histories &histories)
{
    const auto scans = [&histories](const ScanFilter &filter, qint64 least) {
        return [&histories, filter, least](benchmark::State &state) {
            listScans(histories, state, filter, least);
        };
    };
    declare("newestPage", scans(pageOf(1, 50), 50));
    declare("page1000of10", scans(pageOf(1000, 10), 10));
    declare("sampleStateTime", scans(sampleStateTime(), 1));
    declare("search/common", scans(searching(u"diode"_s), 50));
    declare("search/rare", scans(searching(u"rarefied"_s), 2));
    declare("search/short", scans(searching(u"iv"_s), 50));
    declare("search/twoWords", scans(searching(u"laser grace"_s), 50));
    declare("search/id", scans(searching(u"gen1-220110"_s), 50));
    declare("search/nothing", scans(searching(u"nothingisso"_s), 0));
    declare("all/common", [&histories](benchmark::State &state) {
        searchAll(histories, state, u"diode -grace"_s);
    });
    declare("all/rare",
            [&histories](benchmark::State &state) { searchAll(histories, state, u"rarefied"_s); });
    declare("all/samples", [&histories](benchmark::State &state) {
        searchAll(histories, state, u"wafer kind:samples"_s);
    });
    declare("samples/newest",
            [&histories](benchmark::State &state) { listSamples(histories, state, {}); });
    declare("samples/search", [&histories](benchmark::State &state) {
        EntityFilter filter;
        filter.search = u"mos2 wafer"_s;
        listSamples(histories, state, filter);
    });
    declare("openRecord", [&histories](benchmark::State &state) { openRecord(histories, state); });
    benchmark::RegisterBenchmark("page1000of50", scans(pageOf(1000, 50), 0))
        ->Arg(0)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
    benchmark::RegisterBenchmark(
        "write/readers",
        [&histories](benchmark::State &state) { writeBesideReaders(histories, state); })
        ->Arg(0)
        ->Arg(50)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime()
        ->MinTime(4)
        ->Repetitions(3)
        ->ReportAggregatesOnly(true);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    Histories histories;
    declareAll(histories);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
