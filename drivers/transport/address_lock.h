#pragma once

#include "core/base/call.h"
#include "core/base/result.h"

#include <QLockFile>
#include <QString>

#include <memory>

namespace birch {

/// Keeps the programs of this computer out of each other's way at an address whose protocol knows
/// no lock: a lock file that goes with the process. Programs on other computers, and other people's
/// programs, know nothing of it. Where no folder for it can be written there is none, and taking
/// it succeeds.
class AddressLock
{
public:
    /// Waits for another program to let go until the deadline. Errors: Conflict - it did not, and
    /// who it is; Cancelled.
    Status take(const QString &address, const Call &call);
    void giveBack() { m_file.reset(); }
    bool isTaken() const { return m_file != nullptr; }

private:
    std::unique_ptr<QLockFile> m_file;
};

} // namespace birch
