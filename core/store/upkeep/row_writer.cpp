#include "core/store/upkeep/row_writer.h"

#include "core/store/upkeep/postgres_cell.h"
#include "core/store/upkeep/sqlite_cell.h"

#include <libpq-fe.h>
#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kSendBytes = 256 * 1024;

class SqliteRowWriter final : public RowWriter
{
public:
    SqliteRowWriter(Connection &connection, SqliteStatement statement, QString table)
        : m_connection(connection)
        , m_statement(std::move(statement))
        , m_table(std::move(table))
    {
    }
    Status write(const Row &row) override
    {
        sqlite3_reset(m_statement.get());
        for (size_t i = 0; i < row.size(); ++i)
            bindCell(m_statement.get(), int(i) + 1, row[i]);
        if (sqlite3_step(m_statement.get()) == SQLITE_DONE)
            return ok();
        const Error error = sqliteError(m_connection).within(m_table);
        sqlite3_reset(m_statement.get());
        return error;
    }
    Status finish() override { return ok(); }

private:
    Connection &m_connection;
    SqliteStatement m_statement;
    QString m_table;
};

class PostgresRowWriter final : public RowWriter
{
public:
    PostgresRowWriter(Connection &connection, const CatalogueTable &table)
        : m_connection(connection)
        , m_table(table)
        , m_buffer(copyHeader())
    {
    }
    ~PostgresRowWriter() override
    {
        if (m_isOpen)
            (void)end("abandoned");
    }
    Status begin()
    {
        const QString sql = u"COPY %1 (%2) FROM STDIN (FORMAT binary)"_s.arg(
            quotedName(m_table.name), quotedNames(m_table.columnNames()));
        PGresult *result = PQexec(m_connection.postgresHandle(), sql.toUtf8().constData());
        m_isOpen = PQresultStatus(result) == PGRES_COPY_IN;
        const Status begun = m_isOpen ? ok() : Status(m_connection.lastServerError(result));
        PQclear(result);
        return begun ? begun : Status(begun.error().within(m_table.name));
    }
    Status write(const Row &row) override
    {
        const auto fields = qint16(row.size());
        m_buffer.append(char(fields >> 8)).append(char(fields & 0xff));
        for (size_t i = 0; i < row.size(); ++i) {
            if (Status added = appendPostgresCell(&m_buffer, m_table.columns[qsizetype(i)], row[i]);
                !added)
                return added.error().within(m_table.name);
        }
        return m_buffer.size() < kSendBytes ? ok() : send();
    }
    Status finish() override
    {
        m_buffer.append(copyTrailer());
        if (Status sent = send(); !sent)
            return sent;
        return end(nullptr);
    }

private:
    Status send()
    {
        PGconn *server = m_connection.postgresHandle();
        const bool isSent = PQputCopyData(server, m_buffer.constData(), int(m_buffer.size())) == 1;
        m_buffer.clear();
        return isSent ? ok() : end("lost");
    }
    Status end(const char *reason)
    {
        m_isOpen = false;
        PGconn *server = m_connection.postgresHandle();
        PQputCopyEnd(server, reason);
        Status done = ok();
        while (PGresult *result = PQgetResult(server)) {
            if (PQresultStatus(result) != PGRES_COMMAND_OK && done)
                done = m_connection.lastServerError(result).within(m_table.name);
            PQclear(result);
        }
        return done;
    }

    Connection &m_connection;
    CatalogueTable m_table;
    QByteArray m_buffer;
    bool m_isOpen = false;
};
} // namespace

Result<std::unique_ptr<RowWriter>> RowWriter::open(Connection &connection,
                                                   const CatalogueTable &table)
{
    if (connection.dialect().isPostgres()) {
        auto writer = std::make_unique<PostgresRowWriter>(connection, table);
        if (Status begun = writer->begin(); !begun)
            return begun.error();
        return std::unique_ptr<RowWriter>(std::move(writer));
    }
    const QString marks = QStringList(table.columns.size(), u"?"_s).join(u", "_s);
    auto statement = prepareSqlite(
        connection, u"INSERT INTO %1 (%2) VALUES (%3)"_s.arg(
                        quotedName(table.name), quotedNames(table.columnNames()), marks));
    if (!statement)
        return statement.error().within(table.name);
    return std::unique_ptr<RowWriter>(
        std::make_unique<SqliteRowWriter>(connection, std::move(statement).value(), table.name));
}

} // namespace birch
