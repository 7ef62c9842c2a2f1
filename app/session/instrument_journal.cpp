#include "app/session/instrument_journal.h"

#include "app/session/stored_settings.h"
#include "core/store/store_time.h"

#include <mutex>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr std::chrono::seconds kPollTimeout{2};
constexpr std::chrono::seconds kSnapshotTimeout{5};
} // namespace

/// Hears of them on the engine's thread.
class InstrumentJournal::ScanEnds final : public RunObserver
{
public:
    explicit ScanEnds(InstrumentJournal *journal)
        : m_journal(journal)
    {
    }
    void endSettings(const QUuid &, const QJsonObject &settings) override
    {
        QMetaObject::invokeMethod(
            m_journal,
            [journal = m_journal, settings] {
                for (auto one = settings.begin(); one != settings.end(); ++one)
                    journal->keepSettings(one.key(), one.value().toObject());
            },
            Qt::QueuedConnection);
    }

private:
    InstrumentJournal *m_journal;
};

InstrumentJournal::InstrumentJournal(StationBench &bench, JournalWriter::Place place,
                                     std::chrono::milliseconds interval)
    : m_bench(bench)
    , m_station(place.station)
    , m_scanEnds(std::make_unique<ScanEnds>(this))
    , m_writer(new JournalWriter(place))
{
    m_thread.setObjectName(u"journal"_s);
    m_writer->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_writer, &QObject::deleteLater);
    connect(m_writer, &JournalWriter::written, this, &InstrumentJournal::written);
    connect(m_writer, &JournalWriter::problemChanged, this, &InstrumentJournal::problemChanged);
    m_thread.start(QThread::LowPriority);
    QMetaObject::invokeMethod(m_writer, &JournalWriter::begin, Qt::QueuedConnection);
    for (InstrumentHost *host : bench.bench().hosts())
        follow(host);
    connect(&bench.bench(), &Bench::hostAdded, this, &InstrumentJournal::follow);
    connect(&bench.bench(), &Bench::hostRetired, this,
            [this](InstrumentHost *host) { leave(*host, tr("It left the bench")); });
    m_timer.callOnTimeout(this, &InstrumentJournal::poll);
    if (interval.count() > 0)
        m_timer.start(interval);
}

/// Known by what the bench says of it until it answers.
void InstrumentJournal::follow(InstrumentHost *host)
{
    InstrumentAtStation known;
    known.manufacturer = host->spec().manufacturer;
    known.model = host->spec().model;
    known.station = m_station;
    known.nickname = host->nickname();
    // Simulated ones listen somewhere else each time.
    known.address = m_bench.addressInFile(host->nickname());
    known.definition = host->spec().definitionId;
    m_instruments.insert(host->nickname(), known);
    connect(host, &InstrumentHost::connectionNoted, this,
            [this, host](const ConnectionEvent &event) { note(*host, event); });
}

InstrumentJournal::~InstrumentJournal()
{
    for (InstrumentHost *host : m_bench.bench().hosts())
        leave(*host, tr("The program ends"));
    QMetaObject::invokeMethod(
        m_writer,
        [writer = m_writer, thread = &m_thread] {
            writer->end();
            thread->quit();
        },
        Qt::QueuedConnection);
    m_thread.wait();
}

void InstrumentJournal::leave(InstrumentHost &host, const QString &reason)
{
    host.disconnect(this);
    if (host.connectionState() == ConnectionState::Closed)
        return;
    ConnectionEvent event;
    event.step = ConnectionStep::Offline;
    event.atUs = nowUs();
    event.reason = reason;
    note(host, event);
}

RunObserver &InstrumentJournal::observer()
{
    return *m_scanEnds;
}

InstrumentAtStation InstrumentJournal::instrument(const QString &nickname) const
{
    return m_instruments.value(nickname);
}

void InstrumentJournal::note(InstrumentHost &host, const ConnectionEvent &event)
{
    InstrumentAtStation &known = m_instruments[host.nickname()];
    if (!event.identity.isEmpty())
        known = identified(known, host.spec(), event.identity);
    add(journalEntry(known, event));
    emit changed(host.nickname(), event);
}

void InstrumentJournal::add(const JournalEntry &entry)
{
    QMetaObject::invokeMethod(
        m_writer, [writer = m_writer, entry] { writer->add(entry); }, Qt::QueuedConnection);
}

void InstrumentJournal::keepSettings(const QString &nickname, const QJsonObject &settings)
{
    const InstrumentHost *host = m_bench.bench().find(nickname);
    if (!host)
        return;
    const StoredSettings present = presentSettings(host->spec(), settings.toVariantMap());
    if (present.values.isEmpty())
        return;
    JournalEntry entry;
    entry.instrument = m_instruments.value(nickname);
    entry.change.atUs = nowUs();
    entry.change.station = entry.instrument.station;
    entry.change.nickname = nickname;
    entry.settings = present.toJson();
    add(entry);
}

void InstrumentJournal::disconnectInstrument(InstrumentHost &host)
{
    if (host.connectionState() != ConnectionState::Open)
        return host.close();
    host.snapshot(Priority::Panel, kSnapshotTimeout, this,
                  [this, &host](const Result<QVariantMap> &settings) {
                      if (settings)
                          keepSettings(host.nickname(),
                                       QJsonObject::fromVariantMap(settings.value()));
                      host.close();
                  });
}

void InstrumentJournal::poll()
{
    for (InstrumentHost *host : m_bench.bench().hosts()) {
        const ConnectionState state = host->connectionState();
        const QString nickname = host->nickname();
        const bool isConnected = state == ConnectionState::Open || state == ConnectionState::Lost;
        if (!isConnected || !host->leaseOwner().isEmpty() || m_polled.contains(nickname))
            continue;
        m_polled.insert(nickname);
        host->poll(kPollTimeout, this,
                   [this, nickname](const Status &) { m_polled.remove(nickname); });
    }
}

} // namespace birch
