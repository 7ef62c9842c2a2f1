#pragma once

#include <QMap>
#include <QString>

#include <functional>

namespace birch {

/// Normal deviates that follow from a key alone: the same key gives the same sequence, always.
class Noise
{
public:
    explicit Noise(quint64 key)
        : m_state(key)
    {
    }
    double normal(); ///< mean 0, standard deviation 1

private:
    quint64 next();
    quint64 m_state;
};

/// What the simulated instruments of one bench share: physical quantities (temperature in K, x and
/// y in mm, bias in V) that one instrument moves and others feel, physics time, and the noise.
///
/// Noise is a function of (seed, all setpoints of the bench, ordinal of the read since the last
/// setpoint was sent to anybody): a scan run twice reads the same numbers, whatever it read before.
/// Single-threaded.
class World
{
public:
    using Seconds = std::function<double()>;

    /// \param seconds  monotonic physics time; the real clock times the bench's factor, or a
    /// test's.
    World(quint64 seed, QMap<QString, double> initial, Seconds seconds)
        : m_seed(seed)
        , m_initial(std::move(initial))
        , m_seconds(std::move(seconds))
    {
    }

    double now() const { return m_seconds(); }

    /// \a value answers for the shared quantity \a signal until \a owner withdraws; the last to
    /// publish one is heard.
    void publish(const QString &signal, const void *owner, std::function<double()> value);
    void withdraw(const void *owner);
    /// Nobody publishes it: its initial value, else a room's (295 K, 0 mm, 0 V).
    double signal(const QString &signal) const;

    /// A setpoint was sent, be it the same again: counting of reads starts anew.
    void noteSetpoint(const QString &movement, double target);
    /// As noteSetpoint() without the new start: the setpoints that instruments wake up with.
    void setInitialSetpoint(const QString &movement, double target);
    /// The noise of the next read of \a measurement.
    Noise nextRead(const QString &measurement);

private:
    quint64 m_seed;
    QMap<QString, double> m_initial;
    Seconds m_seconds;
    struct Publisher {
        const void *owner;
        std::function<double()> value;
    };
    QMap<QString, Publisher> m_publishers;
    QMap<QString, double> m_setpoints; // ordered: the key must not depend on who came first
    QMap<QString, quint64> m_ordinals;
};

} // namespace birch
