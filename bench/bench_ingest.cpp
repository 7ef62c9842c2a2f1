// Chunks into PostgreSQL beside COPY of the same rows into a plain table (the reference), which is
// given its bytes ready made in the server's binary format. Encoding of chunks is included.
#include "core/base/id.h"
#include "core/data/chunk_codec.h"
#include "core/store/schema.h"
#include "core/store/sql_run_store.h"
#include "tests/support/postgres_server.h"

#include <QCoreApplication>
#include <QtEndian>

#include <benchmark/benchmark.h>
#include <bit>
#include <cmath>
#include <libpq-fe.h>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kRows = 200'000;
constexpr qint64 kPerCommit = 4096;
constexpr int kValues = 8; // beside sequence and time

template<typename T>
T require(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().message));
    return std::move(result).value();
}

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
    for (int i = 0; i < kValues; ++i)
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
        for (int i = 0; i < kValues; ++i)
            columns[size_t(i + 2)].appendDouble(sample(row, i));
    }
    return columns;
}

void append(QByteArray *bytes, auto value)
{
    const auto big = qToBigEndian(value);
    bytes->append(reinterpret_cast<const char *>(&big), sizeof big);
}

/// What COPY … (FORMAT binary) takes.
QByteArray copyBytes(qint64 from, qint64 count)
{
    QByteArray bytes("PGCOPY\n\377\r\n\0", 11);
    append(&bytes, qint32(0));
    append(&bytes, qint32(0));
    for (qint64 row = from; row < from + count; ++row) {
        append(&bytes, qint16(kValues + 2));
        for (const qint64 number : {row, 1'800'000'000'000'000'000 + row * 1000}) {
            append(&bytes, qint32(8));
            append(&bytes, number);
        }
        for (int i = 0; i < kValues; ++i) {
            append(&bytes, qint32(8));
            append(&bytes, std::bit_cast<qint64>(sample(row, i)));
        }
    }
    append(&bytes, qint16(-1));
    return bytes;
}

/// A server with a database at head.
struct Server {
    std::unique_ptr<test::PostgresServer> server;
    std::unique_ptr<Database> database;
    std::unique_ptr<Connection> connection;

    Server()
    {
        QString problem;
        server = test::PostgresServer::start(&problem);
        if (!server)
            qFatal("%s", qPrintable(problem));
        const DatabaseUrl url = require(DatabaseUrl::parse(server->url(u"ingest"_s)));
        require(Schema(url).init(u"bench"_s));
        database = require(Database::open(url, u"bench"_s));
        connection = require(database->connect());
        require(connection->script(
            u"CREATE TABLE rows (sequence BIGINT PRIMARY KEY, time BIGINT, v0 FLOAT8, v1 FLOAT8, "
            "v2 FLOAT8, v3 FLOAT8, v4 FLOAT8, v5 FLOAT8, v6 FLOAT8, v7 FLOAT8)"_s));
    }
};

void copyRows(Server &server, benchmark::State &state)
{
    std::vector<QByteArray> batches;
    for (qint64 from = 0; from < kRows; from += kPerCommit)
        batches.push_back(copyBytes(from, std::min(kPerCommit, kRows - from)));
    PGconn *handle = server.connection->postgresHandle();
    for (auto _ : state) {
        state.PauseTiming();
        require(server.connection->script(u"TRUNCATE rows"_s));
        state.ResumeTiming();
        for (const QByteArray &batch : batches) {
            PQclear(PQexec(handle, "COPY rows FROM STDIN (FORMAT binary)"));
            PQputCopyData(handle, batch.constData(), int(batch.size()));
            PQputCopyEnd(handle, nullptr);
            while (PGresult *result = PQgetResult(handle)) {
                if (PQresultStatus(result) != PGRES_COMMAND_OK)
                    qFatal("%s", PQresultErrorMessage(result));
                PQclear(result);
            }
        }
    }
    state.SetItemsProcessed(state.iterations() * kRows);
}

void ingestChunks(Server &server, benchmark::State &state)
{
    std::vector<std::vector<ColumnValues>> batches;
    for (qint64 from = 0; from < kRows; from += kPerCommit)
        batches.push_back(rows(from, std::min(kPerCommit, kRows - from)));
    const auto store = require(SqlRunStore::open(*server.database, u"bench"_s, u"b"_s));
    ChunkEncoder encoder;
    for (auto _ : state) {
        state.PauseTiming();
        NewScan fresh;
        fresh.uid = newUid();
        fresh.station = u"b"_s;
        fresh.objects = {schema()};
        OpenedScan scan = require(store->createScan(fresh));
        state.ResumeTiming();
        for (const auto &columns : batches) {
            ScanCommit commit;
            commit.scan = scan.uid;
            commit.epoch = scan.epoch;
            commit.rowsBefore = scan.rowsStored;
            commit.rowsAfter = {scan.rowsStored[0] + columns[0].rowCount()};
            for (size_t i = 0; i < columns.size(); ++i)
                commit.chunks.push_back(encoder.encode(0, int(i), scan.rowsStored[0], columns[i]));
            require(store->commit(commit));
            scan.rowsStored = commit.rowsAfter;
        }
    }
    state.SetItemsProcessed(state.iterations() * kRows);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    Server server;
    benchmark::RegisterBenchmark("ingest/postgresql/reference",
                                 [&server](benchmark::State &state) { copyRows(server, state); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
    benchmark::RegisterBenchmark(
        "ingest/postgresql", [&server](benchmark::State &state) { ingestChunks(server, state); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
