#include "app/cli/commands.h"
#include "app/cli/import_tree.h"
#include "app/cli/station_setup.h"
#include "app/session/termination.h"
#include "core/exchange/import/file_import.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QTemporaryDir>

#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::cli {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birchctl", text);
}

/// What is going on, on stderr where a person watches; lets signals stop the import in between.
std::function<void(const QString &, qint64, qint64)> progressNote(const Invocation &invocation)
{
    if (!::isatty(STDERR_FILENO))
        return [](const QString &, qint64, qint64) { QCoreApplication::processEvents(); };
    return
        [&invocation, last = qint64(-1)](const QString &what, qint64 done, qint64 total) mutable {
            QCoreApplication::processEvents();
            const qint64 tenth = total > 0 ? done * 10 / total : 10;
            if (total >= 1000 && tenth != last)
                invocation.note(u"%1 %2 %"_s.arg(what).arg(tenth * 10));
            last = tenth;
        };
}

/// Where a dry run into a database that does not exist yet is tried.
class TrialDatabase
{
public:
    Result<std::unique_ptr<StationData>> open(const Station &station)
    {
        StationOptions options = station.options();
        options.database = m_folder.filePath(u"trial.db"_s);
        return StationData::open(options, station.settings());
    }

    /// True where \a station's database would have to be made first.
    static bool isNeeded(const Station &station)
    {
        const auto url = StationData::databaseUrl(station.options(), station.settings());
        return url && url.value().engine() == Engine::Sqlite &&
               !QFileInfo::exists(url.value().path());
    }

private:
    QTemporaryDir m_folder;
};

FileImportOptions optionsOf(const Invocation &invocation)
{
    FileImportOptions options;
    options.common.isDryRun = invocation.isSet(u"dry-run"_s);
    options.common.filesFolder = invocation.value(u"files"_s);
    options.common.told = progressNote(invocation);
    options.entity = invocation.value(u"as"_s);
    options.lab = invocation.value(u"lab"_s);
    options.sample = invocation.value(u"sample"_s);
    options.project = invocation.value(u"project"_s);
    options.delimiter = invocation.value(u"delimiter"_s);
    return options;
}

int printReport(const Invocation &invocation, const ImportReport &report)
{
    if (invocation.isJson) {
        invocation.printJson({{u"import"_s, report.toJson()}});
    } else {
        for (const QString &line : report.lines())
            invocation.print(line);
    }
    return report.count(RowFate::NotUnderstood) > 0 || report.missing() > 0 ? kRanAndFailed : kDone;
}

int importFile(const Invocation &invocation)
{
    if (invocation.arguments().size() != 1)
        return invocation.usage(tr("Give one file or folder to import."));
    if (isTreeFile(invocation.arguments().first()))
        return importTree(invocation);
    const Station station(invocation);
    const bool isDryRun = invocation.isSet(u"dry-run"_s);
    TrialDatabase trial;
    auto data =
        isDryRun && TrialDatabase::isNeeded(station) ? trial.open(station) : station.openData();
    if (!data)
        return invocation.fail(data.error());
    std::stop_source stop;
    Termination termination;
    QObject::connect(&termination, &Termination::requested, &termination,
                     [&stop](int) { stop.request_stop(); });
    FileImportOptions options = optionsOf(invocation);
    options.common.stop = stop.get_token();
    options.station = data.value()->station();
    const auto report = importAnyFile(data.value()->connection(), data.value()->session(),
                                      invocation.arguments().first(), options);
    if (!report && report.error().code == ErrorCode::Cancelled)
        return invocation.fail(report.error(), kInterrupted);
    if (!report)
        return invocation.fail(report.error());
    return printReport(invocation, report.value());
}

} // namespace

Command importCommand()
{
    return {
        .name = u"import"_s,
        .summary = tr("Take over a PyBirch database or scan tree, CSV files, or pickled samples."),
        .synopsis = u"FILE|FOLDER"_s,
        .help = tr(
            "FILE is known by what is in it.\n"
            "A PyBirch database (SQLite, any generation): everything in it, with the original ids "
            "as "
            "legacy_id in extra_data. It is only read, also while PyBirch writes to it. Run again "
            "it changes nothing; stopped or killed, it goes on. Accounts come switched off and "
            "without a password. Attached files are looked for in --files.\n"
            "A CSV file (UTF-8; comma, semicolon or tab; names of columns in the first line): rows "
            "of "
            "an entity, if the file is named after one (samples.csv) or --as names one; columns "
            "are "
            "its fields. Otherwise it is measurement data: one scan with one measurement, columns "
            "as "
            "\"name (unit)\". A FOLDER of CSV files: each of them, in an order in which rows find "
            "what they refer to.\n"
            "A pickle (.pkl): samples of PyBirch's. Nothing in it is executed.\n"
            "A scan tree of PyBirch's (.json): a .scan.json file to open, check and run; see --map "
            "and --output. No database is needed.\n"
            "Every row is accounted for. Exit code 1: some were not understood; they are named."),
        .options = {{u"dry-run"_s, tr("Say what would happen; change nothing.")},
                    {u"files"_s,
                     tr("Folder with the attached files (default: web/static/uploads beside the "
                        "PyBirch database)."),
                     u"FOLDER"_s},
                    {u"as"_s, tr("Entity that CSV rows are, e.g. samples; \"scan\": data."),
                     u"ENTITY"_s},
                    {u"lab"_s, tr("Lab of CSV rows and samples that name none."), u"LAB"_s},
                    {u"sample"_s, tr("Sample that CSV data were measured on."), u"S"_s},
                    {u"project"_s, tr("Project of CSV data."), u"P"_s},
                    {u"map"_s,
                     tr("What an instrument of a PyBirch tree is called on the bench, e.g. "
                        "XStage=stage.x; as often as needed."),
                     u"NAME=NAME"_s},
                    {u"output"_s,
                     tr("File for a PyBirch tree (default: beside it, ending in .scan.json)."),
                     u"FILE"_s},
                    {u"delimiter"_s, tr("Of CSV cells: comma, semicolon or tab (default: found)."),
                     u"NAME"_s}},
        .run = importFile};
}

} // namespace birch::cli
