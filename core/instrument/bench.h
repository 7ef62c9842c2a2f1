#pragma once

#include "core/base/definition_text.h"
#include "core/instrument/instrument_host.h"

#include <map>

namespace birch {

/// The instruments of one station by nickname: what plans are compiled against and the engine runs
/// on. Owns the hosts; belongs to the composition root, outlives engine and panels.
class Bench
{
public:
    Status add(std::unique_ptr<InstrumentHost> host);    ///< Conflict: the nickname is taken
    InstrumentHost *find(const QString &nickname) const; ///< null: none
    QList<InstrumentHost *> hosts() const;               ///< ordered by nickname

    QString name;
    QString file;       ///< path it was read from
    QByteArray text;    ///< of that file; empty: of none
    QByteArray version; ///< SHA-256 of the text, lower-case hex
    /// By nickname: its own text first, then what it extends in turn.
    QMap<QString, QList<DefinitionText>> definitions;

private:
    std::map<QString, std::unique_ptr<InstrumentHost>> m_hosts;
};

} // namespace birch
