// The data path's parts, each beside the plain thing it can not beat.
#include "core/base/id.h"
#include "core/data/chunk_codec.h"
#include "core/data/live_series.h"
#include "core/data/run_recorder.h"
#include "core/data/spool_format.h"
#include "core/data/spool_writer.h"
#include "core/data/store_thread.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

#include <cmath>
#include <fcntl.h>
#include <map>
#include <memory>
#include <numeric>
#include <unistd.h>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

constexpr int kColumns = 10;

/// A setpoint's ramp with a little noise in the last digits, as a meter gives it.
double reading(qint64 row, int column)
{
    return std::round(std::sin(double(row) * 1e-4 + column) * 1e6) * 1e-6;
}

TableSchema schema()
{
    TableSchema table{newUid(), u"t"_s, {}};
    for (int i = 0; i < kColumns; ++i) {
        ColumnSpec column;
        column.name = u"c%1"_s.arg(i);
        table.columns.append(column);
    }
    return table;
}

PointBatch batchOf(qint64 rows, qint64 firstRow = 0)
{
    PointBatch batch;
    batch.firstRow = firstRow;
    for (int i = 0; i < kColumns; ++i) {
        ColumnValues values;
        values.reserveRows(rows);
        for (qint64 row = 0; row < rows; ++row)
            values.appendDouble(reading(firstRow + row, i));
        batch.columns.push_back(std::move(values));
    }
    return batch;
}

/// A store that takes everything and keeps nothing: leaves the cost of what comes before it.
class NullStore final : public RunStore
{
public:
    QUuid databaseUid() const override { return m_uid; }
    Result<OpenedScan> createScan(const NewScan &scan) override
    {
        OpenedScan opened;
        opened.uid = scan.uid;
        opened.databaseUid = m_uid;
        opened.rowsStored.resize(scan.objects.size());
        return opened;
    }
    Result<OpenedScan> continueScan(const QUuid &) override { return no(); }
    Result<OpenedScan> openForRecovery(const QUuid &) override { return no(); }
    Status commit(const ScanCommit &commit) override
    {
        benchmark::DoNotOptimize(commit.chunks.data());
        return ok();
    }
    Result<QUuid> createQueue(const QString &, const QString &) override { return no(); }
    Status setQueueState(const QUuid &, QueueState) override { return ok(); }

private:
    static Error no() { return {ErrorCode::Internal, u"not in this bench"_s}; }
    QUuid m_uid = QUuid::createUuid();
};

void setRows(benchmark::State &state, qint64 rows)
{
    state.SetItemsProcessed(state.iterations() * rows);
    state.SetBytesProcessed(state.iterations() * rows * kColumns * 8);
}

/// The same bytes as spoolAppend, by write(2) alone, into a preallocated file.
void rawWrite(benchmark::State &state)
{
    const QTemporaryDir dir;
    const QByteArray frame = encodeFrame(batchOf(state.range(0)), "{\"at\":[1,2,3]}");
    const int file =
        ::open(QFile::encodeName(dir.filePath(u"raw"_s)).constData(), O_RDWR | O_CREAT, 0600);
    constexpr qint64 kSize = qint64(64) << 20;
    (void)!::posix_fallocate(file, 0, kSize);
    qint64 at = 0;
    for (auto _ : state) {
        if (at + frame.size() > kSize) { // fresh pages, as a new segment has
            state.PauseTiming();
            (void)!::ftruncate(file, 0);
            (void)!::posix_fallocate(file, 0, kSize);
            at = 0;
            state.ResumeTiming();
        }
        at += ::pwrite(file, frame.constData(), size_t(frame.size()), at);
    }
    ::close(file);
    setRows(state, state.range(0));
}

void spoolAppend(benchmark::State &state)
{
    const QTemporaryDir dir;
    RecorderSettings settings;
    settings.spoolDir = dir.path();
    const SpoolHeader header{newUid(), newUid(), u"B-1"_s, 1, u"B"_s, "x", {schema()}, {0}};
    auto lock = SpoolLock::claim(dir.path(), header.scanUid, header.databaseUid, 1);
    auto writer = SpoolWriter::open(lock.value(), settings, header);
    const PointBatch batch = batchOf(state.range(0));
    qint64 lastSegment = 1;
    for (auto _ : state) {
        const auto at = writer.value()->append(encodeFrame(batch, "{\"at\":[1,2,3]}"), {0}, true);
        if (at && at.value().segment != lastSegment) { // as the store thread would
            state.PauseTiming();
            ::unlink(
                QFile::encodeName(segmentPath(lock.value()->folder(), lastSegment)).constData());
            lastSegment = at.value().segment;
            state.ResumeTiming();
        }
    }
    setRows(state, state.range(0));
}

/// RunRecorder::append() with sync and store threads at work behind it.
void recorderAppend(benchmark::State &state)
{
    const QTemporaryDir dir;
    RecorderSettings settings;
    settings.spoolDir = dir.path();
    StoreThread store(
        []() -> Result<std::unique_ptr<RunStore>> {
            return std::unique_ptr<RunStore>(std::make_unique<NullStore>());
        },
        settings);
    NewScan scan;
    scan.uid = newUid();
    scan.objects = {schema()};
    std::optional<Result<OpenedScan>> opened;
    QObject context;
    store.createScan(scan, &context, [&](Result<OpenedScan> reply) { opened = std::move(reply); });
    while (!opened)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    auto recorder = RunRecorder::open(store, opened->value(), u"B"_s, "x", scan.objects);
    PointBatch batch = batchOf(state.range(0));
    const QJsonObject cursor{{u"at"_s, 1}};
    for (auto _ : state) {
        if (!recorder.value()->append(batch, cursor))
            state.SkipWithError("append failed");
        batch.firstRow += batch.rowCount();
    }
    setRows(state, state.range(0));
    state.counters["backlog_rows"] = double(store.backlogRows());
}

/// Rows through everything: append, sync, chunks, commit to a store that keeps nothing.
void recorderThroughput(benchmark::State &state)
{
    const qint64 perBatch = state.range(0);
    const qint64 rows = state.range(1);
    PointBatch batch = batchOf(perBatch);
    for (auto _ : state) {
        const QTemporaryDir dir;
        RecorderSettings settings;
        settings.spoolDir = dir.path();
        StoreThread store(
            []() -> Result<std::unique_ptr<RunStore>> {
                return std::unique_ptr<RunStore>(std::make_unique<NullStore>());
            },
            settings);
        NewScan scan;
        scan.uid = newUid();
        scan.objects = {schema()};
        std::optional<Result<OpenedScan>> opened;
        std::optional<FinishOutcome> outcome;
        QObject context;
        store.createScan(scan, &context,
                         [&](Result<OpenedScan> reply) { opened = std::move(reply); });
        while (!opened)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        auto recorder = RunRecorder::open(store, opened->value(), u"B"_s, "x", scan.objects);
        const QJsonObject cursor{{u"at"_s, 1}};
        for (batch.firstRow = 0; batch.firstRow < rows; batch.firstRow += perBatch)
            (void)!recorder.value()->append(batch, cursor);
        (void)!recorder.value()->finish(ScanState::Completed, {}, 0, &context,
                                        [&](const FinishOutcome &o) { outcome = o; });
        while (!outcome)
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (!outcome->isStored)
            state.SkipWithError("not stored");
    }
    setRows(state, rows);
}

void chunkEncode(benchmark::State &state)
{
    ChunkEncoder encoder(state.range(1) != 0);
    const PointBatch batch = batchOf(state.range(0));
    qint64 stored = 0;
    for (auto _ : state) {
        const Chunk chunk = encoder.encode(0, 0, 0, batch.columns[0]);
        stored = chunk.payload.size();
        benchmark::DoNotOptimize(chunk.payload.constData());
    }
    state.SetBytesProcessed(state.iterations() * state.range(0) * 8);
    state.counters["stored_share"] = double(stored) / double(state.range(0) * 8);
}

void chunkDecode(benchmark::State &state)
{
    ChunkEncoder encoder;
    const Chunk chunk = encoder.encode(0, 0, 0, batchOf(state.range(0)).columns[0]);
    const ColumnSpec column;
    for (auto _ : state) {
        auto values = decodeChunk(chunk, column);
        benchmark::DoNotOptimize(values.value().bytes().data());
    }
    state.SetBytesProcessed(state.iterations() * state.range(0) * 8);
}

void pyramidAppend(benchmark::State &state)
{
    std::vector<double> values(4096);
    for (size_t i = 0; i < values.size(); ++i)
        values[i] = reading(qint64(i), 0);
    auto pyramid = std::make_unique<Pyramid>();
    for (auto _ : state)
        pyramid->append(values);
    state.SetItemsProcessed(state.iterations() * qint64(values.size()));
}

void arraySum(benchmark::State &state)
{
    std::vector<double> values(size_t(state.range(0)));
    std::iota(values.begin(), values.end(), 0.0);
    for (auto _ : state)
        benchmark::DoNotOptimize(std::accumulate(values.begin(), values.end(), 0.0));
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// Made once per shape: filling ten million rows takes longer than every measurement with them.
const LiveSeries &trace(qint64 rows, bool isLoop)
{
    static std::map<std::pair<qint64, bool>, std::unique_ptr<LiveSeries>> traces;
    std::unique_ptr<LiveSeries> &series = traces[{rows, isLoop}];
    if (series)
        return *series;
    TableSchema table = schema();
    table.columns = table.columns.mid(0, 2);
    series = std::make_unique<LiveSeries>(table);
    PointBatch batch;
    batch.columns.resize(2);
    for (qint64 row = 0; row < rows; ++row) {
        const double at = double(row) / double(rows);
        batch.columns[0].appendDouble(isLoop ? std::sin(at * 60) : at);
        batch.columns[1].appendDouble(reading(row, 1) + double(row % 7));
    }
    series->append(batch);
    return *series;
}

/// One trace reduced to 1280 pixels; second argument: 0 monotonic x, 1 a loop, 2 the row's number.
void reduceTrace(benchmark::State &state)
{
    const qint64 rows = state.range(0);
    const LiveSeries &series = trace(rows, state.range(1) == 1);
    std::vector<SeriesBlock> blocks;
    const bool isRow = state.range(1) == 2;
    for (auto _ : state) {
        series.reduce(isRow ? kRowNumber : 0, 1, isRow ? 0 : -1, isRow ? double(rows) : 1, 1280,
                      &blocks);
        benchmark::DoNotOptimize(blocks.data());
    }
    state.counters["blocks"] = double(blocks.size());
    state.SetItemsProcessed(state.iterations() * rows);
}

} // namespace

BENCHMARK(rawWrite)->Name("spoolAppend/reference")->Arg(1)->Arg(100)->Arg(4096);
BENCHMARK(spoolAppend)->Arg(1)->Arg(100)->Arg(4096);
BENCHMARK(recorderAppend)->Name("spoolAppend/recorder")->Arg(1)->Arg(100)->Arg(4096)->MinTime(0.3);
BENCHMARK(recorderThroughput)
    ->Args({4096, 1 << 20})
    ->Args({16, 1 << 18})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(chunkEncode)->ArgsProduct({{1000, 4096, 16384}, {0, 1}});
BENCHMARK(chunkDecode)->Arg(4096)->Arg(16384);
BENCHMARK(pyramidAppend);
BENCHMARK(arraySum)
    ->Name("reduceTrace/reference")
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(reduceTrace)
    ->ArgsProduct({{1'000'000, 10'000'000}, {0, 1, 2}})
    ->Unit(benchmark::kMicrosecond);

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
