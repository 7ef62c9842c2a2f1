// Values as a damaged or hostile database of another program would hold them.
#include "core/exchange/import/column_gatherer.h"
#include "core/exchange/import/number_blob.h"
#include "core/exchange/import/source_time.h"
#include "core/exchange/import/source_values.h"

#include <cstdint>
#include <cstdlib>

using namespace birch;

/// Any text is JSON or none; rows of it become columns of one length; any bytes are numbers or
/// none.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const QString text = QString::fromUtf8(bytes);
    (void)timeWithoutZone(text);
    (void)columnHeading(text.section(QLatin1Char('\n'), 0, 0));
    if (const auto npy = readNpy(bytes); npy && !npy.value().bytes.isEmpty())
        (void)numbersOf(npy.value().bytes, npy.value().type);
    QList<QJsonObject> rows;
    ColumnGatherer gatherer;
    for (const QString &line : text.split(QLatin1Char('\n'))) {
        const QJsonValue json = sourceJson(QVariant(line));
        if (json.isObject()) {
            rows << json.toObject();
            gatherer.look(rows.last());
        }
    }
    std::vector<ColumnValues> columns = gatherer.emptyColumns();
    for (const QJsonObject &row : rows)
        gatherer.add(row, columns);
    for (const ColumnValues &column : columns) {
        if (column.rowCount() != rows.size())
            std::abort();
    }
    return 0;
}
