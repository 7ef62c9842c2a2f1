#pragma once

#include "core/store/connection.h"

#include <QTimeZone>

namespace birch {

/// The time zone of the lab with this uid (its field time_zone), else this computer's.
Result<QTimeZone> labZone(Connection &connection, const QString &labUid);
/// Today there, as entities write dates.
Result<QString> labToday(Connection &connection, const QString &labUid);

} // namespace birch
