// Writes one intact frame of each record type, and all of them in a row, into a folder:
//     build/fuzz/bin/make_spool_seeds tests/fuzz/corpus/fuzz_spool
// Run it again after a new record type, and commit what it wrote.
#include "tests/fuzz/spool_sample.h"

#include <QDir>
#include <QFile>

#include <cstdio>
#include <cstdlib>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

const QUuid kNode(u"01935a00-0000-7000-8009-000000000003"_s);

QByteArray rows()
{
    PointBatch batch;
    ColumnValues number(ColumnType::Float64, 1);
    ColumnValues text(ColumnType::Utf8, 1);
    ColumnValues array(ColumnType::Bool, 3);
    for (int row = 0; row < 2; ++row) {
        number.appendDouble(row + 0.5, row == 0 ? ValueState::Ok : ValueState::Overload);
        text.appendText(u"µA %1"_s.arg(row));
        for (int i = 0; i < 3; ++i)
            array.appendBool(i != 1);
    }
    batch.columns = {number, text, array};
    return encodeFrame(batch, R"({"at":[1,2]})");
}

QByteArray timing()
{
    ScanTiming timing;
    timing.wallNs = 5'000'000'000;
    timing.add({{}, kNode, u"smu.bias"_s, TimePart::Move, 10, 1'000'000, 200'000});
    timing.add({u"1.0"_s, kNode, u"smu.iv"_s, TimePart::Read, 10, 4'000'000, 900'000});
    timing.add({{}, {}, {}, TimePart::Overhead, 1, 7, 7});
    return encodeFrame(TimingRecord{timing});
}

QList<std::pair<QString, QByteArray>> frames()
{
    return {
        {u"rows"_s, rows()},
        {u"log"_s, encodeFrame(LogRecord{1, {1'700'000'000'000'000'000, u"warning"_s, u"late"_s}})},
        {u"state"_s, encodeFrame(StateRecord{ScanState::Paused})},
        {u"ended"_s,
         encodeFrame(EndRecord{ScanState::Failed, u"no answer"_s, 1'700'000'000'000'000})},
        {u"cursor"_s, encodeFrame(CursorRecord{R"({"at":[3]})"})},
        {u"end_settings"_s,
         encodeFrame(EndSettingsRecord{{{u"smu"_s, QJsonObject{{u"range"_s, u"1 V"_s}}}}})},
        {u"timing"_s, timing()},
    };
}

void write(const QDir &folder, const QString &name, const QByteArray &bytes)
{
    QFile file(folder.filePath(name));
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size())
        return;
    std::fprintf(stderr, "%s: %s\n", qPrintable(file.fileName()), qPrintable(file.errorString()));
    std::exit(1);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2 || !QDir().mkpath(QString::fromLocal8Bit(argv[1]))) {
        std::fprintf(stderr, "usage: make_spool_seeds FOLDER\n");
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    QByteArray all;
    for (const auto &[name, frame] : frames()) {
        write(folder, name, frame);
        all += frame;
    }
    write(folder, u"all"_s, all);
    return 0;
}
