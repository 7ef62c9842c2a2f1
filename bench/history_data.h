#pragma once

#include "core/store/connection.h"

namespace birch::bench {

struct HistorySize {
    qint64 scans = 0;
    qint64 samples = 0; ///< scans are spread over them
};

/// Rows of a scan.
inline constexpr qint64 kRowsPerScan = 100;

/// Fills an empty database with finished scans of one measurement of 100 rows x 1 value each, and
/// samples, as a lab would have them after years: the tables, texts and counts that the program
/// itself would have written; only the audit log stays empty. One in two scans has the word
/// "diode", one in 5000 the same word "rare…", and 64 different curves are measured again and
/// again. The rows are made inside the engine, so that it takes minutes, not hours.
Status fillHistory(Connection &connection, const HistorySize &size);

/// That what fillHistory() made is what the program would have made: texts, counts, a chunk of
/// \a scanRow that can be decoded.
Status checkHistory(Connection &connection, const HistorySize &size, qint64 scanRow);

} // namespace birch::bench
