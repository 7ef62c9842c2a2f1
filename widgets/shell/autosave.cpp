#include "widgets/shell/autosave.h"

#include "core/base/file_writer.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <cerrno>
#include <csignal>

using namespace Qt::StringLiterals;

namespace birch {

namespace {

const QString kPattern = u"autosave-*.json"_s;

bool isAlive(qint64 pid)
{
    return ::kill(pid_t(pid), 0) == 0 || errno == EPERM;
}

} // namespace

Autosave::Autosave(const QString &folder)
    : m_folder(folder)
    , m_path(u"%1/autosave-%2.json"_s.arg(folder).arg(QCoreApplication::applicationPid()))
{
    QDir().mkpath(folder);
}

Status Autosave::write(const AutosavedTree &tree)
{
    const QJsonObject document{{u"path"_s, tree.path}, {u"tree"_s, QString::fromUtf8(tree.text)}};
    return writeFile(m_path, QJsonDocument(document).toJson());
}

void Autosave::clear()
{
    QFile::remove(m_path);
}

std::optional<AutosavedTree> Autosave::takeOrphan()
{
    const QDir folder(m_folder);
    const QFileInfoList files = folder.entryInfoList({kPattern}, QDir::Files, QDir::Time);
    for (const QFileInfo &info : files) {
        const qint64 pid = info.completeBaseName().section(u'-', 1).toLongLong();
        if (pid > 0 && isAlive(pid))
            continue;
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QJsonObject document = QJsonDocument::fromJson(file.readAll()).object();
        file.remove();
        const QByteArray text = document.value(u"tree"_s).toString().toUtf8();
        if (!text.isEmpty())
            return AutosavedTree{document.value(u"path"_s).toString(), text};
    }
    return {};
}

} // namespace birch
