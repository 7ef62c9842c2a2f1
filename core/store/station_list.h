#pragma once

#include "core/store/connection.h"
#include "core/store/session.h"

#include <chrono>

namespace birch {

/// A program that runs queues.
struct StationAtWork {
    QString name;
    QString process;
    qint64 seenUs = 0;                ///< microseconds UTC, by the server's clock
    std::chrono::microseconds silent; ///< since then
    int running = 0;                  ///< scans that it has claimed
};

/// Heard of last first; those that have left are not among them.
Result<QList<StationAtWork>> stationsAtWork(Connection &connection, const Session &session);

} // namespace birch
