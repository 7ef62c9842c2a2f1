#include "app/session/journal_entry.h"

#include "drivers/discovery/identity.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

JournalEntry journalEntry(const InstrumentAtStation &instrument, const ConnectionEvent &event)
{
    InstrumentHistoryEntry change;
    change.atUs = event.atUs;
    change.event = connectionStepName(event.step);
    change.fault = connectionFaultName(event.fault);
    change.attempt = event.attempt;
    change.reason = event.reason;
    change.station = instrument.station;
    change.nickname = instrument.nickname;
    return {instrument, change};
}

InstrumentAtStation identified(InstrumentAtStation instrument, const InstrumentSpec &spec,
                               const QString &identity)
{
    const Identity answer = identityFrom(identity);
    // An answer to another question than *IDN? names neither.
    const bool saysModel = !answer.manufacturer.isEmpty() && !answer.model.isEmpty();
    instrument.manufacturer = saysModel ? answer.manufacturer : spec.manufacturer;
    instrument.model = saysModel ? answer.model : spec.model;
    instrument.serialNumber =
        saysModel && answer.hasSerialNumber() ? answer.serialNumber : QString();
    return instrument;
}

QByteArray journalText(const QList<JournalEntry> &entries)
{
    QByteArray text;
    for (const JournalEntry &entry : entries) {
        const InstrumentAtStation &who = entry.instrument;
        const InstrumentHistoryEntry &change = entry.change;
        const QJsonObject json{{u"manufacturer"_s, who.manufacturer},
                               {u"model"_s, who.model},
                               {u"serial_number"_s, who.serialNumber},
                               {u"station"_s, who.station},
                               {u"nickname"_s, who.nickname},
                               {u"address"_s, who.address},
                               {u"definition"_s, who.definition},
                               {u"at"_s, change.atUs},
                               {u"event"_s, change.event},
                               {u"fault"_s, change.fault},
                               {u"attempt"_s, change.attempt},
                               {u"reason"_s, change.reason},
                               {u"settings"_s, entry.settings}};
        text += QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n';
    }
    return text;
}

QList<JournalEntry> journalFromText(const QByteArray &text)
{
    QList<JournalEntry> entries;
    for (const QByteArray &line : text.split('\n')) {
        const QJsonObject json = QJsonDocument::fromJson(line).object();
        if (json[u"nickname"_s].toString().isEmpty() || json[u"station"_s].toString().isEmpty())
            continue;
        const auto word = [&json](const char16_t *key) {
            return json[QStringView(key)].toString();
        };
        JournalEntry entry;
        entry.instrument = {word(u"manufacturer"), word(u"model"),    word(u"serial_number"),
                            word(u"station"),      word(u"nickname"), word(u"address"),
                            word(u"definition")};
        // Through the names that are known: the database takes no others.
        entry.change = {json[u"at"_s].toInteger(),
                        connectionStepName(connectionStepFromName(word(u"event"))),
                        connectionFaultName(connectionFaultFromName(word(u"fault"))),
                        std::max(json[u"attempt"_s].toInt(), 0),
                        word(u"reason"),
                        word(u"station"),
                        word(u"nickname")};
        entry.settings = json[u"settings"_s].toObject();
        entries.append(entry);
    }
    return entries;
}

} // namespace birch
