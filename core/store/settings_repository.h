#pragma once

#include "core/store/session.h"

#include <QMap>

namespace birch {

/// Named texts kept in the database: shared settings (scope "") and what a station has learnt
/// (scope "station/NAME").
class SettingsRepository
{
public:
    explicit SettingsRepository(Connection &connection)
        : m_connection(connection)
    {
    }

    Result<std::optional<QString>> get(const QString &scope, const QString &name);
    Result<QMap<QString, QString>> list(const QString &scope);
    /// Errors: Denied - shared settings are changed by administrators, those of a station by
    /// operators.
    Status set(const Session &session, const QString &scope, const QString &name,
               const QString &value);
    Status remove(const Session &session, const QString &scope, const QString &name);

private:
    Connection &m_connection;
};

} // namespace birch
