#pragma once

#include "core/base/file_io.h"
#include "core/store/connection.h"

#include <QFile>
#include <QTest>

namespace birch::test {

/// A PyBirch file made of the SQL texts in fixtures/, without ".sql".
inline void makeSourceFile(const QString &path, const QStringList &scripts)
{
    QFile::remove(path);
    auto connection = Connection::open(DatabaseUrl::sqliteFile(path));
    if (!connection)
        qFatal("%s", qPrintable(connection.error().message));
    for (const QString &script : scripts) {
        const auto sql =
            readFile(qEnvironmentVariable("BIRCH_SOURCE_DIR") +
                     QStringLiteral("/tests/core/exchange/import/fixtures/%1.sql").arg(script));
        if (!sql)
            qFatal("%s", qPrintable(sql.error().message));
        const Status run = connection.value()->script(QString::fromUtf8(sql.value()));
        if (!run)
            qFatal("%s: %s", qPrintable(script), qPrintable(run.error().message));
    }
}

/// The same in a few words, for changes of a file that is there.
inline void changeSourceFile(const QString &path, const QString &sql)
{
    auto connection = Connection::open(DatabaseUrl::sqliteFile(path));
    if (!connection)
        qFatal("%s", qPrintable(connection.error().message));
    const Status run = connection.value()->script(sql);
    if (!run)
        qFatal("%s", qPrintable(run.error().message));
}

} // namespace birch::test
