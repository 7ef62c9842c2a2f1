#include "widgets/chart/loop_breaks.h"

#include <algorithm>
#include <cmath>

namespace birch {

namespace {

constexpr qint64 kMostRows = 65'536; // looked through for the first move of x
constexpr qint64 kPiece = 1024;

/// The first row at which \a x is another than before; -1: not yet.
qint64 firstMove(const SeriesSource &source, int x)
{
    const qint64 rows = std::min(source.rowCount(), kMostRows);
    double before = NAN;
    for (qint64 first = 0; first < rows; first += kPiece) {
        const std::vector<double> values = source.values(x, first, kPiece);
        for (size_t i = 0; i < values.size(); ++i) {
            if (!std::isnan(before) && !std::isnan(values[i]) && values[i] != before)
                return first + qint64(i);
            before = std::isnan(values[i]) ? before : values[i];
        }
    }
    return -1;
}

QList<int> indexColumns(const TableSchema &schema)
{
    QList<int> columns; // outermost first, as the plan makes them
    for (int column = 0; column < int(schema.columns.size()); ++column) {
        if (schema.columns[column].role == ColumnRole::Index)
            columns << column;
    }
    return columns;
}

double valueAt(const SeriesSource &source, int column, qint64 row)
{
    const std::vector<double> values = source.values(column, row, 1);
    return values.empty() ? NAN : values.front();
}

} // namespace

std::optional<QList<int>> outerLoops(const SeriesSource &source, int x)
{
    const QList<int> indexes = indexColumns(source.schema());
    if (x == kRowNumber || indexes.size() < 2 ||
        source.schema().columns[x].role == ColumnRole::Index)
        return QList<int>();
    const qint64 row = firstMove(source, x);
    if (row < 1)
        return {};
    // The loop that went on a step there moves x; those inside it began anew.
    QList<int> outer;
    for (const int index : indexes) {
        const double before = valueAt(source, index, row - 1);
        const double after = valueAt(source, index, row);
        if (std::isnan(before) || std::isnan(after))
            return {}; // of a stored scan, and not read yet
        if (after > before)
            return outer;
        outer << index;
    }
    return QList<int>();
}

void breakAtLoops(const SeriesSource &source, const QList<int> &loops,
                  std::vector<SeriesBlock> *blocks)
{
    for (const int loop : loops) {
        double before = NAN;
        for (SeriesBlock &block : *blocks) {
            const double round = valueAt(source, loop, block.firstRow);
            if (round != before && !std::isnan(round) && !std::isnan(before))
                block.startsGap = true;
            const double last =
                block.rows > 1 ? valueAt(source, loop, block.firstRow + block.rows - 1) : round;
            before = std::isnan(last) ? before : last;
        }
    }
}

} // namespace birch
