#include "core/exchange/import/file_import.h"

#include "core/exchange/import/csv_import.h"
#include "core/exchange/import/pickle_import.h"

#include <QFile>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("FileImport", text);
}
} // namespace

Result<ImportKind> importKind(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return Error{ErrorCode::NotFound, tr("%1 does not exist: check the path").arg(path)};
    if (info.isDir())
        return ImportKind::Folder;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error{
            ErrorCode::Denied,
            tr("%1 can not be read (%2): check your rights").arg(path, file.errorString())};
    const QByteArray head = file.read(16);
    const QString suffix = info.suffix().toLower();
    if (head.startsWith("SQLite format 3"))
        return ImportKind::Pybirch;
    if (suffix == u"pkl"_s || suffix == u"pickle"_s || head.startsWith('\x80'))
        return ImportKind::Pickle;
    if (suffix == u"db"_s || suffix == u"sqlite"_s || suffix == u"sqlite3"_s)
        return Error{
            ErrorCode::BadInput,
            tr("%1 is no SQLite file, whatever its name says: it is empty or damaged; take "
               "a backup of it")
                .arg(path)};
    if (suffix == u"csv"_s || suffix == u"tsv"_s || suffix == u"txt"_s)
        return ImportKind::Csv;
    return Error{ErrorCode::BadInput,
                 tr("%1 is nothing that can be imported: give a PyBirch database, a .csv file or a "
                    "folder of them, or a .pkl file")
                     .arg(path)};
}

Result<ImportReport> importAnyFile(Connection &connection, const Session &session,
                                   const QString &path, const FileImportOptions &options)
{
    const auto kind = importKind(path);
    if (!kind)
        return kind.error();
    switch (kind.value()) {
    case ImportKind::Pybirch:
        return importPybirch(connection, session, path, options.common);
    case ImportKind::Pickle:
        return importPickle(connection, session, path, options);
    case ImportKind::Csv:
    case ImportKind::Folder:
        break;
    }
    return importCsv(connection, session, path, options);
}

} // namespace birch
