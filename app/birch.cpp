#include "app/session/resource_paths.h"
#include "app/session/sleep_inhibitor.h"
#include "app/session/termination.h"
#include "app/window_wiring.h"
#include "core/base/log.h"
#include "core/plan/standard_nodes.h"
#include "widgets/shell/login_dialog.h"
#include "widgets/shell/main_window.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/shell/queue_files.h"
#include "widgets/shell/upgrade_dialog.h"
#include "widgets/theme/icon.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QMessageBox>

using namespace Qt::StringLiterals;
using namespace birch;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("birch", text);
}

/// Before there is a window, a failure is a sentence on stderr and a box.
int refuse(const QString &sentence)
{
    qCCritical(lcApp).noquote() << sentence;
    QMessageBox::critical(nullptr, u"Birch"_s, sentence);
    return 2;
}

QString textOf(const Problems &problems)
{
    QStringList lines;
    for (const Problem &problem : problems)
        lines << u"%1:%2 %3: %4. %5."_s.arg(problem.file)
                     .arg(problem.line)
                     .arg(problem.field, problem.message, problem.remedy);
    return lines.join(u'\n');
}

struct Arguments {
    StationOptions options;
    QString queue;
    QString tree;
};

Arguments parse(const QApplication &application)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(tr("Birch, the acquisition workstation."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addOptions({{u"bench"_s,
                        tr("Bench file (default: the person's station.bench.yaml, else the "
                           "simulated demo bench)."),
                        u"FILE"_s},
                       {u"database"_s, tr("Database: a path or URL."), u"URL"_s},
                       {u"user"_s, tr("Who works here."), u"NAME"_s},
                       {u"queue"_s, tr("Queue file to load."), u"FILE"_s}});
    parser.addPositionalArgument(u"tree"_s, tr("Scan tree to open."), u"[TREE]"_s);
    parser.process(application);
    Arguments arguments;
    arguments.options = {
        parser.value(u"database"_s), parser.value(u"bench"_s), parser.value(u"user"_s), {}};
    arguments.queue = parser.value(u"queue"_s);
    arguments.tree = parser.positionalArguments().value(0);
    if (arguments.options.bench.isEmpty())
        arguments.options.bench = stationBenchFile();
    if (arguments.options.bench.isEmpty())
        arguments.options.bench = exampleFile(u"demo.bench.yaml"_s);
    return arguments;
}

ThemeMode themeFrom(const Settings &settings)
{
    const QString theme = settings.text(Setting::Theme);
    return theme == u"dark"    ? ThemeMode::Dark
           : theme == u"light" ? ThemeMode::Light
                               : systemTheme();
}

/// False: the person would rather leave an older database as it is. Every other trouble with it is
/// told when it is opened.
bool isUpgradedIfOlder(const Arguments &arguments, const Settings &settings)
{
    const auto url = StationData::databaseUrl(arguments.options, settings);
    if (!url)
        return true;
    const auto status = Schema(url.value()).status();
    if (!status || !status.value().exists || status.value().current >= status.value().head)
        return true;
    return UpgradeDialog(status.value()).exec() == QDialog::Accepted;
}

/// How the window asks who is there; the dialog keeps the name that was typed.
std::function<Result<Login>(const QString &, const QString &)> askInDialog(const QString &database)
{
    return [database, dialog = std::shared_ptr<LoginDialog>()](
               const QString &user, const QString &refused) mutable -> Result<Login> {
        if (!dialog)
            dialog = std::make_shared<LoginDialog>(database, user);
        dialog->showRefusal(refused);
        if (dialog->exec() != QDialog::Accepted)
            return Error{ErrorCode::Cancelled, tr("Nobody has logged in")};
        return dialog->login();
    };
}

} // namespace

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(u"birch"_s);
    QApplication::setApplicationVersion(QStringLiteral(BIRCH_VERSION));
    QApplication::setWindowIcon(themeIcon(u"birch"_s));
    Arguments arguments = parse(application);

    Problems problems;
    const Settings settings = StationData::readSettings(arguments.options, &problems);
    const auto log = Log::start(LogOptions::from(settings));
    applyTheme(application, themeFrom(settings));
    const QString settingsProblem = textOf(problems); // said in the window; defaults stand in
    problems.clear();
    if (!isUpgradedIfOlder(arguments, settings))
        return 0;
    if (const auto url = StationData::databaseUrl(arguments.options, settings))
        arguments.options.askLogin = askInDialog(url.value().text());
    auto data = StationData::open(arguments.options, settings, Absence::Spool);
    if (!data && data.error().code == ErrorCode::Cancelled)
        return 0;
    if (!data)
        return refuse(data.error().message);
    const auto recovered = data.value()->recover();
    if (!recovered)
        return refuse(recovered.error().message);
    std::unique_ptr<StationBench> bench = StationBench::open(arguments.options.bench, &problems);
    if (!bench)
        return refuse(textOf(problems));

    const std::unique_ptr<BackgroundBackup> backup = data.value()->startBackup();
    const NodeRegistry registry = standardNodes();
    Workstation station(*data.value(), std::move(bench));
    StoreReader reader(data.value()->database(), data.value()->user());
    ChangeFeed changes(data.value()->database());
    station.notices().follow(changes, reader);
    const QString stateFolder =
        QFileInfo(settingsFilePath(QProcessEnvironment::systemEnvironment())).path();
    MainWindow window(wireWindow(station, reader, changes, registry, stateFolder));
    QObject::connect(&station.stepTimes(), &StepTimesKeeper::learned, &window,
                     &MainWindow::refreshSpecs);
    QObject::connect(&station.space(), &SpaceWatch::warned, &window,
                     [&window](const QString &message) {
                         window.notices().showNotice(NoticeKind::Warning, message);
                     });
    SleepInhibitor inhibitor(tr("A measurement runs"));
    inhibitor.follow(station.engine());
    Termination termination;
    QObject::connect(&termination, &Termination::requested, &window, &MainWindow::leave);
    QObject::connect(&application, &QGuiApplication::commitDataRequest, &window,
                     &MainWindow::leave);
    if (arguments.queue.isEmpty()) {
        window.queueFiles().restore();
    } else {
        window.queueFiles().open(arguments.queue);
        window.queueFiles().offerRestore();
    }
    if (!arguments.tree.isEmpty())
        window.openTree(arguments.tree);
    if (!data.value()->isConnected())
        window.notices().showNotice(
            NoticeKind::Warning,
            tr("%1. Scans can be run: they are recorded in the spool and follow into the database.")
                .arg(data.value()->absence()));
    if (!settingsProblem.isEmpty())
        window.notices().showNotice(NoticeKind::Warning, settingsProblem);
    window.show();
    return QApplication::exec();
}
