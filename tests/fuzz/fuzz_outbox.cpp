#include "core/notify/outbox.h"

#include <cstdlib>

using namespace birch;

/// What can be read says the same once written and read again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto entry = outboxEntry(text);
    if (!entry)
        return 0;
    const auto again = outboxEntry(outboxText(entry.value()));
    if (!again || again.value().notice != entry.value().notice ||
        again.value().target != entry.value().target)
        std::abort();
    return 0;
}
