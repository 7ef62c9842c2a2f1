// CSV files as spreadsheets, instruments and broken disks write them.
#include "core/exchange/import/csv_reader.h"

#include <cstdint>
#include <cstdlib>

using namespace birch;

namespace {

QByteArray cell(const QString &text)
{
    return '"' + QString(text).replace(QLatin1Char('"'), QLatin1String("\"\"")).toUtf8() + '"';
}

QByteArray written(const QStringList &cells)
{
    QByteArrayList parts;
    for (const QString &text : cells)
        parts << cell(text);
    return parts.join(',') + "\r\n";
}

} // namespace

/// Any bytes are rows or an error; rows that were read are written and read back the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    auto reader =
        CsvReader::read(QByteArray(reinterpret_cast<const char *>(data), qsizetype(size)));
    if (!reader)
        return 0;
    QByteArray again = written(reader.value().header());
    QList<QStringList> rows;
    for (;;) {
        const auto row = reader.value().next();
        if (!row || !row.value())
            break;
        if (row.value()->size() != reader.value().header().size())
            std::abort();
        rows << *row.value();
        again += written(*row.value());
    }
    auto second = CsvReader::read(again, ',');
    if (!second || second.value().header() != reader.value().header())
        std::abort();
    for (const QStringList &row : rows) {
        const auto read = second.value().next();
        if (!read || read.value() != row)
            std::abort();
    }
    return 0;
}
