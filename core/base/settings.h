#pragma once

#include "core/base/call.h"
#include "core/base/problem.h"
#include "core/base/setting_value.h"

#include <QJsonObject>
#include <QMap>
#include <QProcessEnvironment>

#include <array>

namespace birch {

enum class SettingOrigin { Default, Database, File, Environment, Flag };

/// What the settings are resolved from, strongest first. Tests put their own in.
struct SettingSources {
    QMap<QString, QString> flags;    ///< by key, from the command line
    QProcessEnvironment environment; ///< BIRCH_*, and HOME and XDG_* for the defaults
    QString file;                    ///< birch.yaml; need not exist
    QMap<QString, QString> database; ///< the rows of its settings, by key

    /// This process: its environment and birch.yaml in the person's configuration folder.
    static SettingSources ofProcess();
};

/// Where birch.yaml of a person is: $XDG_CONFIG_HOME/birch, else ~/.config/birch.
QString settingsFilePath(const QProcessEnvironment &environment);

/// All settings with their origin, as a value: made by the composition root and handed down.
class Settings
{
public:
    /// The defaults alone, of this process's environment.
    Settings();
    /// Never fails: what can not be used goes to \a problems and the next source is taken.
    static Settings resolve(const SettingSources &sources, Problems *problems);
    /// Once the database is open: its rows replace defaults, nothing stronger.
    void addDatabase(const QMap<QString, QString> &rows, Problems *problems);

    qint64 integer(Setting id) const; ///< Integer, Bytes
    Nanoseconds duration(Setting id) const;
    QString text(Setting id) const; ///< Text, Path, Choice
    bool flag(Setting id) const;

    SettingOrigin origin(Setting id) const { return at(id).origin; }
    /// "default", "database", "flag", "BIRCH_LOG_LEVEL", "/…/birch.yaml:3".
    QString originText(Setting id) const { return at(id).where; }
    /// As one would type it: "200 ms".
    QString shown(Setting id) const { return at(id).typed; }
    /// {key, value, text, unit, origin, environment, help}: one row of `config list --json`.
    QJsonObject describe(Setting id) const;

private:
    struct Entry {
        SettingValue value;
        QString typed;
        SettingOrigin origin = SettingOrigin::Default;
        QString where;
    };
    struct Candidate;

    explicit Settings(const QProcessEnvironment &environment);
    const Entry &at(Setting id) const { return m_entries[size_t(id)]; }
    void accept(const SettingSpec &spec, const Candidate &candidate, Problems *problems);
    void readFile(const QString &path, Problems *problems);

    std::array<Entry, size_t(Setting::Count)> m_entries;
    QString m_home;
};

/// Checks \a text and writes it into the settings file at \a path, made if need be; atomic,
/// comments stay. Takes effect at the next start. Errors: NotFound - no such key; BadInput; as
/// FileWriter.
Status saveSetting(const QString &path, const QString &key, const QString &text);

} // namespace birch
