// CSV and NeXus export of 10^6 rows of 9 columns (time and 8 doubles with all their digits) beside
// write() of the same bytes into a file that is synced and renamed just so: the ratios are what
// counts.

#include "core/base/file_writer.h"
#include "core/data/column_slice.h"
#include "core/exchange/scan_export.h"

#include <QFile>
#include <QTemporaryDir>

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kRows = 1'000'000;
constexpr int kNumbers = 8;

class Source final : public ScanSource
{
public:
    Source()
    {
        ColumnValues time(ColumnType::Int64);
        for (qint64 row = 0; row < kRows; ++row)
            time.appendInt(1'795'000'000'000'000'000 + row * 1'000'003);
        add(u"time"_s, ColumnRole::Time, std::move(time));
        for (int number = 0; number < kNumbers; ++number) {
            ColumnValues values;
            values.reserveRows(kRows);
            for (qint64 row = 0; row < kRows; ++row)
                values.appendDouble(std::sin(double(row * kNumbers + number)) * 1e-6);
            add(u"smu.v%1"_s.arg(number), ColumnRole::Value, std::move(values));
        }
        m_scan.scanId = u"BENCH-1"_s;
        m_object.schema.name = u"iv"_s;
        m_object.rows = kRows;
        m_scan.objects = {m_object};
    }

    const ExportedScan &scan() const override { return m_scan; }
    Result<ColumnValues> read(int, int column, qint64 from, qint64 to) override
    {
        return sliceRows(m_columns[size_t(column)], from, to - from);
    }

private:
    void add(const QString &name, ColumnRole role, ColumnValues values)
    {
        ColumnSpec column;
        column.name = name;
        column.unit = u"A"_s;
        column.type = values.type();
        column.role = role;
        m_object.schema.columns.append(column);
        m_object.hasFlags.append(false);
        m_columns.push_back(std::move(values));
    }

    ExportedScan m_scan;
    ExportedObject m_object;
    std::vector<ColumnValues> m_columns;
};

Source &source()
{
    static Source made;
    return made;
}

QString exported(ExportFormat format, const QTemporaryDir &folder)
{
    const QString path = folder.filePath(exportFormatName(format));
    if (!exportScan(source(), {.format = format, .path = path}))
        std::abort();
    return path;
}

void exportRows(benchmark::State &state, ExportFormat format)
{
    source();
    const QTemporaryDir folder(u"bench-export-XXXXXX"_s); // beside us: /tmp may be memory
    qint64 bytes = 0;
    for (auto _ : state)
        bytes += QFile(exported(format, folder)).size();
    state.SetBytesProcessed(bytes);
    state.SetItemsProcessed(qint64(state.iterations()) * kRows);
}

/// What the disk itself needs for the same bytes.
void writeBytes(benchmark::State &state, ExportFormat format)
{
    const QTemporaryDir folder(u"bench-export-XXXXXX"_s);
    QFile file(exported(format, folder));
    if (!file.open(QIODevice::ReadOnly))
        std::abort();
    const QByteArray bytes = file.readAll();
    constexpr qsizetype kPiece = 256 * 1024;
    for (auto _ : state) {
        auto writer = FileWriter::create(folder.filePath(u"same"_s));
        for (qsizetype at = 0; at < bytes.size(); at += kPiece) {
            const auto piece =
                QByteArrayView(bytes).sliced(at, std::min(kPiece, bytes.size() - at));
            if (!writer.value().write(piece))
                std::abort();
        }
        if (!writer.value().commit())
            std::abort();
    }
    state.SetBytesProcessed(qint64(state.iterations()) * bytes.size());
}

void timed(benchmark::internal::Benchmark *benchmark)
{
    benchmark->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK_CAPTURE(writeBytes, csv, ExportFormat::Csv)->Name("exportCsv/reference")->Apply(timed);
BENCHMARK_CAPTURE(exportRows, csv, ExportFormat::Csv)->Name("exportCsv")->Apply(timed);
BENCHMARK_CAPTURE(writeBytes, hdf5, ExportFormat::Hdf5)->Name("exportHdf5/reference")->Apply(timed);
BENCHMARK_CAPTURE(exportRows, hdf5, ExportFormat::Hdf5)->Name("exportHdf5")->Apply(timed);

} // namespace

BENCHMARK_MAIN();
