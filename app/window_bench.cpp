#include "app/window_bench.h"

#include "app/bench_form.h"
#include "app/session/bench_change.h"
#include "app/session/resource_paths.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/discovery/address_range.h"
#include "drivers/discovery/discovery_search.h"
#include "drivers/transport/trace_text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QPointer>
#include <QThreadPool>

using namespace Qt::StringLiterals;

namespace birch {

WindowBench::WindowBench(Workstation &station, StoreReader &reader, DiscoveryOptions discovery)
    : m_station(station)
    , m_records(station, reader)
    , m_discovery(std::move(discovery))
{
}

WindowBench::~WindowBench() = default;

QMap<QString, QString> WindowBench::addresses() const
{
    return m_station.bench().addresses();
}

/// A simulated bench has no place for instruments that are there: the person's own one does.
bool WindowBench::isChangedElsewhere() const
{
    return m_station.bench().file().isSimulated;
}

QString WindowBench::file() const
{
    if (!isChangedElsewhere())
        return m_station.bench().file().path;
    return ownBenchFile();
}

QString WindowBench::fileNote() const
{
    if (!isChangedElsewhere())
        return {};
    return tr("This bench is simulated, so what you add goes to %1. Start Birch again with "
              "--bench %1 to work with it.")
        .arg(file());
}

const QList<DefinitionPtr> &WindowBench::library() const
{
    if (m_library.isEmpty()) {
        Problems ignored; // a broken one is told of by whoever uses it
        m_library = loadDefinitions(
            QStringList{QFileInfo(file()).absolutePath()} + definitionFolders(), &ignored);
    }
    return m_library;
}

QStringList WindowBench::definitions() const
{
    QStringList ids;
    for (const DefinitionPtr &definition : library())
        ids.append(definition->spec.definitionId);
    ids.sort();
    return ids;
}

FoundRow WindowBench::rowOf(const FoundInstrument &found) const
{
    FoundRow row;
    row.id = found.id;
    row.address = found.addresses.value(0);
    row.others = found.addresses.mid(1);
    row.who = found.identity.isEmpty() ? (found.manufacturer + u' ' + found.model).trimmed()
                                       : found.identity;
    if (row.who.isEmpty())
        row.who = found.name;
    row.definition = found.definition;
    row.problem = found.problem;
    if (isChangedElsewhere())
        return row;
    for (const BenchEntry &entry : m_station.bench().file().entries) {
        if (found.addresses.contains(entry.address))
            row.nickname = entry.nickname;
        else if (entry.spec.definitionId == found.definition)
            row.candidates.append(entry.nickname);
    }
    return row;
}

Problems WindowBench::search(const SearchWish &wish)
{
    DiscoveryOptions options = m_discovery;
    options.identifiesSerial = wish.asksSerial;
    if (!wish.range.isEmpty()) {
        auto hosts = hostsInRange(wish.range);
        if (!hosts)
            return {Problem{.field = tr("Range"), .message = hosts.error().message}};
        options.hosts = std::move(hosts).value();
        options.limit *= 2; // what is asked one by one takes longer
    }
    m_search = std::make_unique<DiscoverySearch>(std::move(options), library());
    connect(m_search.get(), &DiscoverySearch::found, this,
            [this](const FoundInstrument &one) { emit found(rowOf(one)); });
    connect(m_search.get(), &DiscoverySearch::gone, this, &BenchPort::gone);
    connect(m_search.get(), &DiscoverySearch::finished, this, &BenchPort::searchEnded);
    m_search->start();
    return {};
}

void WindowBench::stopSearch()
{
    if (m_search)
        m_search->stop();
}

void WindowBench::write(std::function<Problems()> edit, QObject *context, Reply reply)
{
    const auto done = [self = QPointer(this), context = QPointer(context),
                       reply = std::move(reply)](Problems problems) {
        if (!self)
            return;
        if (problems.isEmpty() && !self->isChangedElsewhere())
            problems = self->reload();
        if (context)
            reply(problems);
    };
    QThreadPool::globalInstance()->start([edit = std::move(edit), done] {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(), [done, problems = edit()] { done(problems); },
            Qt::QueuedConnection);
    });
}

void WindowBench::add(const NewInstrument &instrument, QObject *context, Reply reply)
{
    write(
        [file = file(), instrument] {
            return addToBench(file,
                              {instrument.nickname, instrument.definition, instrument.address})
                .problems;
        },
        context, std::move(reply));
}

void WindowBench::move(const QString &nickname, const QString &address, QObject *context,
                       Reply reply)
{
    write([file = file(), nickname,
           address] { return moveInBench(file, nickname, address).problems; },
          context, std::move(reply));
}

InstrumentForm WindowBench::form(const QString &nickname) const
{
    const BenchEntry *entry = m_station.bench().file().find(nickname);
    return entry ? formOf(*entry) : InstrumentForm();
}

void WindowBench::change(const InstrumentForm &before, const InstrumentForm &now, QObject *context,
                         Reply reply)
{
    write(
        [file = file(), edits = benchEdits(before, now)] {
            return edits.isEmpty() ? Problems() : changeBench(file, edits).problems;
        },
        context, std::move(reply));
}

void WindowBench::remove(const QString &nickname, QObject *context, Reply reply)
{
    const BenchEdit edit = [nickname](const QByteArray &text) {
        return withoutInstrument(text, nickname);
    };
    write([file = file(), edit] { return changeBench(file, {edit}).problems; }, context,
          std::move(reply));
}

Problems WindowBench::reload()
{
    Problems problems;
    const auto update = m_station.reloadBench(&problems);
    if (!update)
        return problems;
    QStringList said;
    for (const auto &[names, text] : {std::pair{update->added, tr("%1 joined the bench")},
                                      std::pair{update->changed, tr("%1 changed: connect again")},
                                      std::pair{update->removed, tr("%1 left the bench")}}) {
        if (!names.isEmpty())
            said.append(text.arg(names.join(u", "_s)));
    }
    emit benchChanged(said.isEmpty() ? tr("The bench file says nothing new") : said.join(u"; "_s));
    return {};
}

QList<TrafficLine> WindowBench::traffic(const QString &nickname, qint64 sinceNs) const
{
    const auto ring = m_station.bench().traces().ring(nickname);
    if (!ring)
        return {};
    QList<TrafficLine> lines;
    const LinkTrace trace = ring->snapshot(nickname, {});
    for (const TraceRecord &record : trace.records) {
        if (record.wall.count() > sinceNs)
            lines.append({record.wall.count(), QString::fromLatin1(traceEventText(record))});
    }
    return lines;
}

} // namespace birch
