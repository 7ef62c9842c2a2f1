#include "core/exchange/import/sqlite_source.h"

#include "core/base/file_io.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QSqlQuery>
#include <QUrl>

#include <atomic>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr QByteArrayView kMagic{"SQLite format 3", 16}; // its closing zero included
constexpr qsizetype kHeaderBytes = 100;

QString nextName()
{
    static std::atomic<quint64> counter{0};
    return u"birch-source-%1"_s.arg(++counter);
}

/// An identifier that was read from the file.
QString quoted(QString name)
{
    return u'"' + name.replace(u"\""_s, u"\"\""_s) + u'"';
}

} // namespace

QVariant SourceRow::value(const QString &column) const
{
    const auto found = m_columns.constFind(column);
    if (found == m_columns.constEnd() || m_query.isNull(*found))
        return {};
    return m_query.value(*found);
}

SqliteSource::SqliteSource(QString path)
    : m_path(std::move(path))
    , m_connection(nextName())
{
}

SqliteSource::~SqliteSource()
{
    m_db.close();
    m_db = QSqlDatabase(); // removeDatabase() complains while anybody holds it
    QSqlDatabase::removeDatabase(m_connection);
}

Result<std::unique_ptr<SqliteSource>> SqliteSource::open(const QString &path)
{
    std::unique_ptr<SqliteSource> source(new SqliteSource(QFileInfo(path).absoluteFilePath()));
    if (Status connected = source->connect(); !connected)
        return connected.error();
    if (Status intact = source->check(); !intact)
        return intact.error();
    if (Status found = source->discover(); !found)
        return found.error();
    return source;
}

SqliteSource::Stamp SqliteSource::stamp() const
{
    const QFileInfo file(m_path);
    return {file.size(), file.lastModified().toMSecsSinceEpoch()};
}

Status SqliteSource::connect()
{
    QFile file(m_path);
    if (!file.exists())
        return Error{ErrorCode::NotFound, tr("%1 does not exist: check the path").arg(m_path)};
    if (!file.open(QIODevice::ReadOnly))
        return Error{
            ErrorCode::Denied,
            tr("%1 can not be read (%2): check your rights").arg(m_path, file.errorString())};
    const QByteArray header = file.read(kHeaderBytes);
    if (header.size() < kHeaderBytes || !header.startsWith(kMagic))
        return Error{ErrorCode::BadInput,
                     tr("%1 is no SQLite file: give the .db file of PyBirch").arg(m_path)};
    // A file in WAL mode without its -wal is at rest: SQLite would make one to read it. It is
    // opened as one that can not change, and looked at again afterwards. All others SQLite can
    // lock.
    const bool isWal = header[18] == 2;
    m_isHeld = !isWal || QFileInfo(m_path + u"-wal"_s).size() > 0;
    m_stamp = stamp();
    m_db = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_connection);
    m_db.setDatabaseName(QUrl::fromLocalFile(m_path).toString(QUrl::FullyEncoded) +
                         (m_isHeld ? u"?mode=ro"_s : u"?mode=ro&immutable=1"_s));
    m_db.setConnectOptions(u"QSQLITE_OPEN_READONLY;QSQLITE_OPEN_URI;QSQLITE_BUSY_TIMEOUT=5000"_s);
    if (!m_db.open())
        return Error{ErrorCode::Io, tr("%1 can not be opened (%2): check your rights")
                                        .arg(m_path, m_db.lastError().databaseText())};
    return ok();
}

Status SqliteSource::run(QSqlQuery &query, const QString &sql, const QVariantList &values) const
{
    query.setForwardOnly(true);
    if (query.prepare(sql)) {
        for (const QVariant &value : values)
            query.addBindValue(value);
        if (query.exec())
            return ok();
    }
    const QString said = query.lastError().databaseText();
    const int code = query.lastError().nativeErrorCode().toInt() & 0xff;
    constexpr int kReadOnly = 8;
    constexpr int kCorrupt = 11;
    constexpr int kNoDatabase = 26;
    if (code == kCorrupt || code == kNoDatabase)
        return Error{ErrorCode::BadInput, tr("%1 is damaged (%2): take a backup of it, or what "
                                             "`sqlite3 FILE .recover` makes of it")
                                              .arg(m_path, said)};
    if (code == kReadOnly)
        return Error{ErrorCode::Conflict,
                     tr("%1 was left in the middle of a write: open it once with PyBirch or "
                        "sqlite3, which completes it, and import it then")
                         .arg(m_path)};
    return Error{ErrorCode::Io, tr("%1 can not be read (%2): close the program that uses it, or "
                                   "take a copy")
                                    .arg(m_path, said)};
}

Status SqliteSource::check()
{
    QSqlQuery query(m_db);
    // Nothing that the file brings along may run: no view, trigger or function of its schema.
    for (const QString &pragma :
         {u"PRAGMA query_only = ON"_s, u"PRAGMA trusted_schema = OFF"_s,
          u"PRAGMA cell_size_check = ON"_s, u"PRAGMA mmap_size = 0"_s, u"BEGIN"_s}) {
        if (Status done = run(query, pragma, {}); !done)
            return done;
    }
    if (Status done = run(query, u"PRAGMA quick_check(1)"_s, {}); !done)
        return done;
    const QString answer = query.next() ? query.value(0).toString() : QString();
    if (answer != u"ok"_s)
        return Error{ErrorCode::BadInput,
                     tr("%1 is damaged (%2): take a backup of it, or what `sqlite3 FILE .recover` "
                        "makes of it")
                         .arg(m_path, answer.isEmpty() ? query.lastError().databaseText()
                                                       : answer.section(u'\n', 0, 0))};
    return ok();
}

Status SqliteSource::discover()
{
    QSqlQuery query(m_db);
    if (Status done = run(query,
                          u"SELECT name FROM sqlite_master WHERE type = 'table' AND name "
                          "NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"_s,
                          {});
        !done)
        return done;
    while (query.next())
        m_tables.append({query.value(0).toString(), {}, 0});
    for (SourceTable &table : m_tables) {
        if (Status done = run(query, u"SELECT name FROM pragma_table_info(?)"_s, {table.name});
            !done)
            return done;
        while (query.next())
            table.columns.append(query.value(0).toString());
        if (Status done = run(query, u"SELECT count(*) FROM "_s + quoted(table.name), {}); !done)
            return done;
        table.rows = query.next() ? query.value(0).toLongLong() : 0;
    }
    return ok();
}

const SourceTable *SqliteSource::table(const QString &name) const
{
    for (const SourceTable &table : m_tables) {
        if (table.name == name)
            return &table;
    }
    return nullptr;
}

Status SqliteSource::each(const QString &table, const QStringList &order, const OnRow &onRow) const
{
    return eachWhere(table, {}, {}, order, onRow);
}

Status SqliteSource::eachWhere(const QString &name, const QString &column, const QVariant &value,
                               const QStringList &order, const OnRow &onRow) const
{
    const SourceTable *found = table(name);
    if (!found || (!column.isEmpty() && !found->has(column)))
        return ok();
    QStringList columns;
    for (const QString &each : found->columns)
        columns << quoted(each);
    QString sql = u"SELECT %1 FROM %2"_s.arg(columns.join(u", "_s), quoted(name));
    if (!column.isEmpty())
        sql += u" WHERE "_s + quoted(column) + u" = ?"_s;
    QStringList sorted;
    for (const QString &wanted : order) {
        if (found->has(wanted))
            sorted << quoted(wanted);
    }
    if (!sorted.isEmpty())
        sql += u" ORDER BY "_s + sorted.join(u", "_s);
    QSqlQuery query(m_db);
    if (Status done = run(query, sql, column.isEmpty() ? QVariantList() : QVariantList{value});
        !done)
        return done;
    QHash<QString, int> places;
    for (qsizetype i = 0; i < found->columns.size(); ++i)
        places.insert(found->columns[i], int(i));
    const SourceRow row(query, places);
    while (query.next()) {
        if (Status taken = onRow(row); !taken)
            return taken;
    }
    if (query.lastError().isValid())
        return Error{ErrorCode::BadInput, tr("%1 can not be read to the end of its table %2 (%3): "
                                             "take a backup of it")
                                              .arg(m_path, name, query.lastError().databaseText())};
    return ok();
}

std::optional<QString> SqliteSource::smallest(const QString &name, const QString &column) const
{
    const SourceTable *found = table(name);
    if (!found || !found->has(column))
        return std::nullopt;
    QSqlQuery query(m_db);
    if (!run(query, u"SELECT min(%1) FROM %2"_s.arg(quoted(column), quoted(name)), {}) ||
        !query.next() || query.isNull(0))
        return std::nullopt;
    return query.value(0).toString();
}

Status SqliteSource::checkUnchanged() const
{
    if (m_isHeld || (stamp() == m_stamp && QFileInfo(m_path + u"-wal"_s).size() == 0))
        return ok();
    return Error{ErrorCode::Conflict,
                 tr("%1 was written while it was read: run the import again").arg(m_path)};
}

} // namespace birch
