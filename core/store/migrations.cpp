#include "core/store/migrations.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>

using namespace Qt::StringLiterals;

static void initSqlResource()
{
    Q_INIT_RESOURCE(sql); // of a static library: nothing else pulls it in
}

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Migrations", text);
}

/// "" for a file that does not exist and need not.
Result<QString> readSql(const QString &path, bool isOptional)
{
    QFile file(path);
    if (isOptional && !file.exists())
        return QString();
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io, tr("The migration %1 can not be read (%2): install Birch again")
                                        .arg(path, file.errorString())};
    const QString text = QString::fromUtf8(file.readAll());
    const QString mark = QString::fromUtf16(kFillIn);
    const qsizetype open = text.indexOf(mark);
    if (open >= 0)
        return Error{ErrorCode::BadInput,
                     tr("The migration %1 is not finished: line %2 waits for \"%3\"; settle it and "
                        "remove the line's mark")
                         .arg(path)
                         .arg(text.first(open).count(u'\n') + 1)
                         .arg(text.sliced(open + mark.size()).section(u'\n', 0, 0).trimmed())};
    return text;
}

Result<QString> readStep(const QString &base, const Dialect &dialect, const QString &direction,
                         TypeNames types)
{
    auto common = readSql(base + u'.' + direction + u".sql"_s, false);
    if (!common)
        return common;
    auto own = readSql(base + u'.' + dialect.name() + u'.' + direction + u".sql"_s, true);
    if (!own)
        return own;
    // Undone in the reverse order of doing.
    const QString sql =
        direction == u"down"_s ? own.value() + common.value() : common.value() + own.value();
    return types == TypeNames::Filled ? dialect.fillTypes(sql) : sql;
}
} // namespace

Result<QList<Migration>> loadMigrations(const Dialect &dialect, const QString &dir, TypeNames types)
{
    initSqlResource();
    QList<Migration> migrations;
    const QStringList files = QDir(dir).entryList({u"????_*.up.sql"_s}, QDir::Files, QDir::Name);
    for (const QString &file : files) {
        if (file.count(u'.') != 2) // NNNN_name.<dialect>.up.sql
            continue;
        Migration migration;
        migration.version = QStringView(file).first(4).toInt();
        migration.name = file.sliced(5).chopped(7);
        if (migration.version != int(migrations.size()) + 1)
            return Error{
                ErrorCode::Internal,
                tr("Migration %1 is missing: install Birch again").arg(migrations.size() + 1)};
        const QString base = dir + u'/' + file.chopped(7);
        auto up = readStep(base, dialect, u"up"_s, types);
        if (!up)
            return up.error();
        auto down = readStep(base, dialect, u"down"_s, types);
        if (!down)
            return down.error();
        migration.up = up.value();
        migration.down = down.value();
        migration.checksum =
            QString::fromLatin1(QCryptographicHash::hash((migration.up + migration.down).toUtf8(),
                                                         QCryptographicHash::Sha256)
                                    .toHex());
        migrations.append(migration);
    }
    return migrations;
}

} // namespace birch
