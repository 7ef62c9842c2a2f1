#pragma once

#include "drivers/definition/definition.h"
#include "drivers/discovery/discovery_options.h"
#include "drivers/discovery/found_instrument.h"

#include <QObject>

#include <memory>
#include <stop_token>

class QThread;

namespace birch {

/// Looks for instruments on the network and at serial ports, for a limited time. A thread of its
/// own does it all: nothing here blocks the one that it belongs to, where the signals arrive, but
/// its end, by 200 ms at most.
///
/// Nothing is set anywhere: network addresses are asked "*IDN?" if the options say so, serial ports
/// only if they say so for them.
class DiscoverySearch : public QObject
{
    Q_OBJECT
public:
    DiscoverySearch(DiscoveryOptions options, QList<DefinitionPtr> definitions,
                    QObject *parent = nullptr);
    ~DiscoverySearch() override;

    void start(); ///< once
    void stop();  ///< finished() follows soon, with what was found until then

signals:
    /// One that is new, or of which more is known now: the same id then.
    void found(const birch::FoundInstrument &instrument);
    /// This one is another one that was found on another path.
    void gone(int id);
    /// Exactly once after start(). \a notes: what could not be done, for people.
    void finished(const QStringList &notes);

private:
    DiscoveryOptions m_options;
    const QList<DefinitionPtr> m_definitions;
    std::stop_source m_stop;
    std::unique_ptr<QThread> m_thread;
};

} // namespace birch
