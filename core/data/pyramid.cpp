#include "core/data/pyramid.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

namespace birch {

namespace {
constexpr qsizetype kBlockBytes = 4 * 8 + 1;
constexpr quint8 kAllFlags = PyramidBlock::Empty | PyramidBlock::Rising | PyramidBlock::Falling |
                             PyramidBlock::GapFirst | PyramidBlock::GapLast;
} // namespace

void PyramidBlock::add(double value)
{
    if (!std::isfinite(value)) {
        flags = quint8(flags | GapLast | (isEmpty() ? GapFirst : 0));
        return;
    }
    if (isEmpty()) {
        minimum = maximum = first = last = value;
        flags = quint8(flags & ~(Empty | GapLast));
        return;
    }
    minimum = std::min(minimum, value);
    maximum = std::max(maximum, value);
    const int broken = (value < last ? Rising : 0) | (value > last ? Falling : 0) | GapLast;
    flags = quint8(flags & ~broken);
    last = value;
}

void PyramidBlock::join(const PyramidBlock &next)
{
    if (next.isEmpty()) {
        flags |= GapLast;
        return;
    }
    if (isEmpty()) {
        *this = next;
        flags |= GapFirst;
        return;
    }
    minimum = std::min(minimum, next.minimum);
    maximum = std::max(maximum, next.maximum);
    int kept = flags & next.flags & (Rising | Falling);
    kept &= ~((next.first < last ? Rising : 0) | (next.first > last ? Falling : 0));
    last = next.last;
    flags = quint8(kept | (flags & GapFirst) | (next.flags & GapLast));
}

void Pyramid::append(std::span<const double> values)
{
    for (const double value : values) {
        m_open.add(value);
        if (++m_openRows == rowsPerBlock(0)) {
            appendBlock(m_open);
            m_open = {};
            m_openRows = 0;
        }
    }
}

/// Adds a complete block of level 0, and on every level above the block that it completes.
void Pyramid::appendBlock(const PyramidBlock &block)
{
    constexpr qint64 kRadix = 1 << kLevelShift;
    PyramidBlock joined = block;
    for (int level = 0; level < kLevels; ++level) {
        auto &blocks = m_levels[size_t(level)];
        blocks.append(joined);
        const qint64 count = blocks.count();
        if (count % kRadix != 0)
            return;
        joined = blocks.at(count - kRadix);
        for (qint64 i = count - kRadix + 1; i < count; ++i)
            joined.join(blocks.at(i));
    }
}

QByteArray encodeBlocks(std::span<const PyramidBlock> blocks)
{
    QByteArray bytes(qsizetype(blocks.size()) * kBlockBytes, Qt::Uninitialized);
    char *at = bytes.data();
    for (const PyramidBlock &block : blocks) {
        const double values[4] = {block.minimum, block.maximum, block.first, block.last};
        std::memcpy(at, values, sizeof values);
        at[32] = char(block.flags);
        at += kBlockBytes;
    }
    return bytes;
}

Result<std::vector<PyramidBlock>> decodeBlocks(const QByteArray &bytes)
{
    const Error damaged{ErrorCode::BadInput, QCoreApplication::translate(
                                                 "Pyramid", "A stored overview is damaged: it is "
                                                            "made again from the points")};
    if (bytes.size() % kBlockBytes != 0)
        return damaged;
    std::vector<PyramidBlock> blocks(size_t(bytes.size() / kBlockBytes));
    const char *at = bytes.constData();
    for (PyramidBlock &block : blocks) {
        double values[4];
        std::memcpy(values, at, sizeof values);
        block = {values[0], values[1], values[2], values[3], quint8(at[32])};
        const bool isOrdered = block.isEmpty() || block.minimum <= block.maximum;
        if ((block.flags & ~kAllFlags) != 0 || !isOrdered)
            return damaged;
        at += kBlockBytes;
    }
    return blocks;
}

} // namespace birch
