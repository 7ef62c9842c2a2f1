#include "drivers/transport/hislip_protocol.h"

#include <algorithm>
#include <cstdlib>

using namespace birch;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

} // namespace

/// What is understood is what stands there, bounded; anything else is refused.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView rest(reinterpret_cast<const char *>(data), qsizetype(size));
    while (!rest.isEmpty()) {
        const auto header = hislip::readHeader(rest);
        const bool isOurs = rest.size() >= hislip::kHeaderSize && rest.startsWith("HS");
        require(isOurs || !header);
        if (!header)
            return 0;
        require(header->isData() || header->length <= hislip::kLongestControl);
        require(header->length <= quint64(1) << 40);
        QByteArray written;
        hislip::write(written, *header);
        require(written == rest.first(hislip::kHeaderSize));
        rest = rest.sliced(hislip::kHeaderSize);
        rest = rest.sliced(qsizetype(std::min(header->length, quint64(rest.size()))));
    }
    return 0;
}
