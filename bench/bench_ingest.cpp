// Chunks into PostgreSQL beside COPY of the same rows (the reference) into one table of rows for
// all scans, keyed as it would have to be, which is given its bytes ready made in the server's
// binary format. Encoding of chunks, their overviews and the scan's progress are included.
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
constexpr qint64 kPerCommit = 16384; // what the store thread takes at most, hence when it is behind

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

/// \a values beside sequence and time.
TableSchema schema(int values)
{
    TableSchema table{newUid(), u"iv"_s, {}};
    table.columns << ColumnSpec{u"sequence"_s, {}, ColumnType::Int64, {}, {}, ColumnRole::Index}
                  << ColumnSpec{u"time"_s, u"ns"_s, ColumnType::Int64, {}, {}, ColumnRole::Time};
    for (int i = 0; i < values; ++i)
        table.columns << ColumnSpec{u"v%1"_s.arg(i),  u"V"_s, ColumnType::Float64, {}, {},
                                    ColumnRole::Value};
    return table;
}

std::vector<ColumnValues> rows(int values, qint64 from, qint64 count)
{
    std::vector<ColumnValues> columns;
    for (const ColumnSpec &spec : schema(values).columns)
        columns.emplace_back(spec.type, 1);
    for (qint64 row = from; row < from + count; ++row) {
        columns[0].appendInt(row);
        columns[1].appendInt(1'800'000'000'000'000'000 + row * 1000);
        for (int i = 0; i < values; ++i)
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
QByteArray copyBytes(int values, qint64 from, qint64 count)
{
    QByteArray bytes("PGCOPY\n\377\r\n\0", 11);
    append(&bytes, qint32(0));
    append(&bytes, qint32(0));
    for (qint64 row = from; row < from + count; ++row) {
        append(&bytes, qint16(values + 3));
        for (const qint64 number : {qint64(1), row, 1'800'000'000'000'000'000 + row * 1000}) {
            append(&bytes, qint32(8));
            append(&bytes, number);
        }
        for (int i = 0; i < values; ++i) {
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
    }

    void makeRows(int values) const
    {
        QString columns;
        for (int i = 0; i < values; ++i)
            columns += u", v%1 FLOAT8"_s.arg(i);
        require(connection->script(
            u"DROP TABLE IF EXISTS rows; CREATE TABLE rows (measurement_object_id BIGINT, "
            "sequence BIGINT, time BIGINT%1, PRIMARY KEY (measurement_object_id, sequence))"_s.arg(
                columns)));
    }
};

void copyRows(Server &server, benchmark::State &state)
{
    const auto values = int(state.range(0));
    server.makeRows(values);
    std::vector<QByteArray> batches;
    for (qint64 from = 0; from < kRows; from += kPerCommit)
        batches.push_back(copyBytes(values, from, std::min(kPerCommit, kRows - from)));
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
    const auto values = int(state.range(0));
    std::vector<std::vector<ColumnValues>> batches;
    for (qint64 from = 0; from < kRows; from += kPerCommit)
        batches.push_back(rows(values, from, std::min(kPerCommit, kRows - from)));
    const auto store = require(SqlRunStore::open(*server.database, u"bench"_s, u"b"_s));
    ChunkEncoder encoder;
    for (auto _ : state) {
        state.PauseTiming();
        NewScan fresh;
        fresh.uid = newUid();
        fresh.station = u"b"_s;
        fresh.objects = {schema(values)};
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
    const auto ours = [&server](benchmark::State &state) { ingestChunks(server, state); };
    const auto reference = [&server](benchmark::State &state) { copyRows(server, state); };
    for (const int values : {1, 8}) {
        benchmark::RegisterBenchmark("ingest/postgresql/reference", reference)
            ->Arg(values)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
        benchmark::RegisterBenchmark("ingest/postgresql", ours)
            ->Arg(values)
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime();
    }
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
