#include "drivers/scpi/block.h"
#include "drivers/scpi/error_queue.h"
#include "drivers/scpi/number.h"
#include "drivers/scpi/text.h"

#include <cmath>
#include <cstdlib>
#include <cstring>

using namespace birch;
using namespace birch::scpi;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

void numbers(QByteArrayView reply)
{
    if (const auto number = parseNumber(reply)) {
        // A value is finite and below the marks; a flagged one carries none.
        const Number &got = number.value();
        require(std::isfinite(got.value) && std::abs(got.value) < 9.9e37);
        require(got.state == ValueState::Ok || got.value == 0);
        const auto again = parseNumber(QByteArray::number(got.value, 'g', 17));
        require(got.state != ValueState::Ok || again.value() == got);
    }
    if (const auto integer = parseInteger(reply))
        require(parseInteger(QByteArray::number(integer.value())).value() == integer.value());
    (void)bool(parseBool(reply));
    const auto parts = splitList(reply);
    const auto list = parseNumbers(reply);
    require(!list || list.value().size() == parts.size());
}

void blocks(QByteArrayView reply)
{
    const auto payload = blockPayload(reply);
    if (!payload)
        return;
    require(blockPayload(makeBlock(payload.value())).value() == payload.value());
    for (int format = 0; format <= int(BlockFormat::Float64); ++format) {
        for (const ByteOrder order : {ByteOrder::BigEndian, ByteOrder::LittleEndian}) {
            const auto kind = BlockFormat(format);
            const auto decoded = decodeNumbers(payload.value(), kind, order);
            (void)bool(decodeIntegers(payload.value(), kind, order));
            if (!decoded)
                continue;
            const BlockNumbers &got = decoded.value();
            require(qsizetype(got.values.size()) * bytesPerNumber(kind) == payload.value().size());
            require(got.states.empty() || got.states.size() == got.values.size());
            if (got.states.empty()) {
                const QByteArray back = encodeNumbers(got.values, kind, order);
                require(back == payload.value());
            }
        }
    }
}

void texts(QByteArrayView reply)
{
    if (const auto text = parseQuoted(reply))
        require(parseQuoted(quoted(text.value())).value() == text.value());
    (void)bool(parseIdentity(reply));
    (void)bool(parseQueuedError(reply));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView reply(reinterpret_cast<const char *>(data), qsizetype(size));
    numbers(reply);
    blocks(reply);
    texts(reply);
    return 0;
}
