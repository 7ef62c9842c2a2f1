#pragma once

#include "core/base/result.h"
#include "core/data/append_log.h"

#include <QByteArray>

#include <span>

namespace birch {

/// What 2^k consecutive rows of a column look like from afar. Over Ok, finite values alone.
struct PyramidBlock {
    enum Flag : quint8 {
        Empty = 1,    ///< no number in it; the four values mean nothing
        Rising = 2,   ///< never falls (equal values, too)
        Falling = 4,  ///< never rises
        GapFirst = 8, ///< its first row is no number
        GapLast = 16  ///< its last row is no number
    };
    double minimum = 0;
    double maximum = 0;
    double first = 0;
    double last = 0;
    quint8 flags = Empty | Rising | Falling;

    bool isEmpty() const { return (flags & Empty) != 0; }
    bool isMonotonic() const { return (flags & (Rising | Falling)) != 0; }
    /// This block and the one after it as one.
    void join(const PyramidBlock &next);
    /// One more row; NaN and infinities are no numbers.
    void add(double value);

    bool operator==(const PyramidBlock &) const = default;
};

/// (min, max, first, last) of one column per 64, 256, 1024 … rows, complete blocks only. Grows at
/// the end in constant time per row. One writer, any number of readers that never wait.
class Pyramid
{
public:
    static constexpr int kBaseShift = 6;  ///< 64 rows in a block of level 0
    static constexpr int kLevelShift = 2; ///< four blocks become one of the next level
    static constexpr int kLevels = 15;

    /// Writer: one value per row, NaN where there is none.
    void append(std::span<const double> values);
    /// Writer: a complete block of level 0 made elsewhere; not after a part of one.
    void appendBlock(const PyramidBlock &block);

    // Any thread.
    qint64 blockCount(int level) const { return m_levels[size_t(level)].count(); }
    /// \a index below a blockCount() that this thread has seen.
    const PyramidBlock &block(int level, qint64 index) const
    {
        return m_levels[size_t(level)].at(index);
    }
    static constexpr qint64 rowsPerBlock(int level)
    {
        return qint64(1) << (kBaseShift + level * kLevelShift);
    }

private:
    std::array<AppendLog<PyramidBlock>, kLevels> m_levels;
    PyramidBlock m_open; ///< writer: rows after the last complete block
    qint64 m_openRows = 0;
};

/// Blocks of one level as bytes for data_overviews: 33 bytes each, little-endian.
QByteArray encodeBlocks(std::span<const PyramidBlock> blocks);
/// Errors: BadInput - no whole number of blocks, or unknown flags.
Result<std::vector<PyramidBlock>> decodeBlocks(const QByteArray &bytes);

} // namespace birch
