#pragma once

#include "core/base/result.h"
#include "core/store/upkeep/cell.h"

namespace birch {

/// Appends \a row as it stands in a backup container: a byte for the kind of each cell, then its
/// value, little-endian, texts and bytes with their length in front.
void encodeRow(QByteArray *out, const Row &row);

/// The rows of a block, one after the other.
class RowDecoder
{
public:
    RowDecoder(QByteArrayView bytes, qsizetype columns)
        : m_bytes(bytes)
        , m_row(size_t(columns))
    {
    }
    /// Null behind the last one. Errors: BadInput - cut or damaged.
    Result<const Row *> next();

private:
    bool take(Cell *cell);
    bool takeNumber(quint64 *value);

    QByteArrayView m_bytes;
    Row m_row;
};

} // namespace birch
