#include "core/base/id.h"

#include <QRandomGenerator>

#include <atomic>
#include <ctime>

namespace birch {

namespace {
/// Milliseconds since 1970, 12 bits of fraction below: strictly increasing over all threads.
quint64 nextStamp()
{
    static std::atomic<quint64> last{0};
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    const quint64 ms = quint64(now.tv_sec) * 1000 + quint64(now.tv_nsec) / 1'000'000;
    const quint64 fraction = (quint64(now.tv_nsec) % 1'000'000) * 4096 / 1'000'000;
    const quint64 stamp = ms << 12 | fraction;
    quint64 previous = last.load();
    quint64 next;
    do {
        next = std::max(stamp, previous + 1);
    } while (!last.compare_exchange_weak(previous, next));
    return next;
}
} // namespace

QUuid newUid()
{
    const quint64 stamp = nextStamp();
    const quint64 ms = stamp >> 12;
    const quint64 random = QRandomGenerator::system()->generate64();
    const auto byte = [random](int i) { return uchar(random >> (8 * i)); };
    return QUuid(uint(ms >> 16), ushort(ms), ushort(0x7000 | (stamp & 0x0fff)),
                 uchar(0x80 | (byte(0) & 0x3f)), byte(1), byte(2), byte(3), byte(4), byte(5),
                 byte(6), byte(7));
}

} // namespace birch
