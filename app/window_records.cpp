#include "app/window_records.h"

#include "app/session/calibration_check.h"
#include "app/session/stored_settings.h"
#include "core/store/instruments/instrument_history.h"

#include <QDateTime>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

constexpr int kMostLines = 300;

ConnectionLine lineOf(const InstrumentHistoryEntry &entry)
{
    ConnectionLine line;
    line.atUs = entry.atUs;
    line.what = entry.event;
    line.isFault = entry.event == u"fault";
    if (!entry.fault.isEmpty() && entry.fault != u"none")
        line.what += u": "_s + entry.fault;
    if (entry.attempt > 0)
        line.what += u" #%1"_s.arg(entry.attempt);
    line.what.replace(u'_', u' ');
    line.reason = entry.reason;
    return line;
}

} // namespace

WindowRecords::WindowRecords(Workstation &station, StoreReader &reader)
    : m_station(station)
    , m_reader(reader)
{
    connect(&station.journal(), &InstrumentJournal::changed, this,
            [this](const QString &nickname) { m_noted.insert(nickname); });
    connect(&station.journal(), &InstrumentJournal::written, this, [this] {
        // Never emptied: what was noted last may be in a later write than this one.
        for (const QString &nickname : std::as_const(m_noted))
            emit historyChanged(nickname);
    });
}

QString WindowRecords::definitionOf(const QString &nickname) const
{
    const InstrumentHost *host = m_station.bench().bench().find(nickname);
    return host ? host->spec().definitionId : QString();
}

void WindowRecords::history(const QString &nickname, QObject *context,
                            Reply<QList<ConnectionLine>> reply)
{
    using Lines = QList<ConnectionLine>;
    m_reader.ask<Lines>(
        [station = m_station.station(), nickname](Connection &connection,
                                                  const Session &session) -> Result<Lines> {
            const auto entries =
                instrumentHistory(connection, session, station, nickname, 0, kMostLines);
            if (!entries)
                return entries.error();
            Lines lines;
            for (const InstrumentHistoryEntry &entry : entries.value())
                lines.append(lineOf(entry));
            return lines;
        },
        context, std::move(reply));
}

void WindowRecords::presets(const QString &nickname, QObject *context, Reply<QStringList> reply)
{
    m_reader.ask<QStringList>(
        [definition = definitionOf(nickname)](Connection &connection,
                                              const Session &session) -> Result<QStringList> {
            const auto presets = settingsPresets(connection, session, definition);
            if (!presets)
                return presets.error();
            QStringList names;
            for (const SettingsPreset &preset : presets.value())
                names.append(preset.name);
            return names;
        },
        context, std::move(reply));
}

void WindowRecords::settings(const QString &nickname, const QString &preset, QObject *context,
                             Reply<KnownSettings> reply)
{
    m_reader.ask<KnownSettings>(
        [definition = definitionOf(nickname), who = m_station.journal().instrument(nickname),
         preset](Connection &connection, const Session &session) -> Result<KnownSettings> {
            if (!preset.isEmpty()) {
                const auto found = findPreset(connection, session, definition, preset);
                if (!found)
                    return found.error();
                return KnownSettings{tr("preset %1").arg(preset), found.value().settings.values};
            }
            const auto last = lastSettings(connection, session, who);
            if (!last)
                return last.error();
            const auto when = QDateTime::fromMSecsSinceEpoch(last.value().atUs / 1000);
            return KnownSettings{
                tr("how it was left at %1").arg(when.toString(u"yyyy-MM-dd HH:mm"_s)),
                last.value().settings.values};
        },
        context, std::move(reply));
}

void WindowRecords::savePreset(const QString &nickname, const QString &name,
                               const QVariantMap &values, bool mayReplace, QObject *context,
                               Reply<std::monostate> reply)
{
    const InstrumentHost *host = m_station.bench().bench().find(nickname);
    if (!host)
        return;
    SettingsPreset preset;
    preset.name = name;
    preset.definition = host->spec().definitionId;
    preset.settings = presentSettings(host->spec(), values);
    m_reader.ask<std::monostate>(
        [preset, mayReplace](Connection &connection,
                             const Session &session) -> Result<std::monostate> {
            const auto saved = birch::savePreset(connection, session, preset, mayReplace);
            if (!saved)
                return saved.error();
            return std::monostate();
        },
        context, std::move(reply));
}

void WindowRecords::calibrationWarnings(const QStringList &nicknames, QObject *context,
                                        std::function<void(const Problems &)> reply)
{
    const BenchSpecs specs = m_station.bench().specs();
    const QDate today = QDate::currentDate();
    m_reader.ask<Problems>(
        [=, station = m_station.station()](Connection &connection, const Session &session) {
            return storedCalibrationWarnings(connection, session, station, nicknames, specs, today);
        },
        context,
        [=](const Result<Problems> &stored) {
            Problems warnings = birch::calibrationWarnings(nicknames, specs, today);
            if (stored)
                warnings += stored.value();
            reply(warnings);
        });
}

void WindowRecords::closeInstrument(const QString &nickname)
{
    if (InstrumentHost *host = m_station.bench().bench().find(nickname))
        m_station.journal().disconnectInstrument(*host);
}

} // namespace birch
