// What the next start needs for the spool of a scan that was killed with its database away: all of
// it into SQLite, compressed and committed, beside reading the same files with read(2) in the same
// run. Both find them in the page cache. BIRCH_BENCH_SPOOL_BYTES sets the size (64 MiB;
// 1073741824 for 1 GiB); twice that is needed in the working folder.

#include "core/base/id.h"
#include "core/data/recovery.h"
#include "core/data/spool_writer.h"
#include "core/store/sql_run_store.h"

#include <QCoreApplication>
#include <QDir>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

#include <chrono>
#include <cmath>
#include <fcntl.h>
#include <unistd.h>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

constexpr int kColumns = 10;         // time, 9 doubles
constexpr qint64 kRowsOfFrame = 100; // as a scan of 500 points a second appends them

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

qint64 wantedBytes()
{
    bool isGiven = false;
    const qint64 bytes = qEnvironmentVariable("BIRCH_BENCH_SPOOL_BYTES").toLongLong(&isGiven);
    return isGiven ? bytes : qint64(64) << 20;
}

TableSchema schema()
{
    TableSchema table{newUid(), u"iv"_s, {}};
    table.columns << ColumnSpec{u"time"_s, u"ns"_s, ColumnType::Int64, {}, {}, ColumnRole::Time};
    for (int i = 1; i < kColumns; ++i)
        table.columns << ColumnSpec{u"v%1"_s.arg(i),  u"V"_s, ColumnType::Float64, {}, {},
                                    ColumnRole::Value};
    return table;
}

PointBatch batchAt(qint64 firstRow)
{
    PointBatch batch;
    batch.firstRow = firstRow;
    batch.columns.emplace_back(ColumnType::Int64);
    for (int i = 1; i < kColumns; ++i)
        batch.columns.emplace_back();
    for (qint64 row = firstRow; row < firstRow + kRowsOfFrame; ++row) {
        batch.columns[0].appendInt(1'800'000'000'000'000'000 + row * 2'000'000);
        for (int i = 1; i < kColumns; ++i) // as a meter gives it, with six digits
            batch.columns[size_t(i)].appendDouble(
                std::round(std::sin(double(row) * 1e-4 + i) * 1e6) * 1e-6);
    }
    return batch;
}

/// A database that knows of a running scan, and the scan's spool as a kill leaves it.
struct KilledScan {
    QTemporaryDir folder{QDir::currentPath() + u"/bench-recovery-XXXXXX"_s};
    std::unique_ptr<Database> database =
        require(Database::open(DatabaseUrl::sqliteFile(folder.filePath(u"b.db"_s)), u"bench"_s));
    std::unique_ptr<SqlRunStore> store = require(SqlRunStore::open(*database, u"bench"_s, u"b"_s));
    QString spool;
    qint64 rows = 0;
    qint64 bytes = 0;

    KilledScan()
    {
        NewScan fresh;
        fresh.uid = newUid();
        fresh.station = u"b"_s;
        fresh.objects = {schema()};
        const OpenedScan scan = require(store->createScan(fresh));
        RecorderSettings settings;
        settings.spoolDir = folder.filePath(u"spool"_s);
        QDir().mkpath(settings.spoolDir);
        auto lock =
            require(SpoolLock::claim(settings.spoolDir, scan.uid, scan.databaseUid, scan.epoch));
        spool = lock->folder();
        auto writer = require(SpoolWriter::open(lock, settings,
                                                {scan.databaseUid,
                                                 scan.uid,
                                                 scan.scanId,
                                                 scan.epoch,
                                                 u"b"_s,
                                                 "x",
                                                 fresh.objects,
                                                 {0}}));
        while (bytes < wantedBytes()) {
            const QByteArray frame = encodeFrame(batchAt(rows), R"({"at":[1,2,3]})");
            require(writer->append(frame, {rows}, true));
            rows += kRowsOfFrame;
            bytes += frame.size();
        }
    }
};

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void readRaw(const QString &folder)
{
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    for (const QFileInfo &file : QDir(folder).entryInfoList({u"*.spool"_s}, QDir::Files)) {
        const int descriptor = ::open(QFile::encodeName(file.filePath()).constData(), O_RDONLY);
        while (::read(descriptor, buffer.data(), size_t(buffer.size())) > 0)
            benchmark::DoNotOptimize(buffer.data());
        ::close(descriptor);
    }
}

void rawRead(benchmark::State &state)
{
    for (auto _ : state) {
        const KilledScan killed;
        const auto start = std::chrono::steady_clock::now();
        readRaw(killed.spool);
        state.SetIterationTime(secondsSince(start));
        state.SetBytesProcessed(killed.bytes);
    }
}

void recovery(benchmark::State &state)
{
    for (auto _ : state) {
        const KilledScan killed;
        const auto start = std::chrono::steady_clock::now();
        const RecoveredScan recovered = require(recoverSpool(killed.spool, *killed.store));
        state.SetIterationTime(secondsSince(start));
        state.SetBytesProcessed(killed.bytes);
        if (recovered.rowsRecovered != killed.rows)
            state.SkipWithError("not every row was recovered");
    }
}

void timed(benchmark::internal::Benchmark *benchmark)
{
    benchmark->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);
}

BENCHMARK(rawRead)->Name("recovery/reference")->Apply(timed);
BENCHMARK(recovery)->Apply(timed);

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
