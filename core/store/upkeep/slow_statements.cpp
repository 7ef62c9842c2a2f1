#include "core/store/upkeep/slow_statements.h"

#include "core/base/file_writer.h"
#include "core/store/connection.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kFileBytes = 128 * 1024;
constexpr qsizetype kKept = 50;
constexpr qsizetype kLongestText = 2000;

QByteArray lineOf(const SlowStatement &statement)
{
    return QJsonDocument(QJsonObject{{u"ms"_s, statement.ms},
                                     {u"at"_s, statement.atUs},
                                     {u"count"_s, statement.count},
                                     {u"sql"_s, statement.sql.left(kLongestText)}})
               .toJson(QJsonDocument::Compact) +
           '\n';
}

/// Slowest first, each text once.
QList<SlowStatement> merged(QList<SlowStatement> statements)
{
    std::ranges::stable_sort(statements, std::ranges::greater(), &SlowStatement::ms);
    QList<SlowStatement> once;
    for (const SlowStatement &statement : std::as_const(statements)) {
        const auto known = std::ranges::find(once, statement.sql, &SlowStatement::sql);
        if (known == once.end())
            once.append(statement);
        else
            known->count += statement.count;
    }
    return once;
}

QList<SlowStatement> readNoted(const QString &path)
{
    QList<SlowStatement> statements;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return statements;
    for (const QByteArray &line : file.readAll().split('\n')) {
        const QJsonObject json = QJsonDocument::fromJson(line).object(); // half a line: nothing
        if (json[u"ms"].isDouble())
            statements.append({json[u"sql"].toString(), json[u"ms"].toInteger(),
                               json[u"at"].toInteger(), json[u"count"].toInteger(1)});
    }
    return merged(std::move(statements));
}

Result<QList<SlowStatement>> readServer(Connection &connection, int count)
{
    QList<SlowStatement> statements;
    const auto isThere =
        connection.firstRow(u"SELECT 1 FROM pg_extension WHERE extname = 'pg_stat_statements'"_s);
    if (!isThere)
        return isThere.error();
    if (!isThere.value())
        return statements;
    const Status read = connection.select(
        u"SELECT query, max_exec_time::bigint, calls FROM pg_stat_statements s "
        "JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = current_database() "
        "ORDER BY max_exec_time DESC LIMIT ?"_s,
        {count}, [&statements](const SqlRow &row) {
            statements.append({row.text(0), row.integer(1), 0, row.integer(2)});
        });
    // The extension may be made without being loaded by the server: then there is nothing to read.
    return read ? statements : QList<SlowStatement>();
}
} // namespace

QString slowStatementsFile(const DatabaseUrl &url)
{
    const QString home = qEnvironmentVariable("HOME", QDir::homePath());
    QString state = qEnvironmentVariable("XDG_STATE_HOME");
    if (!QDir::isAbsolutePath(state))
        state = home + u"/.local/state"_s;
    const QByteArray key =
        QCryptographicHash::hash(url.text().toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return u"%1/birch/slow-%2.jsonl"_s.arg(state, QString::fromLatin1(key));
}

void noteSlowStatement(const QString &file, const SlowStatement &statement)
{
    QDir().mkpath(QFileInfo(file).path());
    const int descriptor = ::open(QFile::encodeName(file).constData(),
                                  O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return;
    const QByteArray line = lineOf(statement);
    (void)!::write(descriptor, line.constData(), size_t(line.size())); // one write: whole lines
    ::close(descriptor);
    if (QFileInfo(file).size() <= kFileBytes)
        return;
    QList<SlowStatement> slowest = readNoted(file);
    slowest.resize(std::min(kKept, slowest.size()));
    QByteArray kept;
    for (const SlowStatement &known : std::as_const(slowest))
        kept += lineOf(known);
    (void)bool(writeFile(file, kept)); // what another process adds meanwhile may be lost
}

Result<QList<SlowStatement>> slowestStatements(Connection &connection, const DatabaseUrl &url,
                                               int count)
{
    QList<SlowStatement> statements = readNoted(slowStatementsFile(url));
    if (connection.dialect().isPostgres()) {
        const auto ofServer = readServer(connection, count);
        if (!ofServer)
            return ofServer;
        statements = merged(statements + ofServer.value());
    }
    statements.resize(std::min<qsizetype>(statements.size(), count));
    return statements;
}

} // namespace birch
