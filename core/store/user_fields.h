#pragma once

#include "core/store/connection.h"

#include <QJsonObject>
#include <QMap>

namespace birch {

/// Fields of the user in a record's extra data, beside what else is kept there.
QMap<QString, QString> userFields(const QJsonObject &extraData);
QJsonObject withUserFields(QJsonObject extraData, const QMap<QString, QString> &fields);

/// The extra data of a row of \a table (a declared one) with \a fields, as text; the row is locked
/// until the transaction ends.
Result<QString> extraDataWith(Connection &connection, const QString &table, qint64 row,
                              const QMap<QString, QString> &fields);

} // namespace birch
