#pragma once

#include "core/base/result.h"
#include "core/instrument/connection_event.h"
#include "core/instrument/specs.h"
#include "core/store/instruments/instrument_history.h"
#include "core/store/instruments/instrument_registry.h"

namespace birch {

/// One thing to be remembered of an instrument: a change of its connection, or its settings.
struct JournalEntry {
    InstrumentAtStation instrument;
    InstrumentHistoryEntry change; ///< with settings: their time alone
    QJsonObject settings = {};     ///< as StoredSettings::toJson(); empty: none

    bool operator==(const JournalEntry &) const = default;
};

JournalEntry journalEntry(const InstrumentAtStation &instrument, const ConnectionEvent &event);

/// What an instrument that has answered \a identity is; manufacturer and model from \a spec where
/// the answer does not say them.
InstrumentAtStation identified(InstrumentAtStation instrument, const InstrumentSpec &spec,
                               const QString &identity);

/// Entries that wait for a database, as lines of JSON in one file. Blocks for the disk.
QByteArray journalText(const QList<JournalEntry> &entries);
/// What can not be read is left out.
QList<JournalEntry> journalFromText(const QByteArray &text);

} // namespace birch
