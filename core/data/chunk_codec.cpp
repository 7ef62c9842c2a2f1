#include "core/data/chunk_codec.h"

#include "core/data/byte_shuffle.h"

#include <QCoreApplication>

#include <zstd.h>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kLevel = 1; // 3 saves 5 % for half the speed

QString text(const char *source)
{
    return QCoreApplication::translate("ChunkCodec", source);
}

Error damaged(const QString &what)
{
    return {
        ErrorCode::BadInput,
        text("A stored chunk is damaged (%1): restore the database from a backup, or leave this "
             "column out")
            .arg(what)};
}

/// Bytes of one value; 0 where it varies.
qint64 valueSize(ColumnType type)
{
    switch (type) {
    case ColumnType::Float64:
    case ColumnType::Int64:
        return 8;
    case ColumnType::Bool:
        return 1;
    case ColumnType::Utf8:
        return 0;
    }
    return 0;
}

template<typename T>
QByteArray eightBytes(T value)
{
    static_assert(sizeof value == 8);
    QByteArray bytes(8, Qt::Uninitialized);
    std::memcpy(bytes.data(), &value, 8);
    return bytes;
}

template<typename T, typename Read>
void setBounds(Chunk &chunk, const ColumnValues &values, Read read)
{
    T least{};
    T most{};
    bool isFirst = true;
    const qint64 count = values.valueCount();
    for (qint64 i = 0; i < count; ++i) {
        const T value = read(i);
        if (values.hasFlags() && values.stateAt(i) != ValueState::Ok)
            continue;
        if constexpr (std::is_same_v<T, double>) {
            if (!std::isfinite(value))
                continue;
        }
        least = isFirst ? value : std::min(least, value);
        most = isFirst ? value : std::max(most, value);
        isFirst = false;
    }
    if (!isFirst) {
        chunk.minimum = eightBytes(least);
        chunk.maximum = eightBytes(most);
    }
}

void setBounds(Chunk &chunk, const ColumnValues &values)
{
    switch (values.type()) {
    case ColumnType::Float64:
        setBounds<double>(chunk, values, [&](qint64 i) { return values.doubleAt(i); });
        break;
    case ColumnType::Int64:
        setBounds<qint64>(chunk, values, [&](qint64 i) { return values.intAt(i); });
        break;
    case ColumnType::Bool:
        setBounds<qint64>(chunk, values, [&](qint64 i) { return qint64(values.boolAt(i)); });
        break;
    case ColumnType::Utf8:
        break;
    }
}

/// Inflates to exactly \a size bytes, or to what the frame says when \a size is negative.
Result<QByteArray> inflated(const QByteArray &packed, qint64 size)
{
    const auto stated = ZSTD_getFrameContentSize(packed.constData(), size_t(packed.size()));
    if (stated == ZSTD_CONTENTSIZE_ERROR || stated == ZSTD_CONTENTSIZE_UNKNOWN)
        return damaged(text("no compressed frame"));
    if (stated > quint64(kMaxChunkBytes) || (size >= 0 && stated != quint64(size)))
        return damaged(text("it would be %1 bytes").arg(stated));
    QByteArray bytes(qsizetype(stated), Qt::Uninitialized);
    const size_t written = ZSTD_decompress(bytes.data(), size_t(bytes.size()), packed.constData(),
                                           size_t(packed.size()));
    if (ZSTD_isError(written) || written != stated)
        return damaged(text("the compressed bytes do not read back"));
    return bytes;
}

Result<QByteArray> payloadBytes(const Chunk &chunk, ColumnType type, qint64 expected)
{
    if (chunk.codec == ChunkCodec::Raw)
        return chunk.payload;
    if (chunk.codec != ChunkCodec::ShuffleZstd)
        return damaged(text("unknown codec %1").arg(int(chunk.codec)));
    auto bytes = inflated(chunk.payload, expected);
    if (!bytes || valueSize(type) != 8)
        return bytes;
    QByteArray plain(bytes.value().size(), Qt::Uninitialized);
    unshuffle8(bytes.value().constData(), plain.data(), size_t(plain.size()) / 8);
    return plain;
}

} // namespace

bool isStorable(const ColumnSpec &column)
{
    qint64 values = 1;
    for (const qint64 extent : column.shape) {
        if (extent <= 0 || extent > kMaxChunkBytes / values)
            return false;
        values *= extent;
    }
    return values <= kMaxChunkBytes / std::max<qint64>(valueSize(column.type), 4);
}

struct ChunkEncoder::Scratch {
    std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx *)> context{ZSTD_createCCtx(), &ZSTD_freeCCtx};
    std::vector<char> shuffled;
    std::vector<char> packed;
};

ChunkEncoder::ChunkEncoder(bool compress)
    : m_compress(compress)
    , m_scratch(std::make_unique<Scratch>())
{
}

ChunkEncoder::~ChunkEncoder() = default;
ChunkEncoder::ChunkEncoder(ChunkEncoder &&) noexcept = default;
ChunkEncoder &ChunkEncoder::operator=(ChunkEncoder &&) noexcept = default;

/// Empty when the compressor has no memory.
QByteArray ChunkEncoder::packed(std::span<const char> bytes)
{
    auto &buffer = m_scratch->packed;
    buffer.resize(std::max(buffer.size(), ZSTD_compressBound(bytes.size())));
    const size_t size = ZSTD_compressCCtx(m_scratch->context.get(), buffer.data(), buffer.size(),
                                          bytes.data(), bytes.size(), kLevel);
    return ZSTD_isError(size) ? QByteArray() : QByteArray(buffer.data(), qsizetype(size));
}

Chunk ChunkEncoder::encode(int object, int column, qint64 firstRow, const ColumnValues &values)
{
    Chunk chunk;
    chunk.object = object;
    chunk.column = column;
    chunk.firstRow = firstRow;
    chunk.rowCount = values.rowCount();
    setBounds(chunk, values);
    if (values.hasFlags()) {
        const auto flags = values.flags();
        chunk.flaggedCount = std::ranges::count_if(flags, [](quint8 flag) { return flag != 0; });
        if (chunk.flaggedCount > 0)
            chunk.flags = packed({reinterpret_cast<const char *>(flags.data()), flags.size()});
    }
    std::span<const char> bytes = values.bytes();
    if (m_compress && !bytes.empty()) {
        if (valueSize(values.type()) == 8) {
            m_scratch->shuffled.resize(bytes.size());
            shuffle8(bytes.data(), m_scratch->shuffled.data(), bytes.size() / 8);
            chunk.payload = packed(m_scratch->shuffled);
        } else {
            chunk.payload = packed(bytes);
        }
        chunk.codec = ChunkCodec::ShuffleZstd;
    }
    if (chunk.payload.isEmpty() || size_t(chunk.payload.size()) >= bytes.size()) {
        chunk.codec = ChunkCodec::Raw;
        chunk.payload = QByteArray(bytes.data(), qsizetype(bytes.size()));
    }
    return chunk;
}

Result<ColumnValues> decodeChunk(const Chunk &chunk, const ColumnSpec &column)
{
    if (!isStorable(column))
        return damaged(text("column \"%1\" has an impossible shape").arg(column.name));
    ColumnValues values(column.type, column.valuesPerRow());
    const qint64 mostRows = kMaxChunkBytes / column.valuesPerRow();
    if (chunk.rowCount < 0 || chunk.rowCount > mostRows)
        return damaged(text("%1 rows").arg(chunk.rowCount));
    const qint64 count = chunk.rowCount * column.valuesPerRow();
    const qint64 size = valueSize(column.type);
    auto bytes = payloadBytes(chunk, column.type, size > 0 ? size * count : -1);
    if (!bytes)
        return bytes.error().within(column.name);
    QByteArray flags;
    if (!chunk.flags.isEmpty()) {
        auto inflatedFlags = inflated(chunk.flags, count);
        if (!inflatedFlags)
            return inflatedFlags.error().within(column.name);
        flags = std::move(inflatedFlags).value();
    }
    if (!values.assign(std::move(bytes).value(), flags, count))
        return damaged(text("%1 rows do not fit its bytes").arg(chunk.rowCount))
            .within(column.name);
    return values;
}

std::optional<double> boundAsDouble(const QByteArray &bound, ColumnType type)
{
    if (bound.size() != 8 || type == ColumnType::Utf8)
        return {};
    if (type == ColumnType::Float64) {
        double value;
        std::memcpy(&value, bound.constData(), 8);
        return value;
    }
    qint64 value;
    std::memcpy(&value, bound.constData(), 8);
    return double(value);
}

} // namespace birch
