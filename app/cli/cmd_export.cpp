#include "app/cli/commands.h"
#include "app/cli/station_setup.h"
#include "app/session/termination.h"
#include "core/exchange/scan_export.h"
#include "core/exchange/stored_scan_source.h"
#include "core/plan/did_you_mean.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// Percent on stderr where a person watches; lets signals stop the export in between.
ExportProgress::Told progressNote(const Invocation &invocation)
{
    if (!::isatty(STDERR_FILENO))
        return [](qint64, qint64) { QCoreApplication::processEvents(); };
    return [&invocation, shown = qint64(-1)](qint64 done, qint64 total) mutable {
        QCoreApplication::processEvents();
        const qint64 percent = total > 0 ? done * 100 / total : 100;
        if (percent / 10 != shown / 10 || shown < 0)
            invocation.note(u"%1 %"_s.arg(percent));
        shown = percent;
    };
}

int exportOne(const Invocation &invocation)
{
    if (invocation.arguments().size() != 1)
        return invocation.usage(tr("Give one scan: its id, its uid or the beginning of its uid."));
    const QString name = invocation.value(u"format"_s);
    const auto format = exportFormatFromName(name);
    if (!format)
        return invocation.usage(tr("--format is csv, hdf5 or json, not \"%1\". %2")
                                    .arg(name, didYouMean(name, {u"csv"_s, u"hdf5"_s, u"json"_s})));
    if (invocation.value(u"output"_s).isEmpty())
        return invocation.usage(tr("Say with --output where to."));
    const Station station(invocation);
    auto data = station.openData();
    if (!data)
        return invocation.fail(data.error());
    const auto source = StoredScanSource::open(data.value()->connection(), data.value()->session(),
                                               invocation.arguments().first());
    if (!source)
        return invocation.fail(source.error());
    std::stop_source stop;
    Termination termination;
    QObject::connect(&termination, &Termination::requested, &termination,
                     [&stop](int) { stop.request_stop(); });
    const auto files =
        exportScan(*source.value(), {.format = *format,
                                     .path = invocation.value(u"output"_s),
                                     .measurement = invocation.value(u"measurement"_s),
                                     .progress = progressNote(invocation),
                                     .stop = stop.get_token()});
    if (!files)
        return invocation.fail(files.error());
    if (invocation.isJson) {
        invocation.printJson({{u"scan_id"_s, source.value()->scan().scanId},
                              {u"format"_s, exportFormatName(*format)},
                              {u"files"_s, QJsonArray::fromStringList(files.value())}});
        return kDone;
    }
    for (const QString &file : files.value())
        invocation.print(file);
    return kDone;
}

} // namespace

Command exportCommand()
{
    return {
        .name = u"export"_s,
        .summary = tr("Write a scan to CSV, HDF5 (NeXus) or JSON files."),
        .synopsis = u"SCAN"_s,
        .help = tr("CSV: one file per measurement, in a folder where there are several, and a "
                   "JSON file with everything else beside it. Prints the files. What stood at "
                   "PATH is replaced once the new file is complete."),
        .options = {{u"format"_s, tr("csv, hdf5 or json (default: csv)."), u"FORMAT"_s, u"csv"_s},
                    {u"output"_s, tr("File or folder to write."), u"PATH"_s},
                    {u"measurement"_s, tr("Only this measurement."), u"M"_s}},
        .run = exportOne};
}

} // namespace birch::cli
