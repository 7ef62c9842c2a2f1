#include "drivers/discovery/mdns_catalog.h"

#include <cstdlib>

using namespace birch;

namespace {
void require(bool holds)
{
    if (!holds)
        std::abort();
}

qsizetype sizeOf(const dns::Name &name)
{
    qsizetype size = 1;
    for (const QByteArray &label : name) {
        require(!label.isEmpty() && label.size() <= 63);
        size += 1 + label.size();
    }
    return size;
}
} // namespace

/// Whatever comes, what is understood of it keeps DNS's own bounds, its questions can be asked
/// again, and a catalog that takes it in gives out only what can be connected to.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView datagram(reinterpret_cast<const char *>(data), qsizetype(size));
    const auto message = dns::parse(datagram);
    if (!message)
        return 0;
    require(message->records.size() * 11 + message->questions.size() * 5 <= datagram.size());
    for (const dns::Record &record : message->records)
        require(sizeOf(record.name) <= 255 && sizeOf(record.target) <= 255);
    const auto again = dns::parse(dns::queryFor(message->id, message->questions));
    require(again || message->questions.size() > 30); // too many of them make it too long
    if (again)
        require(again->id == message->id && again->questions == message->questions);

    MdnsCatalog catalog;
    const QHostAddress sender(0x7f000001u);
    for (const AnnouncedService &service : catalog.add(*message, sender))
        require(service.port != 0 && !QHostAddress(service.address).isNull());
    require(catalog.add(*message, sender).isEmpty()); // the same again is nothing new
    const auto missing = catalog.missing();
    require(missing.size() <= 32);
    const auto asked = dns::parse(dns::queryFor(0, missing));
    require(!asked || asked->questions == missing);
    return 0;
}
