#pragma once

#include "app/session/workstation.h"
#include "app/window_records.h"
#include "drivers/definition/definition.h"
#include "drivers/discovery/discovery_options.h"
#include "drivers/discovery/found_instrument.h"
#include "widgets/instruments/bench_port.h"

#include <memory>

namespace birch {

class DiscoverySearch;

/// The bench of a window's station. Files are changed on threads of the pool; what they say is
/// taken over on the thread of the window.
class WindowBench final : public BenchPort
{
    Q_OBJECT
public:
    /// Both outlive it. \a discovery: how it looks for instruments.
    WindowBench(Workstation &station, StoreReader &reader, DiscoveryOptions discovery = {});
    ~WindowBench() override;

    QMap<QString, QString> addresses() const override;
    QString file() const override;
    QString fileNote() const override;
    QStringList definitions() const override;
    Problems search(const SearchWish &wish) override;
    void stopSearch() override;
    void add(const NewInstrument &instrument, QObject *context, Reply reply) override;
    void move(const QString &nickname, const QString &address, QObject *context,
              Reply reply) override;
    InstrumentForm form(const QString &nickname) const override;
    void change(const InstrumentForm &before, const InstrumentForm &now, QObject *context,
                Reply reply) override;
    void remove(const QString &nickname, QObject *context, Reply reply) override;
    Problems reload() override;
    QList<TrafficLine> traffic(const QString &nickname, qint64 sinceNs) const override;
    InstrumentRecords &records() override { return m_records; }

private:
    FoundRow rowOf(const FoundInstrument &found) const;
    const QList<DefinitionPtr> &library() const;
    bool isChangedElsewhere() const;
    void write(std::function<Problems()> edit, QObject *context, Reply reply);

    Workstation &m_station;
    WindowRecords m_records;
    DiscoveryOptions m_discovery;
    mutable QList<DefinitionPtr> m_library; ///< read when it is first asked for
    std::unique_ptr<DiscoverySearch> m_search;
};

} // namespace birch
