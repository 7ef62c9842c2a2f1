#pragma once

#include "drivers/simulator/simulated_instrument.h"

namespace birch {

/// What stands between a simulated instrument, which speaks text, and clients that speak in frames.
class FramePeer
{
public:
    virtual ~FramePeer() = default;
    /// Whole frames to one whole request, in order; none where a real one would be silent.
    virtual QList<QByteArray> respond(const QByteArray &request) = 0;
};

/// As the definition of \a instrument says; null where it is spoken to in lines. The instrument
/// outlives it.
std::unique_ptr<FramePeer> makeFramePeer(SimulatedInstrument &instrument);

/// The two that there are.
std::unique_ptr<FramePeer> makeModbusPeer(SimulatedInstrument &instrument);
std::unique_ptr<FramePeer> makeAptPeer(SimulatedInstrument &instrument);

} // namespace birch
