#pragma once

#include "core/store/connection.h"
#include "core/store/session.h"

#include <QJsonObject>

namespace birch {

/// The database that is imported into, and on whose behalf. Values cross no thread.
struct ImportTarget {
    Connection &connection;
    const Session &session;
};

/// Row of the entity with \a uid; invalid for "" and for what is not there.
Result<QVariant> rowOfUid(Connection &connection, const QString &table, const QString &uid);
/// lab_id of a row; invalid for an invalid \a row.
Result<QVariant> labOfRow(Connection &connection, const QString &table, const QVariant &row);

/// What is stored under \a uid in \a table, by hash of the source row; nothing: not there.
struct StoredSource {
    qint64 row = 0;
    QString hash;
};
Result<std::optional<StoredSource>> storedSource(Connection &connection, const QString &table,
                                                 const QString &uid);

/// The station with \a name, by uid; made when it is new.
Result<QString> stationUid(const ImportTarget &target, const QString &name, const QString &lab,
                           bool *wasMade);

} // namespace birch
