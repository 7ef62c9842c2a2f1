#include "core/data/series_reduce.h"

#include <algorithm>
#include <cmath>

namespace birch {

namespace {

PyramidBlock rowNumbers(qint64 first, qint64 count)
{
    const auto low = double(first);
    const auto high = double(first + count - 1);
    return {low, high, low, high, PyramidBlock::Rising};
}

/// One walk over the blocks, in row order.
class Reduction
{
public:
    Reduction(const ReducedColumn &x, const ReducedColumn &y, double low, double high, int pixels,
              std::vector<SeriesBlock> *blocks)
        : m_x(x)
        , m_y(y)
        , m_low(low)
        , m_high(high)
        , m_pixel((high - low) / std::max(pixels, 1))
        , m_blocks(*blocks)
    {
    }

    void run(qint64 rowCount)
    {
        qint64 row = 0;
        for (int level = Pyramid::kLevels - 1; level >= 0; --level) {
            const qint64 size = Pyramid::rowsPerBlock(level);
            while (row + size <= rowCount && hasBlock(level, row / size)) {
                visit(level, row / size);
                row += size;
            }
        }
        if (row < rowCount)
            visitRows(row, rowCount - row, nullptr, nullptr);
        flush();
    }

private:
    bool hasBlock(int level, qint64 index) const
    {
        return index < m_y.pyramid->blockCount(level) &&
               (!m_x.pyramid || index < m_x.pyramid->blockCount(level));
    }
    PyramidBlock xBlock(int level, qint64 index) const
    {
        const qint64 rows = Pyramid::rowsPerBlock(level);
        return m_x.pyramid ? m_x.pyramid->block(level, index) : rowNumbers(index * rows, rows);
    }

    void visit(int level, qint64 index)
    {
        const PyramidBlock x = xBlock(level, index);
        const PyramidBlock &y = m_y.pyramid->block(level, index);
        const qint64 rows = Pyramid::rowsPerBlock(level);
        if (x.isEmpty() || y.isEmpty()) {
            m_isGap = true;
        } else if (x.maximum < m_low || x.minimum > m_high) {
            skip(x, y, index * rows, rows);
        } else if (x.maximum - x.minimum <= m_pixel) {
            emitBlock(x, y, index * rows, rows);
        } else if (level == 0) {
            visitRows(index * rows, rows, &x, &y);
        } else {
            for (qint64 i = 0; i < (1 << Pyramid::kLevelShift); ++i)
                visit(level - 1, (index << Pyramid::kLevelShift) + i);
        }
    }

    /// \a xBlock and \a yBlock stand in where the rows are not at hand.
    void visitRows(qint64 first, qint64 count, const PyramidBlock *xBlock,
                   const PyramidBlock *yBlock)
    {
        double xs[kPiece];
        double ys[kPiece];
        for (qint64 done = 0; done < count; done += kPiece) {
            const qint64 here = std::min(count - done, kPiece);
            const bool isHere = readX(first + done, here, xs) && m_y.rows(first + done, here, ys);
            if (!isHere && xBlock)
                return emitBlock(*xBlock, *yBlock, first, count);
            for (qint64 i = 0; isHere && i < here; ++i)
                visitRow(xs[i], ys[i], first + done + i);
        }
    }
    bool readX(qint64 first, qint64 count, double *values) const
    {
        if (m_x.pyramid)
            return m_x.rows(first, count, values);
        for (qint64 i = 0; i < count; ++i)
            values[i] = double(first + i);
        return true;
    }
    void visitRow(double x, double y, qint64 row)
    {
        if (joinRow(x, y, row))
            return;
        PyramidBlock xRow;
        PyramidBlock yRow;
        xRow.add(x);
        yRow.add(y);
        if (xRow.isEmpty() || yRow.isEmpty())
            m_isGap = true;
        else if (x < m_low || x > m_high)
            skip(xRow, yRow, row, 1);
        else
            emitBlock(xRow, yRow, row, 1);
    }
    /// What emitBlock() does with a number that lies in the open pixel: nearly every row of a loop.
    bool joinRow(double x, double y, qint64 row)
    {
        const double low = std::min(m_lowX, x);
        const double high = std::max(m_highX, x);
        const bool isInPixel = high - low <= m_pixel && x >= m_low && x <= m_high; // never with NaN
        if (!m_isOpen || !m_isInside || m_isGap || !isInPixel || !std::isfinite(y))
            return false;
        m_open.xLast = x;
        m_open.yLast = y;
        m_open.yMin = std::min(m_open.yMin, y);
        m_open.yMax = std::max(m_open.yMax, y);
        m_open.rows = row + 1 - m_open.firstRow;
        m_lowX = low;
        m_highX = high;
        return true;
    }

    /// Outside of the view: only the rows next to what is inside are shown, for the line to them.
    void skip(const PyramidBlock &x, const PyramidBlock &y, qint64 firstRow, qint64 rows)
    {
        if (m_isInside) {
            m_isInside = false;
            const bool startsGap = (x.flags | y.flags) & PyramidBlock::GapFirst;
            push(x.first, y.first, firstRow, m_isGap || startsGap);
        }
        m_isGap = ((x.flags | y.flags) & PyramidBlock::GapLast) != 0;
        m_before = {x.last, y.last, firstRow + rows - 1};
        m_hasBefore = true;
    }
    void push(double x, double y, qint64 row, bool startsGap)
    {
        flush();
        m_blocks.push_back({x, x, y, y, y, y, row, 1, startsGap && !m_blocks.empty()});
    }

    void emitBlock(const PyramidBlock &x, const PyramidBlock &y, qint64 firstRow, qint64 rows)
    {
        if (!m_isInside && m_hasBefore)
            push(m_before.x, m_before.y, m_before.row, true); // no line from where we left the view
        m_isInside = true;
        m_hasBefore = false;
        const bool startsGap = m_isGap || ((x.flags | y.flags) & PyramidBlock::GapFirst);
        const double low = std::min(m_lowX, x.minimum);
        const double high = std::max(m_highX, x.maximum);
        if (m_isOpen && !startsGap && high - low <= m_pixel) {
            m_open.xLast = x.last;
            m_open.yLast = y.last;
            m_open.yMin = std::min(m_open.yMin, y.minimum);
            m_open.yMax = std::max(m_open.yMax, y.maximum);
            m_open.rows = firstRow + rows - m_open.firstRow;
            m_lowX = low;
            m_highX = high;
        } else {
            flush();
            m_open = {x.first,  x.last,    y.first,
                      y.last,   y.minimum, y.maximum,
                      firstRow, rows,      startsGap && !m_blocks.empty()};
            m_lowX = x.minimum;
            m_highX = x.maximum;
            m_isOpen = true;
        }
        m_isGap = ((x.flags | y.flags) & PyramidBlock::GapLast) != 0;
    }
    void flush()
    {
        if (m_isOpen)
            m_blocks.push_back(m_open);
        m_isOpen = false;
    }

    struct Point {
        double x = 0;
        double y = 0;
        qint64 row = 0;
    };
    static constexpr qint64 kPiece = 64;
    const ReducedColumn &m_x;
    const ReducedColumn &m_y;
    const double m_low;
    const double m_high;
    const double m_pixel;
    std::vector<SeriesBlock> &m_blocks;
    SeriesBlock m_open; ///< not pushed yet: the next one may lie in the same pixel
    double m_lowX = 0;
    double m_highX = 0;
    bool m_isOpen = false;
    bool m_isGap = false;    ///< rows without a number lie right before the next ones
    bool m_isInside = false; ///< the last rows were in the view
    bool m_hasBefore = false;
    Point m_before; ///< the last row outside of the view
};

} // namespace

void reduceSeries(const ReducedColumn &x, const ReducedColumn &y, qint64 rowCount, double low,
                  double high, int pixels, std::vector<SeriesBlock> *blocks)
{
    blocks->clear();
    if (!(high >= low) || !y.pyramid)
        return;
    Reduction(x, y, low, high, pixels, blocks).run(rowCount);
}

} // namespace birch
