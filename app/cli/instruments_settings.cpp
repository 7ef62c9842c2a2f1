#include "app/cli/instrument_verbs.h"

#include "app/cli/await.h"
#include "app/session/instrument_use.h"
#include "app/session/resource_paths.h"
#include "app/session/settings_apply.h"
#include "app/session/workstation.h"
#include "core/base/iso_time.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

constexpr std::chrono::seconds kOpen{10};

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// Database and bench of one call, opened as far as it needs them.
struct Here {
    std::unique_ptr<StationData> data;
    BenchFile file;
    std::unique_ptr<StationBench> bench;
    std::unique_ptr<InstrumentJournal> journal;

    Connection &connection() const { return data->connection(); }
    const Session &session() const { return data->session(); }
    const BenchEntry *entry(const QString &nickname) const { return file.find(nickname); }
};

/// What was said when it fails; 0 otherwise.
int openFiles(const Station &station, const Invocation &invocation, const QString &nickname,
              Here *here)
{
    BenchLoad bench = loadBench(station.benchFile(), definitionFolders());
    if (!bench.bench)
        return invocation.fail(bench.problems);
    here->file = *std::move(bench.bench);
    if (!here->entry(nickname))
        return invocation.usage(tr("The bench has no instrument \"%1\".").arg(nickname));
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    here->data = std::move(data).value();
    return kDone;
}

int openBench(const Station &station, const Invocation &invocation, const QString &nickname,
              Here *here)
{
    if (const Status unused = checkUnused(*here->data, nickname); !unused)
        return invocation.fail(unused.error());
    Problems problems;
    here->bench = StationBench::open(station.benchFile(), &problems);
    if (!here->bench)
        return invocation.fail(problems);
    const QString name = stationName(*here->data, here->file);
    here->journal = std::make_unique<InstrumentJournal>(
        *here->bench, journalPlace(*here->data, name), std::chrono::milliseconds(0));
    QObject context;
    const auto opened = await<std::monostate>(
        [&](auto reply) { here->bench->bench().find(nickname)->open(kOpen, &context, reply); });
    // What was noted of it has come in before: the journal knows who answered.
    QCoreApplication::processEvents();
    return opened ? int(kDone) : invocation.fail(opened.error(), kRanAndFailed);
}

/// Shows what would change, asks, and sets it.
int applySettings(const Invocation &invocation, const Here &here, const QString &nickname,
                  const StoredSettings &wanted)
{
    SettingsApply apply(here.bench->bench(), nickname,
                        tr("birchctl of %1 (settings)").arg(here.data->user()));
    const auto found = await<QList<SettingDifference>>(
        [&](auto reply) { apply.compare(wanted, std::move(reply)); });
    if (!found)
        return invocation.fail(found.error(), kRanAndFailed);
    bool isAnything = false;
    for (const SettingDifference &one : found.value()) {
        isAnything |= one.isSettable;
        if (!invocation.isJson)
            invocation.print(one.isSettable ? tr("%1: %2 -> %3")
                                                  .arg(one.name(), one.valueText(one.now),
                                                       one.valueText(one.then))
                                            : tr("%1 stays").arg(one.text()));
    }
    const bool isSet = isAnything && isAgreed(invocation, tr("Set this?"));
    if (isSet) {
        const Status done =
            await<std::monostate>([&](auto reply) { apply.apply(std::move(reply)); });
        if (!done)
            return invocation.fail(done.error(), kRanAndFailed);
    }
    if (invocation.isJson)
        invocation.printJson(
            {{u"nickname"_s, nickname},
             {u"differences"_s, differencesJson(found.value(), SettingsChoice::Restore)},
             {u"applied"_s, isSet}});
    else if (!isAnything)
        invocation.note(tr("%1 is set so already.").arg(nickname));
    return kDone;
}

QJsonObject presetJson(const SettingsPreset &preset)
{
    return {{u"name"_s, preset.name},
            {u"definition"_s, preset.definition},
            {u"settings"_s, preset.settings.values},
            {u"updated"_s, isoTime(preset.updatedUs)},
            {u"by"_s, preset.createdBy}};
}

void printValues(const Invocation &invocation, const StoredSettings &settings)
{
    for (const QJsonValue &value : settings.facts[u"parameters"_s].toArray()) {
        SettingDifference one;
        one.unit = value[u"unit"_s].toString();
        const QString key = value[u"key"_s].toString();
        if (settings.values.contains(key))
            invocation.print(u"%1  %2"_s.arg(key, -20).arg(one.valueText(settings.values[key])));
    }
}

int listPresets(const Invocation &invocation, const Here &here, const QString &definition)
{
    const auto presets = settingsPresets(here.connection(), here.session(), definition);
    if (!presets)
        return invocation.fail(presets.error());
    QJsonArray list;
    for (const SettingsPreset &preset : presets.value()) {
        list.append(presetJson(preset));
        if (!invocation.isJson)
            invocation.print(u"%1  %2  %3"_s.arg(preset.name, -24)
                                 .arg(isoTime(preset.updatedUs), preset.createdBy));
    }
    if (invocation.isJson)
        invocation.printJson({{u"definition"_s, definition}, {u"presets"_s, list}});
    return kDone;
}

int save(const Invocation &invocation, const Here &here, const QString &nickname,
         const QString &name)
{
    InstrumentHost *host = here.bench->bench().find(nickname);
    QObject context;
    const auto now = await<QVariantMap>(
        [&](auto reply) { host->snapshot(Priority::Panel, kOpen, &context, reply); });
    if (!now)
        return invocation.fail(now.error(), kRanAndFailed);
    SettingsPreset preset;
    preset.name = name;
    preset.definition = host->spec().definitionId;
    preset.settings = presentSettings(host->spec(), now.value());
    const auto saved =
        savePreset(here.connection(), here.session(), preset, invocation.isSet(u"replace"_s));
    if (!saved)
        return invocation.fail(saved.error());
    if (invocation.isJson)
        invocation.printJson(presetJson(saved.value()));
    else
        invocation.print(
            tr("Saved %1 setting(s) as \"%2\".").arg(preset.settings.values.size()).arg(name));
    return kDone;
}

int show(const Invocation &invocation, const Here &here, const QString &definition,
         const QString &name)
{
    const auto preset = findPreset(here.connection(), here.session(), definition, name);
    if (!preset)
        return invocation.fail(preset.error());
    if (invocation.isJson)
        invocation.printJson(presetJson(preset.value()));
    else
        printValues(invocation, preset.value().settings);
    return kDone;
}

} // namespace

int instrumentPresets(const Station &station, const Invocation &invocation,
                      const QStringList &arguments)
{
    const QString verb = arguments.value(0);
    const bool isList = verb == u"list";
    const bool isKnown =
        isList || verb == u"save" || verb == u"show" || verb == u"apply" || verb == u"delete";
    if (!isKnown || arguments.size() != (isList ? 2 : 3))
        return invocation.usage(tr("Write it as: presets list NICKNAME, or presets "
                                   "save|show|apply|delete NICKNAME NAME."));
    const QString nickname = arguments[1];
    const QString name = arguments.value(2);
    Here here;
    if (const int code = openFiles(station, invocation, nickname, &here); code != kDone)
        return code;
    const QString definition = here.entry(nickname)->spec.definitionId;
    if (isList)
        return listPresets(invocation, here, definition);
    if (verb == u"show")
        return show(invocation, here, definition, name);
    if (verb == u"delete") {
        const Status gone = deletePreset(here.connection(), here.session(), definition, name);
        return gone ? int(kDone) : invocation.fail(gone.error());
    }
    const auto preset = verb == u"apply"
                            ? findPreset(here.connection(), here.session(), definition, name)
                            : Result<SettingsPreset>(SettingsPreset());
    if (!preset)
        return invocation.fail(preset.error());
    if (const int code = openBench(station, invocation, nickname, &here); code != kDone)
        return code;
    return verb == u"save" ? save(invocation, here, nickname, name)
                           : applySettings(invocation, here, nickname, preset.value().settings);
}

int lastInstrumentSettings(const Station &station, const Invocation &invocation,
                           const QStringList &arguments)
{
    if (arguments.size() != 1)
        return invocation.usage(tr("Write it as: last-settings NICKNAME [--apply]."));
    const QString nickname = arguments[0];
    Here here;
    if (const int code = openFiles(station, invocation, nickname, &here); code != kDone)
        return code;
    InstrumentAtStation who;
    who.station = stationName(*here.data, here.file);
    who.nickname = nickname;
    const bool isApplied = invocation.isSet(u"apply"_s);
    if (isApplied) {
        if (const int code = openBench(station, invocation, nickname, &here); code != kDone)
            return code;
        who = here.journal->instrument(nickname); // as it has answered
    }
    const auto last = lastSettings(here.connection(), here.session(), who);
    if (!last)
        return invocation.fail(last.error());
    if (isApplied)
        return applySettings(invocation, here, nickname, last.value().settings);
    if (invocation.isJson) {
        invocation.printJson({{u"nickname"_s, nickname},
                              {u"time"_s, isoTime(last.value().atUs)},
                              {u"station"_s, last.value().station},
                              {u"settings"_s, last.value().settings.values}});
        return kDone;
    }
    invocation.note(
        tr("As it was left at %1 on %2:").arg(isoTime(last.value().atUs), last.value().station));
    printValues(invocation, last.value().settings);
    return kDone;
}

} // namespace birch::cli
