#include "core/store/connection.h"

#include "core/store/store_log.h"
#include "core/store/store_time.h"
#include "core/store/upkeep/slow_statements.h"

#include <QSqlRecord>

#include <libpq-fe.h>
#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qint64 kSlowStatementMs = 200;
constexpr size_t kMaxStatements = 256; // lists with many filters make many texts

/// NULL is a null QVariant alone: the drivers would also take a null QString or QByteArray for it,
/// which to us are empty ones. A NUL would end a statement early in PostgreSQL.
QVariant bindable(const QVariant &value)
{
    if (value.isNull())
        return value;
    if (value.typeId() == QMetaType::QByteArray) {
        const QByteArray bytes = value.toByteArray();
        return bytes.isNull() ? QVariant(QByteArray("")) : value;
    }
    if (value.typeId() != QMetaType::QString)
        return value;
    QString text = value.toString();
    if (text.isNull())
        return QVariant(u""_s);
    if (!text.contains(QChar(u'\0')))
        return value;
    return text.replace(QChar(u'\0'), QChar(QChar::ReplacementCharacter));
}
} // namespace

std::optional<qint64> SqlRow::optionalInteger(int column) const
{
    return isNull(column) ? std::nullopt : std::optional<qint64>(integer(column));
}

Result<QSqlQuery *> Connection::prepared(const QString &sql)
{
    if (const auto found = m_statements.find(sql); found != m_statements.end())
        return found->second.get();
    if (m_statements.size() >= kMaxStatements)
        m_statements.clear();
    auto query = std::make_unique<QSqlQuery>(m_db);
    query->setForwardOnly(true);
    if (!query->prepare(sql))
        return m_dialect.error(query->lastError());
    return m_statements.emplace(sql, std::move(query)).first->second.get();
}

Connection::Timed::Timed(const Connection &connection, const QString &sql)
    : m_connection(connection)
    , m_sql(sql)
    , m_guard(connection.m_watch, connection.m_watchedSocket, connection.m_answerTime)
{
    m_timer.start();
}

Connection::Timed::~Timed()
{
    const qint64 elapsed = m_timer.elapsed();
    if (elapsed < kSlowStatementMs)
        return;
    qCWarning(storeLog).noquote() << "statement took" << elapsed << "ms:" << m_sql;
    noteSlowStatement(m_connection.m_slowFile, {m_sql, elapsed, nowUs()});
}

Result<QSqlQuery *> Connection::run(const QString &sql, const QVariantList &values)
{
    const Timed timed(*this, sql);
    Result<QSqlQuery *> query = prepared(sql);
    if (!query)
        return query;
    QSqlQuery &statement = *query.value();
    for (qsizetype i = 0; i < values.size(); ++i)
        statement.bindValue(int(i), bindable(values[i]));
    if (!statement.exec()) {
        const Error error = m_dialect.error(statement.lastError());
        qCDebug(storeLog).noquote() << "refused:" << sql << statement.lastError().text();
        statement.finish();
        return isAlive() ? error : Error{ErrorCode::NotConnected, error.message};
    }
    return query;
}

Status Connection::execute(const QString &sql, const QVariantList &values)
{
    Result<QSqlQuery *> query = run(sql, values);
    if (!query)
        return query.error();
    query.value()->finish();
    return ok();
}

Result<qint64> Connection::executeCounting(const QString &sql, const QVariantList &values)
{
    Result<QSqlQuery *> query = run(sql, values);
    if (!query)
        return query.error();
    const qint64 count = query.value()->numRowsAffected();
    query.value()->finish();
    return count;
}

Status Connection::select(const QString &sql, const QVariantList &values,
                          const std::function<void(const SqlRow &)> &onRow)
{
    Result<QSqlQuery *> query = run(sql, values);
    if (!query)
        return query.error();
    const SqlRow row(*query.value());
    while (query.value()->next())
        onRow(row);
    const QSqlError failure = query.value()->lastError(); // a read can fail half-way
    query.value()->finish();
    if (failure.isValid())
        return m_dialect.error(failure);
    return ok();
}

Result<std::optional<QVariantList>> Connection::firstRow(const QString &sql,
                                                         const QVariantList &values)
{
    Result<QSqlQuery *> query = run(sql, values);
    if (!query)
        return query.error();
    QSqlQuery &statement = *query.value();
    std::optional<QVariantList> row;
    if (statement.next()) {
        row.emplace();
        for (int i = 0; i < statement.record().count(); ++i)
            row->append(statement.value(i));
    }
    const QSqlError failure = statement.lastError();
    statement.finish();
    if (!row && failure.isValid())
        return m_dialect.error(failure);
    return row;
}

Status Connection::script(const QString &sql)
{
    const QByteArray utf8 = sql.toUtf8();
    if (sqlite3 *handle = sqliteHandle()) {
        char *message = nullptr;
        const int code = sqlite3_exec(handle, utf8.constData(), nullptr, nullptr, &message);
        const QString text = QString::fromUtf8(message);
        sqlite3_free(message);
        if (code != SQLITE_OK)
            return m_dialect.error(
                QSqlError({}, text, QSqlError::StatementError, QString::number(code)));
        return ok();
    }
    const StatementWatch::Guard guard(m_watch, m_watchedSocket, m_answerTime);
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(postgresHandle(), utf8.constData()), &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
        return ok();
    return lastServerError(result.get());
}

Error Connection::lastServerError(const pg_result *result) const
{
    const Error error = m_dialect.error(
        QSqlError({}, QString::fromUtf8(PQresultErrorMessage(result)), QSqlError::StatementError,
                  QString::fromUtf8(PQresultErrorField(result, PG_DIAG_SQLSTATE))));
    return isAlive() ? error : Error{ErrorCode::NotConnected, error.message};
}

} // namespace birch
