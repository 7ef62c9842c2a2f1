#include "core/store/instruments/instrument_registry.h"

#include "core/store/entity/entity_repository.h"
#include "core/store/scan_place.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {

EntityRepository repository(Connection &connection, const QString &table)
{
    return EntityRepository(connection, *entityByTable(table));
}

QString linkOf(const QString &address)
{
    const QString scheme = address.left(4).toUpper();
    if (scheme == u"ASRL")
        return u"serial"_s;
    if (scheme == u"TCPI")
        return u"tcp"_s;
    if (scheme.startsWith(u"USB"))
        return u"usb"_s;
    return scheme == u"GPIB" ? u"gpib"_s : u"other"_s;
}

/// Two stations that meet the same new instrument at once make one row of it. SQLite lets one
/// write at a time anyway.
Status enterAlone(Connection &connection)
{
    if (!connection.dialect().isPostgres())
        return ok();
    return connection.select(u"SELECT pg_advisory_xact_lock(hashtext('birch instruments'))"_s, {},
                             [](const SqlRow &) {});
}

Status changeIfNeeded(Connection &connection, const Session &session, const QString &table,
                      qint64 row, const QVariantMap &wanted)
{
    EntityRepository records = repository(connection, table);
    const auto record = records.get(session, row);
    if (!record)
        return record.error();
    QVariantMap changes;
    for (auto value = wanted.begin(); value != wanted.end(); ++value) {
        if (record.value().values.value(value.key()) != value.value())
            changes.insert(value.key(), value.value());
    }
    if (changes.isEmpty())
        return ok();
    const auto changed = records.update(session, record.value().uid, changes,
                                        record.value().revision, Origin::Store);
    return changed ? ok() : Status(changed.error());
}

Result<qint64> firstId(const Result<std::optional<QVariantList>> &row)
{
    if (!row)
        return row.error();
    return row.value() ? row.value()->first().toLongLong() : qint64(0);
}

} // namespace

Result<qint64> InstrumentRegistry::enter(const InstrumentAtStation &instrument, qint64 connectedUs)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    if (Status alone = enterAlone(m_connection); !alone)
        return alone.error();
    const auto row = rowOf(instrument);
    if (!row)
        return row;
    if (Status bound = bind(row.value(), instrument, connectedUs); !bound)
        return bound.error();
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return row;
}

Result<qint64> InstrumentRegistry::rowOf(const InstrumentAtStation &instrument)
{
    const bool hasSerial = !instrument.serialNumber.isEmpty();
    auto row = hasSerial ? bySerial(instrument) : Result<qint64>(0);
    if (row && row.value() == 0)
        row = byNickname(instrument);
    if (!row)
        return row;
    if (row.value() == 0)
        return add(instrument);
    if (!hasSerial)
        return row;
    const Status done = complete(row.value(), instrument);
    return done ? row : Result<qint64>(done.error());
}

Result<qint64> InstrumentRegistry::bySerial(const InstrumentAtStation &instrument)
{
    const Visibility visible = visibleRows(placeRule(u"instruments"_s), m_session, u"t"_s);
    return firstId(m_connection.firstRow(
        u"SELECT t.id FROM instruments t WHERE lower(t.serial_number) = lower(?) AND "
        "lower(COALESCE(t.model, '')) = lower(?) AND lower(COALESCE(t.manufacturer, '')) = "
        "lower(?)"_s +
            (visible.sql.isEmpty() ? QString() : u" AND "_s + visible.sql) +
            u" ORDER BY CASE WHEN t.trashed_at IS NULL THEN 0 ELSE 1 END, t.id LIMIT 1"_s,
        QVariantList{instrument.serialNumber, instrument.model, instrument.manufacturer} +
            visible.values));
}

/// What is called so here; one that has answered with its serial number is no other instrument
/// than that, so only such as have none are for one that says it.
Result<qint64> InstrumentRegistry::byNickname(const InstrumentAtStation &instrument)
{
    const bool hasSerial = !instrument.serialNumber.isEmpty();
    return firstId(m_connection.firstRow(
        u"SELECT t.id FROM instruments t JOIN instrument_bindings b ON b.instrument_id = t.id JOIN "
        "stations s ON s.id = b.station_id WHERE s.name = ? AND b.nickname = ? AND b.is_primary "
        "AND COALESCE(b.definition, '') = ?"_s +
            (hasSerial ? u" AND COALESCE(t.serial_number, '') = ''"_s : QString()) +
            u" ORDER BY t.id LIMIT 1"_s,
        {instrument.station, instrument.nickname, instrument.definition}));
}

Result<qint64> InstrumentRegistry::add(const InstrumentAtStation &instrument)
{
    const QString which =
        instrument.serialNumber.isEmpty() ? instrument.nickname : instrument.serialNumber;
    const auto added = repository(m_connection, u"instruments"_s)
                           .insert(m_session,
                                   {{u"name"_s, QString(instrument.model + u' ' + which).trimmed()},
                                    {u"manufacturer"_s, instrument.manufacturer},
                                    {u"model"_s, instrument.model},
                                    {u"serial_number"_s, instrument.serialNumber}},
                                   {}, {.origin = Origin::Store});
    return added ? Result<qint64>(added.value().id) : added.error();
}

Status InstrumentRegistry::complete(qint64 row, const InstrumentAtStation &instrument)
{
    const auto known = repository(m_connection, u"instruments"_s).get(m_session, row);
    if (!known)
        return known.error();
    if (!known.value().text(u"serial_number"_s).isEmpty())
        return ok();
    QVariantMap changes{{u"serial_number"_s, instrument.serialNumber},
                        {u"manufacturer"_s, instrument.manufacturer},
                        {u"model"_s, instrument.model}};
    if (known.value().text(u"name"_s) ==
        known.value().text(u"model"_s) + u' ' + instrument.nickname) // as add() has called it
        changes.insert(u"name"_s, QString(instrument.model + u' ' + instrument.serialNumber));
    return changeIfNeeded(m_connection, m_session, u"instruments"_s, row, changes);
}

Status InstrumentRegistry::bind(qint64 row, const InstrumentAtStation &instrument,
                                qint64 connectedUs)
{
    const auto station = stationRow(m_connection, m_session, instrument.station);
    if (!station)
        return station.error();
    QList<qint64> others;
    if (Status read = m_connection.select(
            u"SELECT id FROM instrument_bindings WHERE station_id = ? AND nickname = ? AND "
            "instrument_id <> ? AND is_primary"_s,
            {station.value(), instrument.nickname, row},
            [&others](const SqlRow &found) { others.append(found.integer(0)); });
        !read)
        return read;
    for (const qint64 other : std::as_const(others)) {
        if (Status done = changeIfNeeded(m_connection, m_session, u"instrument_bindings"_s, other,
                                         {{u"is_primary"_s, false}});
            !done)
            return done;
    }
    QVariantMap values{{u"nickname"_s, instrument.nickname},
                       {u"address"_s, instrument.address},
                       {u"adapter_type"_s, linkOf(instrument.address)},
                       {u"definition"_s, instrument.definition},
                       {u"is_primary"_s, true}};
    if (connectedUs > 0)
        values.insert(u"last_connected_at"_s, connectedUs);
    const auto bound = firstId(m_connection.firstRow(
        u"SELECT id FROM instrument_bindings WHERE instrument_id = ? AND station_id = ?"_s,
        {row, station.value()}));
    if (!bound)
        return bound.error();
    if (bound.value() > 0)
        return changeIfNeeded(m_connection, m_session, u"instrument_bindings"_s, bound.value(),
                              values);
    const auto owner = repository(m_connection, u"instruments"_s).get(m_session, row);
    if (!owner)
        return owner.error();
    values.insert(u"instrument"_s, owner.value().uid);
    values.insert(u"station"_s, instrument.station);
    const auto added = repository(m_connection, u"instrument_bindings"_s)
                           .insert(m_session, values, {}, {.origin = Origin::Store});
    return added ? ok() : Status(added.error());
}

Status InstrumentRegistry::keepSettings(const InstrumentAtStation &instrument,
                                        const QJsonObject &settings, qint64 atUs)
{
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto row = enter(instrument, 0);
    if (!row)
        return row.error();
    const auto bound = firstId(m_connection.firstRow(
        u"SELECT b.id FROM instrument_bindings b JOIN stations s ON s.id = b.station_id WHERE "
        "b.instrument_id = ? AND s.name = ?"_s,
        {row.value(), instrument.station}));
    if (!bound)
        return bound.error();
    if (Status done =
            changeIfNeeded(m_connection, m_session, u"instrument_bindings"_s, bound.value(),
                           {{u"last_settings"_s, QVariant::fromValue(QJsonValue(settings))},
                            {u"last_settings_at"_s, atUs}});
        !done)
        return done;
    return transaction.value().commit();
}

} // namespace birch
