#pragma once

#include "core/instrument/specs.h"

#include <QJsonArray>
#include <QJsonObject>

namespace birch {

/// The settings of several instruments at one time, as a scan's record keeps them.
struct SettingsSnapshot {
    /// nickname -> {parameter: value}; "_errors" beside them: what could not be read, as sentences.
    QJsonObject settings;
    /// nickname -> {definition, version, identity, parameters: [{key, label, unit, tolerance,
    /// read_only, volatile}]}, the parameters in the definition's order.
    QJsonObject instruments;

    bool isEmpty() const { return settings.isEmpty() && instruments.isEmpty(); }
};

/// What a snapshot says about one instrument apart from its values.
QJsonObject instrumentFacts(const InstrumentSpec &spec, const QString &identity);

/// What is done about settings that are not as they were.
enum class SettingsChoice : quint8 {
    Refuse,  ///< nothing is set and nothing runs
    Restore, ///< they are set back and read back
    Keep     ///< it runs with what the instruments say now
};

/// What a scan asks of its instruments before it touches them: the settings of an earlier start.
struct SettingsDemand {
    QString scanId; ///< whose they are
    SettingsSnapshot then;
    SettingsChoice choice = SettingsChoice::Refuse;
};

/// One thing that is not as it was. Values are undefined where they are not known.
struct SettingDifference {
    QString instrument;
    QString parameter; ///< key; "identity" and "definition" are the instrument's own
    QString unit;
    QJsonValue then = QJsonValue::Undefined;
    QJsonValue now = QJsonValue::Undefined;
    QString note;            ///< why a value is missing or can not be set back; "" for neither
    bool isSettable = false; ///< can be set back to then
    bool isAlarm = true;     ///< false: read-only, or changes by itself

    /// What would be in force afterwards.
    QJsonValue proposed(SettingsChoice choice) const
    {
        return choice == SettingsChoice::Restore && isSettable ? then : now;
    }
    QString name() const { return instrument + u'.' + parameter; }
    QString valueText(const QJsonValue &value) const; ///< with its unit; "?" where it is not known
    QString text() const;                             ///< "smu.compliance: was 0.1 A, is 0.02 A"
};

/// A setting's value for people: "on", "0.1 A"; "?" where it is not known.
QString settingText(const QJsonValue &value, const QString &unit);

/// Equal as settings: numbers within \a tolerance, and within what rounding does to them.
bool isSameSetting(const QJsonValue &a, const QJsonValue &b, double tolerance);

/// In the order of nicknames, each in its definition's order; empty: everything is as it was.
/// Instruments that \a then does not know, and values that it does not hold, are no difference.
QList<SettingDifference> settingDifferences(const SettingsSnapshot &then,
                                            const SettingsSnapshot &now);
/// Some of them are more than readings.
bool isAnyAlarm(const QList<SettingDifference> &differences);
/// {"differences": [{instrument, parameter, unit, then, now, proposed, alarm, note}]} for \a
/// choice.
QJsonArray differencesJson(const QList<SettingDifference> &differences, SettingsChoice choice);

} // namespace birch
