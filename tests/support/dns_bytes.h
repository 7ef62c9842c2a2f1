#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// DNS messages for tests, byte by byte; shares no code with the product, so that both can not
/// agree on a mistake.
namespace birch::test {

inline std::string dnsHalf(unsigned value)
{
    return {char(value >> 8 & 0xff), char(value & 0xff)};
}

inline std::string dnsWord(std::uint32_t value)
{
    return dnsHalf(value >> 16) + dnsHalf(value & 0xffff);
}

/// Labels one by one, since one may hold dots; ends with the root.
inline std::string dnsLabels(const std::vector<std::string> &labels)
{
    std::string bytes;
    for (const std::string &label : labels)
        bytes += char(label.size()) + label;
    return bytes + '\0';
}

/// Labels and then a pointer to where the rest of the name stands.
inline std::string dnsPointed(const std::vector<std::string> &labels, unsigned offset)
{
    std::string bytes = dnsLabels(labels);
    bytes.pop_back();
    return bytes + dnsHalf(0xc000 | offset);
}

inline std::string dnsRecord(const std::string &name, unsigned type, const std::string &data,
                             std::uint32_t ttl = 120, unsigned kind = 0x8001)
{
    return name + dnsHalf(type) + dnsHalf(kind) + dnsWord(ttl) + dnsHalf(unsigned(data.size())) +
           data;
}

inline std::string dnsService(unsigned port, const std::string &host)
{
    return dnsHalf(0) + dnsHalf(0) + dnsHalf(port) + host;
}

inline std::string dnsHeader(unsigned flags, unsigned questions, unsigned answers,
                             unsigned additional = 0, unsigned id = 0)
{
    return dnsHalf(id) + dnsHalf(flags) + dnsHalf(questions) + dnsHalf(answers) + dnsHalf(0) +
           dnsHalf(additional);
}

/// An answer of an instrument that offers HiSLIP, names compressed as responders do it.
inline std::string hislipAnswer(const std::string &instance, unsigned port,
                                const std::string &address)
{
    // The service type stands at 12, ".local" of it at 12 + 8 + 5.
    const std::string type = dnsLabels({"_hislip", "_tcp", "local"});
    const std::string pointer =
        dnsRecord(type, 12, dnsPointed({instance}, 12), 120, 1); // PTR, shared: no flush bit
    const std::string host = dnsPointed({"scope"}, 12 + 8 + 5);
    const std::string name = dnsPointed({instance}, 12);
    return dnsHeader(0x8400, 0, 1, 3) + pointer + dnsRecord(name, 33, dnsService(port, host)) +
           dnsRecord(name, 16, char(9) + std::string("txtvers=1")) + dnsRecord(host, 1, address);
}

} // namespace birch::test
