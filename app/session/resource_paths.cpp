#include "app/session/resource_paths.h"

#include "core/base/settings.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

bool holdsResources(const QDir &folder)
{
    return folder.exists(u"instruments"_s) && folder.exists(u"examples"_s);
}

} // namespace

QString resourceFolder()
{
    const QDir named(qEnvironmentVariable("BIRCH_RESOURCE_DIR"));
    if (!named.path().isEmpty() && named.path() != u"." && holdsResources(named))
        return named.absolutePath();
    const QDir program(QCoreApplication::applicationDirPath());
    const QDir installed(program.filePath(u"../share/birch"_s));
    if (holdsResources(installed))
        return QDir::cleanPath(installed.absolutePath());
    for (QDir folder = program; !folder.isRoot(); folder.cdUp()) {
        const QDir sources(folder.filePath(u"resources"_s));
        if (holdsResources(sources))
            return sources.absolutePath();
    }
    return {};
}

QStringList definitionFolders()
{
    const QString folder = resourceFolder();
    return folder.isEmpty() ? QStringList() : QStringList{folder + u"/instruments"_s};
}

QString stationBenchFile()
{
    const QString named = qEnvironmentVariable("BIRCH_BENCH");
    if (!named.isEmpty())
        return named;
    const QString own = ownBenchFile();
    return QFileInfo::exists(own) ? own : QString();
}

QString ownBenchFile()
{
    const QFileInfo settings(settingsFilePath(QProcessEnvironment::systemEnvironment()));
    return settings.path() + u"/station.bench.yaml"_s;
}

QString exampleFile(const QString &name)
{
    return resourceFolder() + u"/examples/"_s + name;
}

} // namespace birch
