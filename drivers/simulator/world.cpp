#include "drivers/simulator/world.h"

#include <QByteArray>

#include <bit>
#include <cmath>
#include <numbers>

namespace birch {

namespace {
constexpr quint64 kFnvBasis = 0xcbf29ce484222325;
constexpr quint64 kFnvPrime = 0x100000001b3;
constexpr double kRoomTemperature = 295; // K

void mix(quint64 *key, const char *bytes, qsizetype size)
{
    for (qsizetype i = 0; i < size; ++i)
        *key = (*key ^ quint8(bytes[i])) * kFnvPrime;
}

void mix(quint64 *key, quint64 value)
{
    mix(key, reinterpret_cast<const char *>(&value), qsizetype(sizeof value));
}

void mix(quint64 *key, const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    mix(key, quint64(bytes.size()));
    mix(key, bytes.constData(), bytes.size());
}
} // namespace

quint64 Noise::next()
{
    m_state += 0x9e3779b97f4a7c15; // splitmix64
    quint64 z = m_state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

double Noise::normal()
{
    constexpr double kUnit = 1.0 / 9007199254740992.0;   // 2^-53
    const double a = (double(next() >> 11) + 1) * kUnit; // (0, 1]: its logarithm is finite
    const double b = double(next() >> 11) * kUnit;
    return std::sqrt(-2 * std::log(a)) * std::cos(2 * std::numbers::pi * b);
}

void World::publish(const QString &signal, const void *owner, std::function<double()> value)
{
    m_publishers[signal] = {owner, std::move(value)};
}

void World::withdraw(const void *owner)
{
    m_publishers.removeIf([owner](const auto &entry) { return entry.value().owner == owner; });
}

double World::signal(const QString &signal) const
{
    if (const auto publisher = m_publishers.find(signal); publisher != m_publishers.end())
        return publisher->value();
    return m_initial.value(signal, signal == u"temperature" ? kRoomTemperature : 0.0);
}

void World::setInitialSetpoint(const QString &movement, double target)
{
    m_setpoints[movement] = target + 0.0; // -0.0 and 0.0 are one setpoint
}

void World::noteSetpoint(const QString &movement, double target)
{
    setInitialSetpoint(movement, target);
    m_ordinals.clear();
}

Noise World::nextRead(const QString &measurement)
{
    quint64 key = kFnvBasis;
    mix(&key, m_seed);
    for (auto it = m_setpoints.cbegin(); it != m_setpoints.cend(); ++it) {
        mix(&key, it.key());
        mix(&key, std::bit_cast<quint64>(it.value()));
    }
    mix(&key, measurement);
    mix(&key, m_ordinals[measurement]++);
    return Noise(key);
}

} // namespace birch
