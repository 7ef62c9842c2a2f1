// Chunks through SqlRunStore beside a row loop written by hand against sqlite3: same columns, WAL,
// same synchronous, same disk. Values are made beforehand; encoding (shuffle + zstd) is included.
#include "core/base/id.h"
#include "core/data/chunk_codec.h"
#include "core/store/chunk_reader.h"
#include "core/store/scan_repository.h"
#include "core/store/sql_run_store.h"

#include <QCoreApplication>
#include <QDir>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>
#include <cmath>
#include <sqlite3.h>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kRows = 1'000'000;
constexpr int kColumns = 10;            // sequence, time, 8 doubles
constexpr qint64 kReferenceRows = 4096; // per transaction

/// What an instrument would deliver: smooth, with noise in the lower bits.
double sample(qint64 row, int column)
{
    const auto noise = double((quint64(row) * 6364136223846793005ULL + quint64(column)) >> 40);
    return std::sin(double(row) * 1e-4 + column) + noise * 1e-12;
}

TableSchema schema()
{
    TableSchema table{newUid(), u"iv"_s, {}};
    table.columns << ColumnSpec{u"sequence"_s, {}, ColumnType::Int64, {}, {}, ColumnRole::Index}
                  << ColumnSpec{u"time"_s, u"ns"_s, ColumnType::Int64, {}, {}, ColumnRole::Time};
    for (int i = 2; i < kColumns; ++i)
        table.columns << ColumnSpec{u"v%1"_s.arg(i),  u"V"_s, ColumnType::Float64, {}, {},
                                    ColumnRole::Value};
    return table;
}

std::vector<ColumnValues> rows(qint64 from, qint64 count)
{
    std::vector<ColumnValues> columns;
    for (const ColumnSpec &spec : schema().columns)
        columns.emplace_back(spec.type, 1);
    for (qint64 row = from; row < from + count; ++row) {
        columns[0].appendInt(row);
        columns[1].appendInt(1'800'000'000'000'000'000 + row * 1000);
        for (int i = 2; i < kColumns; ++i)
            columns[size_t(i)].appendDouble(sample(row, i));
    }
    return columns;
}

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

/// A store with a scan of one object, and what was put into it.
struct StoredRun {
    QTemporaryDir folder{QDir::currentPath() + u"/bench-store-XXXXXX"_s};
    std::unique_ptr<Database> database =
        require(Database::open(DatabaseUrl::sqliteFile(folder.filePath(u"b.db"_s)), u"bench"_s));
    std::unique_ptr<SqlRunStore> store = require(SqlRunStore::open(*database, u"bench"_s, u"b"_s));
    OpenedScan scan;
    ChunkEncoder encoder;

    StoredRun()
    {
        NewScan fresh;
        fresh.uid = newUid();
        fresh.station = u"b"_s;
        fresh.objects = {schema()};
        scan = require(store->createScan(fresh));
    }
    void commit(const std::vector<ColumnValues> &columns, bool isDurable = false)
    {
        ScanCommit commit;
        commit.scan = scan.uid;
        commit.epoch = scan.epoch;
        commit.rowsBefore = scan.rowsStored;
        commit.rowsAfter = {scan.rowsStored[0] + columns[0].rowCount()};
        commit.isDurable = isDurable;
        for (size_t i = 0; i < columns.size(); ++i)
            commit.chunks.push_back(encoder.encode(0, int(i), scan.rowsStored[0], columns[i]));
        require(store->commit(commit));
        scan.rowsStored = commit.rowsAfter;
    }
};

/// The reference: one prepared INSERT per row.
struct RowTable {
    QTemporaryDir folder{QDir::currentPath() + u"/bench-rows-XXXXXX"_s};
    sqlite3 *db = nullptr;
    sqlite3_stmt *insert = nullptr;

    RowTable()
    {
        sqlite3_open(folder.filePath(u"r.db"_s).toUtf8().constData(), &db);
        run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;");
        run("CREATE TABLE p (sequence INTEGER PRIMARY KEY, time INTEGER, v2 REAL, v3 REAL, v4 "
            "REAL, "
            "v5 REAL, v6 REAL, v7 REAL, v8 REAL, v9 REAL)");
        sqlite3_prepare_v2(db, "INSERT INTO p VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &insert,
                           nullptr);
    }
    ~RowTable()
    {
        sqlite3_finalize(insert);
        sqlite3_close(db);
    }
    void run(const char *sql)
    {
        if (sqlite3_exec(db, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            die(QString::fromUtf8(sqlite3_errmsg(db)));
    }
    void add(const std::vector<ColumnValues> &columns, qint64 from, qint64 count)
    {
        run("BEGIN IMMEDIATE");
        for (qint64 row = from; row < from + count; ++row) {
            sqlite3_bind_int64(insert, 1, columns[0].intAt(row));
            sqlite3_bind_int64(insert, 2, columns[1].intAt(row));
            for (int i = 2; i < kColumns; ++i)
                sqlite3_bind_double(insert, i + 1, columns[size_t(i)].doubleAt(row));
            if (sqlite3_step(insert) != SQLITE_DONE)
                die(QString::fromUtf8(sqlite3_errmsg(db)));
            sqlite3_reset(insert);
        }
        run("COMMIT");
    }
};

void ingestRows(benchmark::State &state)
{
    const auto columns = rows(0, kRows);
    for (auto _ : state) {
        state.PauseTiming();
        auto table = std::make_unique<RowTable>();
        state.ResumeTiming();
        for (qint64 from = 0; from < kRows; from += kReferenceRows)
            table->add(columns, from, std::min(kReferenceRows, kRows - from));
        state.PauseTiming();
        table.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(ingestRows)->Name("ingest/reference")->Unit(benchmark::kMillisecond);

void ingestChunks(benchmark::State &state)
{
    const qint64 perCommit = state.range(0);
    std::vector<std::vector<ColumnValues>> batches;
    for (qint64 from = 0; from < kRows; from += perCommit)
        batches.push_back(rows(from, std::min(perCommit, kRows - from)));
    for (auto _ : state) {
        state.PauseTiming();
        auto run = std::make_unique<StoredRun>();
        state.ResumeTiming();
        for (const auto &batch : batches)
            run->commit(batch);
        state.PauseTiming();
        run.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(ingestChunks)
    ->Name("ingest")
    ->Arg(16384)
    ->Arg(4096)
    ->Arg(256)
    ->Unit(benchmark::kMillisecond);

void readRows(benchmark::State &state)
{
    RowTable table;
    const auto columns = rows(0, kRows);
    for (qint64 from = 0; from < kRows; from += kReferenceRows)
        table.add(columns, from, std::min(kReferenceRows, kRows - from));
    sqlite3_stmt *select = nullptr;
    sqlite3_prepare_v2(table.db, "SELECT v5 FROM p ORDER BY sequence", -1, &select, nullptr);
    std::vector<double> values;
    for (auto _ : state) {
        values.clear();
        values.reserve(size_t(kRows));
        while (sqlite3_step(select) == SQLITE_ROW)
            values.push_back(sqlite3_column_double(select, 0));
        sqlite3_reset(select);
        benchmark::DoNotOptimize(values.data());
    }
    sqlite3_finalize(select);
    state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(readRows)->Name("readColumn/reference")->Unit(benchmark::kMillisecond);

void readChunks(benchmark::State &state)
{
    StoredRun run;
    for (qint64 from = 0; from < kRows; from += 16384)
        run.commit(rows(from, std::min<qint64>(16384, kRows - from)));
    const auto connection = require(run.database->connect());
    const Session session{u"bench"_s, Role::Viewer};
    const ScanRecord record = require(ScanRepository(*connection).find(session, run.scan.scanId));
    for (auto _ : state) {
        ChunkReader reader(*connection);
        const ColumnValues values = require(reader.read(record.objects[0], 5, 0, kRows));
        if (values.rowCount() != kRows)
            die(u"rows are missing"_s);
        benchmark::DoNotOptimize(values.bytes().data());
    }
    state.SetItemsProcessed(state.iterations() * kRows);
}
BENCHMARK(readChunks)->Name("readColumn")->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
