#include "core/store/migrations.h"
#include "core/store/schema/migration_draft.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSaveFile>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Migrations", text);
}

Status writeText(const QString &path, const QString &text)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0 || !file.commit())
        return Error{ErrorCode::Io, tr("%1 can not be written (%2): check that you may write to "
                                       "the folder")
                                        .arg(path, file.errorString())};
    return ok();
}

/// The files of a migration in the order in which the others stand.
QStringList inOrder(const MigrationDraft &draft, const QString &base)
{
    QStringList files;
    for (const QString &end : {u"up.sql"_s, u"sqlite.up.sql"_s, u"postgresql.up.sql"_s,
                               u"down.sql"_s, u"sqlite.down.sql"_s, u"postgresql.down.sql"_s}) {
        if (draft.contains(end))
            files << base + u'.' + end;
    }
    return files;
}

Result<QString> listed(const QString &qrc, const QStringList &files)
{
    QFile file(qrc);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::NotFound,
                     tr("There is no %1 (%2): run this in Birch's source tree, or name its folder "
                        "of migrations with --directory")
                         .arg(qrc, file.errorString())};
    QString text = QString::fromUtf8(file.readAll());
    const qsizetype end = text.indexOf(u"    </qresource>"_s);
    if (end < 0)
        return Error{ErrorCode::BadInput, tr("%1 is no list of resources: restore it").arg(qrc)};
    QString lines;
    for (const QString &name : files)
        lines += u"        <file>%1</file>\n"_s.arg(name);
    return text.insert(end, lines);
}
} // namespace

Result<QStringList> writeNewMigration(const QString &dir, const QString &name,
                                      const QList<EntitySpec> &specs)
{
    static const QRegularExpression words(u"^[a-z][a-z_]{2,39}$"_s);
    if (!words.match(name).hasMatch())
        return Error{ErrorCode::BadInput,
                     tr("\"%1\" is no name for a migration: use small letters and _, say what it "
                        "brings, as in lab_memory")
                         .arg(name)};
    const QString qrc = dir + u"/sql.qrc"_s;
    if (const auto readable = listed(qrc, {}); !readable)
        return readable.error();
    const auto source = readMigrationSource(dir);
    if (!source)
        return source.error();
    const MigrationDraft draft = draftMigration(source.value(), specs);
    if (draft.isEmpty())
        return Error{ErrorCode::Conflict, tr("The migrations make what is declared already: "
                                             "change a declaration and build first")};
    const QString base = u"%1_%2"_s.arg(source.value().head + 1, 4, 10, QChar(u'0')).arg(name);
    QStringList written;
    const QStringList files = inOrder(draft, base);
    Status done = ok();
    for (const QString &file : files) {
        written << dir + u'/' + file;
        const QString sql = draft[file.sliced(base.size() + 1)];
        done = writeText(written.last(),
                         sql.isEmpty() ? u"-- Nothing that both engines do.\n"_s : sql);
        if (!done)
            break;
    }
    const auto list = listed(qrc, files);
    if (done)
        done = list ? writeText(qrc, list.value()) : list.error();
    if (done)
        return written << qrc;
    for (const QString &path : written) // half a migration would be taken for one
        QFile::remove(path);
    return done.error();
}

} // namespace birch
