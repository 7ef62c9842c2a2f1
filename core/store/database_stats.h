#pragma once

#include "core/store/connection.h"

#include <QJsonObject>

namespace birch {

/// {"samples","queues","scans","points","bytes"}: counts without what is in the trash; bytes on
/// the disk of the database.
Result<QJsonObject> databaseStats(Connection &connection);

} // namespace birch
