#include "app/session/resource_paths.h"
#include "app/session/sentinel_watch.h"
#include "app/session/station_notices.h"
#include "app/session/termination.h"
#include "core/base/log.h"
#include "core/base/settings.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace birch;

namespace {

bool isSocket(int file)
{
    int kind = 0;
    socklen_t size = sizeof kind;
    return ::getsockopt(file, SOL_SOCKET, SO_TYPE, &kind, &size) == 0;
}

/// Started by hand it has nobody to watch.
int explain(int argc, char *argv[])
{
    const bool isVersion = argc > 1 && std::strcmp(argv[1], "--version") == 0;
    if (isVersion)
        std::puts("birch-sentinel " BIRCH_VERSION);
    else
        std::puts("birch-sentinel is started by birch and birchctl. It drives the instruments of a "
                  "running queue to their safe values should that program die or hang.\nTo make a "
                  "bench safe by hand: birchctl safe");
    return isVersion || argc > 1 ? 0 : 2;
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc > 1 || !isSocket(STDIN_FILENO))
        return explain(argc, argv);
    // Nothing of the workstation's is held here, its spool locks least of all.
    (void)::close_range(STDERR_FILENO + 1, ~0U, 0);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"birch-sentinel"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(BIRCH_VERSION));
    Problems problems;
    const Settings settings = Settings::resolve(SettingSources::ofProcess(), &problems);
    const auto log = Log::start(LogOptions::from(settings));

    const QStringList definitions = definitionFolders();
    [[maybe_unused]] const int moved = ::chdir("/"); // keeps no disk busy

    SentinelWatch watch(FileHandle(STDIN_FILENO), definitions, [&settings] {
        return std::make_unique<NoticeSender>(stationOutbox(settings), noticeChannels(settings),
                                              [](const DeliveryAttempt &) {});
    });
    QObject::connect(&watch, &SentinelWatch::finished, &application, &QCoreApplication::exit,
                     Qt::QueuedConnection);
    Termination termination;
    QObject::connect(&termination, &Termination::requested, &watch, [&watch](int number) {
        if (number == SIGTERM)
            watch.leave();
    });
    return QCoreApplication::exec();
}
