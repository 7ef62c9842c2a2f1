#include "core/base/clock.h"

#include <QTimer>

#include <ctime>

namespace birch {

namespace {
qint64 read(clockid_t id)
{
    timespec now{};
    clock_gettime(id, &now);
    return qint64(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}
} // namespace

qint64 SystemClock::bootNs() const
{
    return read(CLOCK_BOOTTIME);
}

qint64 SystemClock::wallNs() const
{
    return read(CLOCK_REALTIME);
}

void SystemClock::after(Nanoseconds delay, QObject *context, std::function<void()> action)
{
    // Rounded up: a wait never ends early.
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(delay);
    QTimer::singleShot(ms, Qt::PreciseTimer, context, std::move(action));
}

} // namespace birch
