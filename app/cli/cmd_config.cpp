#include "app/cli/commands.h"
#include "app/cli/station_setup.h"
#include "core/plan/did_you_mean.h"
#include "core/store/settings_repository.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QProcessEnvironment>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// All settings, those of the database included where there is one; looking makes none.
Settings settingsOf(const Invocation &invocation, const Station &station)
{
    const auto url = StationData::databaseUrl(station.options(), station.settings());
    if (url && url.value().engine() == Engine::Sqlite && !QFileInfo::exists(url.value().path()))
        return station.settings();
    auto data = station.openData();
    if (data)
        return data.value()->settings();
    invocation.note(tr("Without the settings of the database: %1").arg(data.error().message));
    return station.settings();
}

void print(const Invocation &invocation, const Settings &settings, const SettingSpec &spec)
{
    invocation.print(u"%1  %2  %3"_s.arg(QString::fromUtf16(spec.key), -24)
                         .arg(settings.shown(spec.id), -16)
                         .arg(settings.originText(spec.id)));
}

int list(const Invocation &invocation, const Settings &settings)
{
    QJsonArray rows;
    for (const SettingSpec &spec : settingTable()) {
        rows.append(settings.describe(spec.id));
        if (!invocation.isJson)
            print(invocation, settings, spec);
    }
    if (invocation.isJson)
        invocation.printJson({{u"settings"_s, rows}});
    return kDone;
}

int get(const Invocation &invocation, const Settings &settings, const SettingSpec &spec)
{
    if (invocation.isJson)
        invocation.printJson(settings.describe(spec.id));
    else
        invocation.print(settings.shown(spec.id));
    return kDone;
}

Status setShared(const Station &station, const SettingSpec &spec, const QString &value)
{
    if (spec.scope != SettingScope::Shared)
        return Error{ErrorCode::BadInput, tr("%1 belongs to one station: set it without --shared.")
                                              .arg(QString::fromUtf16(spec.key))};
    if (const auto parsed = parseSetting(spec, value, QString(), QString()); !parsed)
        return parsed.error().within(QString::fromUtf16(spec.key));
    auto data = station.openData();
    if (!data)
        return data.error();
    return SettingsRepository(data.value()->connection())
        .set(data.value()->session(), {}, QString::fromUtf16(spec.key), value.trimmed());
}

int set(const Invocation &invocation, const SettingSpec &spec, const QString &value)
{
    const QString key = QString::fromUtf16(spec.key);
    const Station station(invocation);
    const QString file = settingsFilePath(QProcessEnvironment::systemEnvironment());
    const Status saved = invocation.isSet(u"shared"_s) ? setShared(station, spec, value)
                                                       : saveSetting(file, key, value);
    if (!saved)
        return invocation.fail(saved.error());
    const Station after(invocation); // what holds now, e.g. still an environment variable
    const Settings settings = settingsOf(invocation, after);
    if (invocation.isJson)
        invocation.printJson(settings.describe(spec.id));
    else
        print(invocation, settings, spec);
    if (settings.shown(spec.id) != value.trimmed())
        invocation.note(tr("Saved, but %1 is stronger.").arg(settings.originText(spec.id)));
    return kDone;
}

int config(const Invocation &invocation)
{
    const QStringList arguments = invocation.arguments();
    const QString verb = arguments.value(0, u"list"_s);
    const qsizetype expected = verb == u"set" ? 3 : verb == u"get" ? 2 : 1;
    if ((verb != u"list" && verb != u"get" && verb != u"set") || arguments.size() > expected ||
        (expected > 1 && arguments.size() < expected))
        return invocation.usage(tr("Say list, get KEY or set KEY VALUE."));
    const QString key = arguments.value(1);
    const SettingSpec *spec = findSetting(key);
    if (expected > 1 && !spec) {
        QStringList keys;
        for (const SettingSpec &known : settingTable())
            keys << QString::fromUtf16(known.key);
        return invocation.usage(
            tr("There is no setting \"%1\". %2").arg(key, didYouMean(key, keys)));
    }
    if (verb == u"set")
        return set(invocation, *spec, arguments[2]);
    const Station station(invocation);
    const Settings settings = settingsOf(invocation, station);
    return verb == u"get" ? get(invocation, settings, *spec) : list(invocation, settings);
}

} // namespace

Command configCommand()
{
    return {.name = u"config"_s,
            .summary = tr("List, read or change settings."),
            .synopsis = u"list | get KEY | set KEY VALUE"_s,
            .help = tr("list shows every setting with its value and where it comes from: a flag, "
                       "the environment, birch.yaml, the database, or the default. set writes "
                       "birch.yaml; a running program sees it at its next start."),
            .options = {{u"shared"_s, tr("set: in the database, for every station that uses it.")}},
            .run = config};
}

} // namespace birch::cli
