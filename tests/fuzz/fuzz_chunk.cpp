// Chunks as a damaged or hostile database would give them.
#include "core/data/chunk_codec.h"
#include "core/data/pyramid.h"

#include <cstddef>
#include <cstdint>

using namespace birch;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 4)
        return 0;
    ColumnSpec column;
    column.type = ColumnType(data[0] % 4);
    if (data[0] & 4)
        column.shape = {data[1] % 5};
    Chunk chunk;
    chunk.codec = ChunkCodec(data[0] >> 6);
    chunk.rowCount = data[2];
    const size_t flags = std::min<size_t>(data[3], size - 4);
    chunk.flags = QByteArray(reinterpret_cast<const char *>(data) + 4, qsizetype(flags));
    chunk.payload =
        QByteArray(reinterpret_cast<const char *>(data) + 4 + flags, qsizetype(size - 4 - flags));
    if (const auto values = decodeChunk(chunk, column)) {
        // What was understood is written and understood again, bit by bit.
        const auto again = decodeChunk(ChunkEncoder().encode(0, 0, 0, values.value()), column);
        if (!again || (again.value().bytes().size() != values.value().bytes().size()))
            __builtin_trap();
    }
    (void)decodeBlocks(chunk.payload);
    return 0;
}
