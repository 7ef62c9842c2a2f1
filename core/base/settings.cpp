#include "core/base/settings.h"

#include "core/base/file_writer.h"
#include "core/base/near_word.h"
#include "core/base/settings_file.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QSysInfo>

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birch::Settings", text);
}

QString homeOf(const QProcessEnvironment &environment)
{
    return environment.value(u"HOME"_s, QDir::homePath());
}

/// A folder of the XDG base directory specification; relative values are to be ignored.
QString xdgFolder(const QProcessEnvironment &environment, const QString &name,
                  const QString &fallback)
{
    const QString set = environment.value(name);
    return QDir::isAbsolutePath(set) ? set : homeOf(environment) + fallback;
}

QString configFolder(const QProcessEnvironment &environment)
{
    return xdgFolder(environment, u"XDG_CONFIG_HOME"_s, u"/.config"_s) + u"/birch"_s;
}

/// The default as one would type it; of some settings it depends on the person and the machine.
QString defaultText(const SettingSpec &spec, const QProcessEnvironment &environment)
{
    const QString data =
        xdgFolder(environment, u"XDG_DATA_HOME"_s, u"/.local/share"_s) + u"/birch"_s;
    switch (spec.id) {
    case Setting::DataPath:
        return data + u"/birch.sqlite"_s;
    case Setting::SpoolPath:
        return data + u"/spool"_s;
    case Setting::BackupFolder:
        return data + u"/backups"_s;
    case Setting::LogFile:
        return data + u"/birch.log"_s;
    case Setting::StatePath:
        return xdgFolder(environment, u"XDG_STATE_HOME"_s, u"/.local/state"_s) + u"/birch"_s;
    case Setting::MailPasswordFile:
        return configFolder(environment) + u"/mail.password"_s;
    case Setting::WebhookSecretFile:
        return configFolder(environment) + u"/webhook.secret"_s;
    case Setting::StationName:
        return stationNameFrom(QSysInfo::machineHostName());
    default:
        return QString::fromUtf16(spec.fallback);
    }
}

QStringList allKeys()
{
    QStringList keys;
    for (const SettingSpec &spec : settingTable())
        keys.append(QString::fromUtf16(spec.key));
    return keys;
}

QString unknownKey(const QString &key)
{
    return tr("There is no setting \"%1\"").arg(key);
}

QString unknownKeyRemedy(const QString &key)
{
    const QString near = nearestWord(key, allKeys());
    return near.isEmpty() ? tr("List them with \"birchctl config list\"")
                          : tr("Write \"%1\"").arg(near);
}

} // namespace

struct Settings::Candidate {
    QString text;
    SettingOrigin origin;
    QString where;
    QString folder; ///< relative paths are counted from here
    Problem label;  ///< file, field and line of a problem with it
};

SettingSources SettingSources::ofProcess()
{
    SettingSources sources;
    sources.environment = QProcessEnvironment::systemEnvironment();
    sources.file = settingsFilePath(sources.environment);
    return sources;
}

QString settingsFilePath(const QProcessEnvironment &environment)
{
    return configFolder(environment) + u"/birch.yaml"_s;
}

Settings::Settings()
    : Settings(QProcessEnvironment::systemEnvironment())
{
}

Settings::Settings(const QProcessEnvironment &environment)
    : m_home(homeOf(environment))
{
    for (const SettingSpec &spec : settingTable()) {
        const QString text = defaultText(spec, environment);
        const auto value = parseSetting(spec, text, m_home, QDir::currentPath());
        Q_ASSERT_X(value, "setting table", spec.environment);
        m_entries[size_t(spec.id)] = {value.value(), text, SettingOrigin::Default, u"default"_s};
    }
}

Settings Settings::resolve(const SettingSources &sources, Problems *problems)
{
    Settings settings(sources.environment);
    settings.addDatabase(sources.database, problems);
    if (!sources.file.isEmpty() && QFileInfo::exists(sources.file))
        settings.readFile(sources.file, problems);
    for (const SettingSpec &spec : settingTable()) {
        const auto name = QString::fromLatin1(spec.environment);
        Problem label;
        label.field = name;
        const QString text = sources.environment.value(name);
        if (!text.isEmpty())
            settings.accept(spec,
                            {text, SettingOrigin::Environment, name, QDir::currentPath(), label},
                            problems);
    }
    for (auto it = sources.flags.begin(); it != sources.flags.end(); ++it) {
        Problem label;
        label.field = it.key();
        if (const SettingSpec *spec = findSetting(it.key())) {
            settings.accept(
                *spec, {it.value(), SettingOrigin::Flag, u"flag"_s, QDir::currentPath(), label},
                problems);
        } else {
            label.message = unknownKey(it.key());
            label.remedy = unknownKeyRemedy(it.key());
            problems->append(label);
        }
    }
    return settings;
}

void Settings::addDatabase(const QMap<QString, QString> &rows, Problems *problems)
{
    for (auto it = rows.begin(); it != rows.end(); ++it) {
        const SettingSpec *spec = findSetting(it.key());
        // A row of a newer version, or of one station, is no problem of this one.
        if (!spec || spec->scope != SettingScope::Shared ||
            at(spec->id).origin > SettingOrigin::Database)
            continue;
        Problem label;
        label.field = it.key();
        accept(*spec, {it.value(), SettingOrigin::Database, u"database"_s, {}, label}, problems);
    }
}

void Settings::readFile(const QString &path, Problems *problems)
{
    const auto text = birch::readFile(path, 1024 * 1024);
    if (!text) {
        Problem problem;
        problem.file = path;
        problem.message = text.error().message;
        problem.remedy = tr("Correct it, or move it away to start with the defaults");
        problems->append(problem);
        return;
    }
    for (const SettingsFileEntry &entry : parseSettingsFile(text.value(), path, problems)) {
        Problem label;
        label.file = path;
        label.field = entry.key;
        label.line = entry.line;
        if (const SettingSpec *spec = findSetting(entry.key)) {
            accept(*spec,
                   {entry.text, SettingOrigin::File, u"%1:%2"_s.arg(path).arg(entry.line),
                    QFileInfo(path).absolutePath(), label},
                   problems);
        } else {
            label.message = unknownKey(entry.key);
            label.remedy = unknownKeyRemedy(entry.key);
            problems->append(label);
        }
    }
}

void Settings::accept(const SettingSpec &spec, const Candidate &candidate, Problems *problems)
{
    const auto value = parseSetting(spec, candidate.text, m_home, candidate.folder);
    if (value) {
        m_entries[size_t(spec.id)] = {value.value(), candidate.text.trimmed(), candidate.origin,
                                      candidate.where};
        return;
    }
    Problem problem = candidate.label;
    problem.message = value.error().message;
    problem.remedy =
        tr("Correct \"%1\"; until then it is %2").arg(problem.field, at(spec.id).typed);
    problems->append(problem);
}

qint64 Settings::integer(Setting id) const
{
    return std::get<qint64>(at(id).value);
}

Nanoseconds Settings::duration(Setting id) const
{
    return Nanoseconds(std::llround(std::get<double>(at(id).value) * 1e9));
}

QString Settings::text(Setting id) const
{
    return std::get<QString>(at(id).value);
}

bool Settings::flag(Setting id) const
{
    return std::get<bool>(at(id).value);
}

QJsonObject Settings::describe(Setting id) const
{
    const SettingSpec &spec = settingSpec(id);
    const auto json = [](const auto &value) { return QJsonValue(value); };
    return {{u"key"_s, QString::fromUtf16(spec.key)},
            {u"value"_s, std::visit(json, at(id).value)},
            {u"text"_s, shown(id)},
            {u"unit"_s, QString::fromUtf16(spec.unit)},
            {u"origin"_s, originText(id)},
            {u"environment"_s, QString::fromLatin1(spec.environment)},
            {u"help"_s, settingHelp(spec)}};
}

Status saveSetting(const QString &path, const QString &key, const QString &text)
{
    const SettingSpec *spec = findSetting(key);
    if (!spec)
        return Error{ErrorCode::NotFound, unknownKey(key) + u"; "_s + unknownKeyRemedy(key)};
    const QString folder = QFileInfo(path).absolutePath();
    if (const auto value = parseSetting(*spec, text, QDir::homePath(), folder); !value)
        return value.error().within(key);
    QByteArray before;
    if (QFileInfo::exists(path)) {
        const auto read = readFile(path, 1024 * 1024);
        if (!read)
            return read.error();
        before = read.value();
    } else if (!QDir().mkpath(folder)) {
        return Error{
            ErrorCode::Io,
            tr("The folder %1 can not be made; check the permissions above it").arg(folder)};
    }
    const auto after = withSetting(before, path, key, text.trimmed());
    return after ? writeFile(path, after.value()) : Status(after.error());
}

} // namespace birch
