#pragma once

#include "core/instrument/instrument_host.h"

namespace birch {

/// Who holds the lease while a person sets something by hand.
inline const QString kManualControl = QStringLiteral("manual control");
inline constexpr std::chrono::seconds kManualExchange{5};

/// The lease of one instrument for a person: what is set by hand at the same time shares it, and it
/// goes back with the last of them. Lives on the window's thread; \a host outlives it.
class ManualLease
{
public:
    explicit ManualLease(InstrumentHost &host)
        : m_host(host)
    {
    }
    ManualLease(const ManualLease &) = delete;
    ~ManualLease()
    {
        if (m_holders > 0)
            m_host.releaseLease(kManualControl);
    }

    /// Errors: Conflict - somebody else holds it.
    Status take()
    {
        Status taken = m_host.acquireLease(kManualControl);
        if (taken)
            ++m_holders;
        return taken;
    }
    void giveBack() ///< once for each take() that succeeded
    {
        if (--m_holders == 0)
            m_host.releaseLease(kManualControl);
    }

private:
    InstrumentHost &m_host;
    int m_holders = 0;
};

} // namespace birch
