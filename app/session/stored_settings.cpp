#include "app/session/stored_settings.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/instruments/instrument_registry.h"
#include "core/store/store_json.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMost = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("StoredSettings", text);
}

EntityRepository presets(Connection &connection)
{
    return EntityRepository(connection, *entityByTable(u"instrument_presets"_s));
}

SettingsPreset presetFrom(const EntityRecord &record)
{
    SettingsPreset preset;
    preset.uid = record.uid;
    preset.name = record.text(u"name"_s);
    preset.definition = record.text(u"definition"_s);
    preset.settings.values = record.values.value(u"settings"_s).toJsonValue().toObject();
    preset.settings.facts = record.values.value(u"facts"_s).toJsonValue().toObject();
    preset.notes = record.text(u"notes"_s);
    preset.createdBy = record.createdBy;
    preset.updatedUs = record.updatedUs;
    return preset;
}
} // namespace

StoredSettings StoredSettings::fromJson(const QJsonObject &json)
{
    return {json[u"settings"_s].toObject(), json[u"facts"_s].toObject()};
}

SettingsSnapshot StoredSettings::snapshot(const QString &nickname) const
{
    return {{{nickname, values}}, {{nickname, facts}}};
}

StoredSettings presentSettings(const InstrumentSpec &spec, const QVariantMap &snapshot)
{
    StoredSettings present{QJsonObject::fromVariantMap(snapshot), instrumentFacts(spec, {})};
    present.values.remove(u"_errors"_s);
    for (const ParameterSpec &parameter : spec.parameters) {
        if (parameter.isReadOnly || parameter.isSecret)
            present.values.remove(parameter.key);
    }
    return present;
}

Result<QList<SettingsPreset>> settingsPresets(Connection &connection, const Session &session,
                                              const QString &definition)
{
    EntityFilter filter;
    if (!definition.isEmpty())
        filter.equal.insert(u"definition"_s, definition);
    filter.sort = u"name"_s;
    filter.perPage = kMost;
    const auto page = presets(connection).list(session, filter);
    if (!page)
        return page.error();
    QList<SettingsPreset> found;
    for (const EntityRecord &record : page.value().records)
        found.append(presetFrom(record));
    return found;
}

Result<SettingsPreset> findPreset(Connection &connection, const Session &session,
                                  const QString &definition, const QString &name)
{
    const auto all = settingsPresets(connection, session, definition);
    if (!all)
        return all.error();
    QStringList names;
    for (const SettingsPreset &preset : all.value()) {
        if (preset.name == name || preset.uid == name)
            return preset;
        names << preset.name;
    }
    return Error{ErrorCode::NotFound,
                 names.isEmpty() ? tr("There is no preset of %1; save one first").arg(definition)
                                 : tr("There is no preset \"%1\" of %2; there are: %3")
                                       .arg(name, definition, names.join(u", "_s))};
}

Result<SettingsPreset> savePreset(Connection &connection, const Session &session,
                                  const SettingsPreset &preset, bool mayReplace)
{
    if (preset.name.trimmed().isEmpty() || preset.settings.values.isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("A preset needs a name and at least one setting; give it both")};
    QVariantMap values{{u"settings"_s, QVariant::fromValue(QJsonValue(preset.settings.values))},
                       {u"facts"_s, QVariant::fromValue(QJsonValue(preset.settings.facts))}};
    if (!preset.notes.isEmpty())
        values.insert(u"notes"_s, preset.notes);
    EntityRepository repository = presets(connection);
    const auto known = findPreset(connection, session, preset.definition, preset.name);
    if (!known && known.error().code != ErrorCode::NotFound)
        return known.error();
    if (known && !mayReplace)
        return Error{
            ErrorCode::Conflict,
            tr("There is a preset \"%1\" of %2 already; choose another name, or replace it")
                .arg(preset.name, preset.definition)};
    if (known) {
        const auto record = repository.find(session, known.value().uid);
        if (!record)
            return record.error();
        const auto saved =
            repository.update(session, known.value().uid, values, record.value().revision);
        return saved ? Result<SettingsPreset>(presetFrom(saved.value())) : saved.error();
    }
    values.insert(u"name"_s, preset.name.trimmed());
    values.insert(u"definition"_s, preset.definition);
    const auto saved = repository.insert(session, values);
    return saved ? Result<SettingsPreset>(presetFrom(saved.value())) : saved.error();
}

Status deletePreset(Connection &connection, const Session &session, const QString &definition,
                    const QString &name)
{
    const auto known = findPreset(connection, session, definition, name);
    if (!known)
        return known.error();
    EntityRepository repository = presets(connection);
    // Its name shall be free again while it lies in the trash.
    const auto record = repository.find(session, known.value().uid);
    if (!record)
        return record.error();
    const auto renamed = repository.update(
        session, known.value().uid,
        {{u"name"_s, known.value().name + u" ("_s + known.value().uid.right(8) + u')'}},
        record.value().revision);
    if (!renamed)
        return renamed.error();
    const auto gone = repository.setTrashed(session, known.value().uid, true);
    return gone ? ok() : Status(gone.error());
}

Result<LastSettings> lastSettings(Connection &connection, const Session &session,
                                  const InstrumentAtStation &who)
{
    const Visibility visible = visibleRows(placeRule(u"instruments"_s), session, u"t"_s);
    const bool hasSerial = !who.serialNumber.isEmpty();
    const QString which =
        hasSerial ? u"lower(t.serial_number) = lower(?) AND lower(COALESCE(t.model, '')) = "
                    "lower(?)"_s
                  : u"s.name = ? AND b.nickname = ? AND b.is_primary"_s;
    const auto row = connection.firstRow(
        u"SELECT b.last_settings, b.last_settings_at, s.name FROM instrument_bindings b JOIN "
        "instruments t ON t.id = b.instrument_id JOIN stations s ON s.id = b.station_id WHERE "
        "b.last_settings_at IS NOT NULL AND "_s +
            which + (visible.sql.isEmpty() ? QString() : u" AND "_s + visible.sql) +
            u" ORDER BY b.last_settings_at DESC LIMIT 1"_s,
        QVariantList{hasSerial ? who.serialNumber : who.station,
                     hasSerial ? who.model : who.nickname} +
            visible.values);
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound,
                     tr("It is not known how %1 was left; its settings are kept at the end of each "
                        "scan, and when it is disconnected")
                         .arg(who.nickname)};
    const QVariantList &found = *row.value();
    return LastSettings{StoredSettings::fromJson(jsonObject(found[0].toString())),
                        found[1].toLongLong(), found[2].toString()};
}

} // namespace birch
