#pragma once

#include "app/session/journal_entry.h"
#include "app/session/journal_writer.h"
#include "app/session/station_bench.h"
#include "core/data/run_observer.h"

#include <QThread>
#include <QTimer>

namespace birch {

/// What becomes of the instruments of a bench, into the database: every change of a connection,
/// who answered where, and the settings they were left with. Nothing of it delays an instrument or
/// the window: entries are passed to a thread of its own, which waits for a database that is away.
///
/// Also asks idle instruments now and then whether they are there, so that one that was switched
/// off is noticed. Main thread, that of the hosts; the bench outlives this.
///
/// Read it with instrumentHistory() (core/store/instruments/instrument_history.h), on a reader
/// thread, e.g. after written(); follow changes as they come with changed().
class InstrumentJournal : public QObject
{
    Q_OBJECT
public:
    /// \a interval: how often idle instruments are asked; 0: never.
    InstrumentJournal(StationBench &bench, JournalWriter::Place place,
                      std::chrono::milliseconds interval);
    /// Notes that what is connected goes offline; writes what waits (blocks, as long as the
    /// database takes for one attempt).
    ~InstrumentJournal() override;

    /// To be told of scans: keeps the settings that they end with. Called on the engine's thread.
    RunObserver &observer();

    /// Reads the settings of an instrument once more, keeps them, and closes it: instead of
    /// InstrumentHost::close() where somebody disconnects it.
    void disconnectInstrument(InstrumentHost &host);
    /// Settings as InstrumentHost::snapshot() answers them.
    void keepSettings(const QString &nickname, const QJsonObject &settings);
    /// Who it is, as far as it has answered; of the bench otherwise.
    InstrumentAtStation instrument(const QString &nickname) const;

signals:
    void changed(const QString &nickname, const birch::ConnectionEvent &event);
    void written(); ///< all that was noted so far is in the database
    void problemChanged(const QString &problem);

private:
    class ScanEnds;

    void follow(InstrumentHost *host);
    void leave(InstrumentHost &host, const QString &reason); ///< the last that is noted of it
    void note(InstrumentHost &host, const ConnectionEvent &event);
    void add(const JournalEntry &entry);
    void poll();

    StationBench &m_bench;
    const QString m_station; ///< name
    QMap<QString, InstrumentAtStation> m_instruments;
    QSet<QString> m_polled; ///< not yet answered
    std::unique_ptr<ScanEnds> m_scanEnds;
    QTimer m_timer;
    QThread m_thread;
    JournalWriter *m_writer; ///< lives there, deleted as it ends
};

} // namespace birch
