#pragma once

#include <QtGlobal>

namespace birch {

/// How one simulated movement travels: a closed formula of time, so that nothing ticks and two
/// runs agree. Ends exactly at its target, never merely near it. Times in physics seconds.
class Motion
{
public:
    enum class Kind {
        Instant, ///< there at once
        Linear,  ///< at constant speed, as a stage
        Lag      ///< follows a ramp with first-order delay, as a temperature behind its controller
    };

    Motion(Kind kind, double speed, double timeConstant, double initial)
        : m_kind(kind)
        , m_speed(speed)
        , m_travel(speed)
        , m_timeConstant(timeConstant)
        , m_start(initial)
        , m_target(initial)
    {
    }

    void begin(double target, double now);
    void stop(double now);                           ///< halts where it is
    void setSpeed(double speed) { m_speed = speed; } ///< positive; of what begins from now on
    double position(double now) const;
    bool isMoving(double now) const { return now - m_began < duration(); }
    double target() const { return m_target; }

private:
    double rampTime() const;
    double duration() const;

    Kind m_kind;
    double m_speed;        // unit per second
    double m_travel;       // speed of the move under way
    double m_timeConstant; // s
    double m_start;
    double m_target;
    double m_began = 0;
};

} // namespace birch
