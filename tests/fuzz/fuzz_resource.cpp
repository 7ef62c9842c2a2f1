#include "drivers/transport/make_transport.h"
#include "drivers/transport/resource.h"

#include <cstdlib>

using namespace birch;

/// What is accepted has one spelling, which means the same; what is refused says why.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString text =
        QString::fromUtf8(QByteArrayView(reinterpret_cast<const char *>(data), qsizetype(size)));
    const auto parsed = parseResource(text);
    if (!parsed) {
        if (parsed.error().code != ErrorCode::BadInput || parsed.error().message.isEmpty())
            std::abort();
        return 0;
    }
    const Resource &resource = parsed.value();
    const auto again = parseResource(resource.canonical());
    if (!again || !(again.value() == resource) || again.value().canonical() != resource.canonical())
        std::abort();
    const bool isSerial = resource.kind == Resource::Kind::Serial;
    if (isSerial ? !resource.devicePath().startsWith(u'/') : resource.host.isEmpty())
        std::abort();
    const bool needsPort =
        resource.kind == Resource::Kind::Socket || resource.kind == Resource::Kind::Hislip;
    if (needsPort && resource.port == 0)
        std::abort();
    if (!makeTransport(text, {}))
        std::abort();
    return 0;
}
