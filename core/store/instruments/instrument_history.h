#pragma once

#include "core/store/connection.h"
#include "core/store/session.h"

namespace birch {

/// One change of an instrument's connection, as stored. Names as core/instrument's
/// connection_event.h writes them.
struct InstrumentHistoryEntry {
    qint64 atUs = 0; ///< microseconds UTC
    QString event;   ///< "connecting" "ready" "fault" "reconnecting" "back" "offline"
    QString fault;   ///< "none" "timeout" "protocol" "closed" "refused" "wrong_identity"
    int attempt = 0;
    QString reason;
    QString station;
    QString nickname;
    QString serialNumber = {}; ///< of the instrument; read back only

    bool operator==(const InstrumentHistoryEntry &) const = default;
};

/// Adds \a entry to the history of the instrument in row \a instrument. Progress, not a change that
/// somebody made: it is not audited. Errors: those of the database.
Status addInstrumentHistory(Connection &connection, const Session &session, qint64 instrument,
                            const InstrumentHistoryEntry &entry);

/// The history of whatever was called \a nickname at \a station, newest first, at most \a limit
/// entries, none before \a sinceUs. Blocks for one statement. Errors: those of the database.
Result<QList<InstrumentHistoryEntry>>
instrumentHistory(Connection &connection, const Session &session, const QString &station,
                  const QString &nickname, qint64 sinceUs = 0, int limit = 1000);

} // namespace birch
