#include "app/cli/instrument_verbs.h"

#include "app/session/resource_paths.h"
#include "app/session/workstation.h"
#include "core/base/iso_time.h"
#include "core/store/instruments/instrument_history.h"

#include <QCoreApplication>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

QJsonObject toJson(const InstrumentHistoryEntry &entry)
{
    return {{u"time"_s, isoTime(entry.atUs)}, {u"event"_s, entry.event},
            {u"fault"_s, entry.fault},          {u"attempt"_s, entry.attempt},
            {u"reason"_s, entry.reason},        {u"station"_s, entry.station},
            {u"nickname"_s, entry.nickname},    {u"serial_number"_s, entry.serialNumber}};
}

QString toLine(const InstrumentHistoryEntry &entry)
{
    QString what = entry.event;
    if (entry.fault != u"none")
        what += u' ' + entry.fault;
    if (entry.attempt > 0)
        what += u' ' + QString::number(entry.attempt);
    return u"%1  %2 %3  %4"_s.arg(isoTime(entry.atUs))
        .arg(what, -24)
        .arg(entry.serialNumber, -12)
        .arg(entry.reason);
}

} // namespace

int instrumentStatus(const Station &station, const Invocation &invocation,
                     const QStringList &arguments)
{
    if (arguments.size() != 1)
        return invocation.usage(
            tr("Write it as: status NICKNAME [--history] [--since 2026-05-31]."));
    qint64 sinceUs = 0;
    if (invocation.isSet(u"since"_s)) {
        const auto since = timeFromIso(invocation.value(u"since"_s));
        if (!since)
            return invocation.usage(tr("--since takes a time, e.g. 2026-05-31 or "
                                       "2026-05-31T12:00:00Z."));
        sinceUs = *since;
    }
    const BenchLoad bench = loadBench(station.benchFile(), definitionFolders());
    if (!bench.bench)
        return invocation.fail(bench.problems);
    const auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const int most = invocation.isSet(u"history"_s) ? 100'000 : 1;
    const auto history =
        instrumentHistory(data.value()->connection(), data.value()->session(),
                          stationName(*data.value(), *bench.bench), arguments[0], sinceUs, most);
    if (!history)
        return invocation.fail(history.error());
    QJsonArray entries;
    for (auto entry = history.value().crbegin(); entry != history.value().crend(); ++entry) {
        entries.append(toJson(*entry));
        if (!invocation.isJson)
            invocation.print(toLine(*entry));
    }
    if (invocation.isJson)
        invocation.printJson({{u"nickname"_s, arguments[0]}, {u"history"_s, entries}});
    else if (entries.isEmpty())
        invocation.note(tr("Nothing is known of %1 yet: it is noted whenever it is connected, by a "
                           "scan or in the window.")
                            .arg(arguments[0]));
    return kDone;
}

} // namespace birch::cli
