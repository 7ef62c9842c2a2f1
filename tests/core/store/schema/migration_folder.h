#pragma once

#include "core/store/migrations.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace birch::test {

/// The program's migrations in a folder where they can be changed, with their list.
class MigrationFolder
{
public:
    MigrationFolder()
    {
        (void)loadMigrations(Dialect(Engine::Sqlite)); // makes the resources known
        const QDir carried(QString::fromUtf16(kMigrationsDir));
        for (const QString &file : carried.entryList(QDir::Files)) {
            QFile::copy(carried.filePath(file), path(file));
            QFile::setPermissions(path(file), QFile::ReadOwner | QFile::WriteOwner);
        }
        write(QStringLiteral("sql.qrc"), "<RCC>\n    <qresource prefix=\"/birch/sql\">\n"
                                         "    </qresource>\n</RCC>\n");
    }

    QString path() const { return m_folder.path(); }
    QString path(const QString &file) const { return m_folder.filePath(file); }
    void write(const QString &file, const QByteArray &text) const
    {
        QFile target(path(file));
        if (!target.open(QIODevice::WriteOnly) || target.write(text) != text.size())
            qFatal("%s", qPrintable(target.errorString()));
    }
    QByteArray read(const QString &file) const
    {
        QFile source(path(file));
        return source.open(QIODevice::ReadOnly) ? source.readAll() : QByteArray();
    }
    QList<Migration> load(bool isPostgres) const
    {
        return loadMigrations(Dialect(isPostgres ? Engine::Postgres : Engine::Sqlite), path())
            .value();
    }

private:
    QTemporaryDir m_folder;
};

} // namespace birch::test
