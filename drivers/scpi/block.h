#pragma once

#include "core/base/column.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <span>
#include <vector>

namespace birch::scpi {

/// How numbers lie in a binary block.
enum class BlockFormat { Int8, UInt8, Int16, UInt16, Int32, UInt32, Int64, Float32, Float64 };
enum class ByteOrder { BigEndian, LittleEndian }; ///< SCPI: FORM:BORD NORM and SWAP

int bytesPerNumber(BlockFormat format);

/// What lies in a definite-length block `#<d><length><payload>`, which is the whole of \a reply but
/// for a terminator behind it. A view into \a reply.
/// Errors: Protocol - no such block, fewer or more bytes than it says.
Result<QByteArrayView> blockPayload(QByteArrayView reply);

/// The block around \a payload, which is at most 999 999 999 bytes.
QByteArray makeBlock(QByteArrayView payload);

struct BlockNumbers {
    std::vector<double> values;     ///< 0 where flagged
    std::vector<ValueState> states; ///< empty: all Ok; else one per value
};

/// The numbers of a payload. SCPI's marks, NaN and infinity in floats become flagged values.
/// Errors: Protocol - not a whole multiple of the number's size; an Int64 that a double can not
/// hold exactly (decodeIntegers() takes those).
Result<BlockNumbers> decodeNumbers(QByteArrayView payload, BlockFormat format, ByteOrder order);

/// The same for integers, exactly. Errors: Protocol - also for a float \a format.
Result<std::vector<qint64>> decodeIntegers(QByteArrayView payload, BlockFormat format,
                                           ByteOrder order);

/// The payload that decodeNumbers() reads back. Each value is representable in \a format: integers
/// are rounded to the nearest and kept within its range.
QByteArray encodeNumbers(std::span<const double> values, BlockFormat format, ByteOrder order);

} // namespace birch::scpi
