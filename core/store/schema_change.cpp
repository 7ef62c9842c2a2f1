#include "core/store/schema.h"

#include "core/store/exclusive_database.h"
#include "core/store/migration_run.h"
#include "core/store/schema/data_loss.h"
#include "core/store/schema/live_schema.h"
#include "core/store/schema/reference_schema.h"
#include "core/store/schema/revision.h"
#include "core/store/schema/schema_book.h"
#include "core/store/search/search_rebuild.h"
#include "core/store/upkeep/backup.h"
#include "core/store/write_transaction.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QMap>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kMostNamed = 12;                       // of differences in a sentence
constexpr char16_t kBackupTime[] = u"yyyyMMdd-HHmmss-zzz"; // sorts as it passes

QString firstOf(QStringList list, const QString &separator)
{
    const qsizetype left = list.size() - kMostNamed;
    list = list.mid(0, kMostNamed);
    if (left > 0)
        list << QCoreApplication::translate("Schema", "and %1 more").arg(left);
    return list.join(separator);
}

Status stampSteps(Connection &connection, const QList<Migration> &migrations, int version)
{
    auto transaction = WriteTransaction::begin(connection);
    if (!transaction)
        return transaction.error();
    if (Status done = makeBook(connection); !done)
        return done;
    if (Status done = connection.execute(u"DELETE FROM schema_version"_s); !done)
        return done;
    for (int step = 0; step < version; ++step) {
        if (Status done = enterStep(connection, migrations[step]); !done)
            return done;
    }
    return transaction.value().commit();
}
} // namespace

Result<SchemaStatus> Schema::upgrade(const QString &revision)
{
    return migrate(Direction::Up, revision, true);
}

Result<SchemaStatus> Schema::downgrade(const QString &revision, bool mayLoseData)
{
    return migrate(Direction::Down, revision, mayLoseData);
}

Result<SchemaStatus> Schema::downgrade(int version)
{
    return migrate(Direction::Down, QString::number(version), true);
}

Result<Schema::Course> Schema::course(Connection &connection, const QList<Migration> &steps,
                                      Direction direction, const QString &revision) const
{
    const Result<int> version = schemaVersion(connection);
    if (!version)
        return version.error();
    if (version.value() == 0)
        return noDatabase(m_url);
    if (version.value() > int(steps.size()))
        return Error{ErrorCode::Conflict,
                     tr("The database has the newer schema %1, this program knows %2 at most: "
                        "install the newer Birch")
                         .arg(version.value())
                         .arg(steps.size())};
    const auto target = revisionNumber(revision, version.value(), steps);
    if (!target)
        return target.error();
    const Course course{version.value(), target.value()};
    if (direction == Direction::Up && course.to < course.from)
        return Error{ErrorCode::BadInput, tr("The database has schema %1 already, which is newer "
                                             "than %2: run birchctl db downgrade %2 to go back")
                                              .arg(course.from)
                                              .arg(course.to)};
    if (direction == Direction::Down && course.to > course.from)
        return Error{ErrorCode::BadInput, tr("The database has schema %1, which is older than %2: "
                                             "run birchctl db upgrade %2 to get there")
                                              .arg(course.from)
                                              .arg(course.to)};
    const auto book = readSchemaBook(connection);
    if (!book)
        return book.error();
    if (Status sound = checkBook(book.value(), steps); !sound)
        return sound.error();
    return course;
}

Result<SchemaStatus> Schema::migrate(Direction direction, const QString &revision, bool mayLoseData)
{
    const auto steps = migrations();
    if (!steps)
        return steps.error();
    auto exclusive = ExclusiveDatabase::open(m_url);
    if (!exclusive)
        return exclusive.error();
    Connection &connection = *exclusive.value().connection;
    const auto way = course(connection, steps.value(), direction, revision);
    if (!way)
        return way.error();
    const auto [from, to] = way.value();
    if (from == to)
        return inspect(connection, steps.value());
    if (!mayLoseData) {
        if (Status harmless = checkLoss(connection, steps.value(), to); !harmless)
            return harmless.error();
    }
    const auto backup = backUp(connection, from);
    if (!backup)
        return backup.error();
    if (Status done = runMigrations(connection, steps.value(), from, to); !done)
        return backup.value().isEmpty()
                   ? done.error()
                   : done.error().within(tr("A backup is at %1").arg(backup.value()));
    // The texts that searches look through are written by the program, not by migrations.
    if (from < to && to == int(steps.value().size())) {
        if (Status done = rebuildSearch(connection, m_specs); !done)
            return done.error().within(tr("Making the text of searches anew"));
    }
    auto status = inspect(connection, steps.value());
    if (status)
        status.value().backup = backup.value();
    if (!backup.value().isEmpty())
        removeOldBackups();
    return status;
}

Status Schema::checkLoss(Connection &connection, const QList<Migration> &migrations,
                         int target) const
{
    const auto before = liveSchema(connection);
    if (!before)
        return before.error();
    const auto after = referenceSchema(connection, migrations, target);
    if (!after)
        return after.error();
    const auto lost = dataLoss(connection, before.value(), after.value());
    if (!lost)
        return lost.error();
    if (lost.value().isEmpty())
        return ok();
    return Error{ErrorCode::Conflict, tr("Going back to schema %1 would lose %2: run it again with "
                                         "--yes when that is meant")
                                          .arg(target)
                                          .arg(lost.value().join(u", "_s))};
}

/// "" on PostgreSQL, whose backups belong to its administrator.
Result<QString> Schema::backUp(Connection &connection, int version) const
{
    if (connection.dialect().isPostgres())
        return QString();
    const QString path =
        u"%1.schema-%2-%3.sqlite"_s.arg(m_url.path())
            .arg(version)
            .arg(QDateTime::currentDateTimeUtc().toString(QString::fromUtf16(kBackupTime)));
    const auto report = backupSqlite(connection, path);
    if (!report)
        return report.error().within(tr("Nothing was changed, since the backup before it failed"));
    return report.value().path;
}

/// By the time in their names: copying files changes theirs. One that can not be removed stays.
void Schema::removeOldBackups() const
{
    const QFileInfo file(m_url.path());
    const QRegularExpression pattern(u"^%1\\.schema-\\d+-(\\d{8}-\\d{6}-\\d{3})\\.sqlite$"_s.arg(
        QRegularExpression::escape(file.fileName())));
    QMap<QString, QString> byTime;
    const QDir folder = file.dir();
    for (const QString &name : folder.entryList(QDir::Files)) {
        if (const auto match = pattern.match(name); match.hasMatch())
            byTime.insert(match.captured(1), name);
    }
    const QStringList oldestFirst = byTime.values();
    for (qsizetype i = 0; i + m_keptBackups < oldestFirst.size(); ++i)
        QFile::remove(folder.filePath(oldestFirst[i]));
}

Result<SchemaStatus> Schema::stamp(const QString &revision, bool isForced)
{
    const auto steps = migrations();
    if (!steps)
        return steps.error();
    auto exclusive = ExclusiveDatabase::open(m_url);
    if (!exclusive)
        return exclusive.error();
    Connection &connection = *exclusive.value().connection;
    const auto book = readSchemaBook(connection);
    if (!book)
        return book.error();
    const auto version = revisionNumber(revision, book.value().version(), steps.value());
    if (!version)
        return version.error();
    if (version.value() == 0)
        return Error{ErrorCode::BadInput, tr("Only a database with tables can be stamped: give "
                                             "the number of the schema that it has")};
    const auto reference = referenceSchema(connection, steps.value(), version.value());
    const auto live = liveSchema(connection);
    if (!reference || !live)
        return reference ? live.error() : reference.error();
    const QStringList differences =
        messages(compareSchemas(reference.value(), live.value(), CompareScope::Whole));
    if (!differences.isEmpty() && !isForced)
        return Error{ErrorCode::Conflict,
                     tr("The tables are not those of schema %1 (%2): run birchctl db check to see "
                        "which they are nearest to, or stamp with --force")
                         .arg(version.value())
                         .arg(firstOf(differences, u"; "_s))};
    if (Status done = stampSteps(connection, steps.value(), version.value()); !done)
        return done.error();
    return inspect(connection, steps.value());
}

} // namespace birch
