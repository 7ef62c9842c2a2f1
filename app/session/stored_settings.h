#pragma once

#include "core/instrument/settings_difference.h"
#include "core/store/connection.h"
#include "core/store/session.h"

namespace birch {

/// Settings of one instrument as they were once: a preset's, or those it was left with.
struct StoredSettings {
    QJsonObject values; ///< {parameter: value}
    QJsonObject facts;  ///< as instrumentFacts(), of their day

    QJsonObject toJson() const
    {
        return {{QStringLiteral("settings"), values}, {QStringLiteral("facts"), facts}};
    }
    static StoredSettings fromJson(const QJsonObject &json);
    /// As a snapshot of the instrument that is called \a nickname now.
    SettingsSnapshot snapshot(const QString &nickname) const;
};

/// What an instrument says now (InstrumentHost::snapshot()), as far as it can be set again.
StoredSettings presentSettings(const InstrumentSpec &spec, const QVariantMap &snapshot);

/// Settings that are worth a name; they fit every instrument of one definition.
struct SettingsPreset {
    QString uid;
    QString name;
    QString definition; ///< id
    StoredSettings settings;
    QString notes = {};
    QString createdBy = {};
    qint64 updatedUs = 0; ///< microseconds UTC
};

/// Calls that block for the database: not on the thread of a window. Errors: Denied, and those of
/// the database.

/// By name; \a definition "": of all.
Result<QList<SettingsPreset>> settingsPresets(Connection &connection, const Session &session,
                                              const QString &definition);
/// By name or uid. Also NotFound, naming those that there are.
Result<SettingsPreset> findPreset(Connection &connection, const Session &session,
                                  const QString &definition, const QString &name);
/// Of a name that is there already: in its place if \a mayReplace, else Conflict. BadInput - no
/// name, or nothing to keep.
Result<SettingsPreset> savePreset(Connection &connection, const Session &session,
                                  const SettingsPreset &preset, bool mayReplace);
/// Into the trash.
Status deletePreset(Connection &connection, const Session &session, const QString &definition,
                    const QString &name);

/// What an instrument was left with, and when.
struct LastSettings {
    StoredSettings settings;
    qint64 atUs = 0;      ///< microseconds UTC
    QString station = {}; ///< where
};
/// Of the instrument itself, by its serial number, wherever it was; without one, of what \a station
/// calls so. \a who: InstrumentJournal::instrument(). Also NotFound.
struct InstrumentAtStation;
Result<LastSettings> lastSettings(Connection &connection, const Session &session,
                                  const InstrumentAtStation &who);

} // namespace birch
