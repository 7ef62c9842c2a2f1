#include "core/store/upkeep/postgres_cell.h"
#include "core/store/upkeep/row_source.h"

#include <QtEndian>

#include <libpq-fe.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
using ServerResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

ServerResult nextResult(PGconn *server)
{
    return ServerResult(PQgetResult(server), &PQclear);
}

Error notUnderstood()
{
    return {ErrorCode::Protocol,
            QCoreApplication::translate("PostgresCell",
                                        "The server's answer was not understood: check that it is "
                                        "PostgreSQL 14 or later")};
}

/// One CopyData message: a row, behind the header in the first one; nothing for the trailer.
Result<bool> parseCopyRow(QByteArrayView message, bool isFirst, const CatalogueTable &table,
                          Row *row)
{
    qsizetype at = isFirst ? copyHeader().size() : 0;
    const auto has = [&](qsizetype count) { return message.size() - at >= count; };
    if (!has(2))
        return notUnderstood();
    const auto fields = qFromBigEndian<qint16>(message.data() + at);
    at += 2;
    if (fields < 0)
        return false;
    if (fields != table.columns.size())
        return notUnderstood();
    for (qsizetype column = 0; column < fields; ++column) {
        if (!has(4))
            return notUnderstood();
        const auto length = qFromBigEndian<qint32>(message.data() + at);
        at += 4;
        if (length < 0) {
            (*row)[size_t(column)] = {};
            continue;
        }
        if (!has(length))
            return notUnderstood();
        auto cell = cellFromPostgres(table.columns[column].type, message.sliced(at, length));
        if (!cell)
            return cell.error();
        (*row)[size_t(column)] = std::move(cell).value();
        at += length;
    }
    return true;
}

/// Reads the answer to the end, whatever it is: the connection is free again.
void drain(PGconn *server)
{
    while (const ServerResult result = nextResult(server)) {
        if (PQresultStatus(result.get()) != PGRES_COPY_OUT)
            continue;
        char *buffer = nullptr;
        while (PQgetCopyData(server, &buffer, 0) > 0)
            PQfreemem(buffer);
    }
}

/// For a reader that has had enough: the server need not send the rest.
void cancel(PGconn *server)
{
    char reason[256];
    if (PGcancel *request = PQgetCancel(server)) {
        PQcancel(request, reason, sizeof reason);
        PQfreeCancel(request);
    }
    char *buffer = nullptr;
    while (PQgetCopyData(server, &buffer, 0) > 0)
        PQfreemem(buffer);
    drain(server);
}

Status receiveRows(PGconn *server, const CatalogueTable &table, const RowHandler &onRow)
{
    Row row(size_t(table.columns.size()));
    char *buffer = nullptr;
    bool isFirst = true;
    int length = 0;
    while ((length = PQgetCopyData(server, &buffer, 0)) > 0) {
        const std::unique_ptr<char, decltype(&PQfreemem)> guard(buffer, &PQfreemem);
        const auto parsed = parseCopyRow(QByteArrayView(buffer, length), isFirst, table, &row);
        isFirst = false;
        const Status taken = !parsed ? Status(parsed.error()) : parsed.value() ? onRow(row) : ok();
        if (!taken) {
            cancel(server);
            return taken;
        }
    }
    return ok();
}

struct Parameters {
    explicit Parameters(const QList<Cell> &values)
    {
        for (const Cell &cell : values) {
            texts.append(cell.kind == Cell::Kind::Integer ? QByteArray::number(cell.integer)
                         : cell.kind == Cell::Kind::Real  ? QByteArray::number(cell.real, 'g', 17)
                                                          : cell.bytes);
            formats.push_back(cell.kind == Cell::Kind::Bytes ? 1 : 0);
            lengths.push_back(int(texts.last().size()));
        }
        for (qsizetype i = 0; i < values.size(); ++i)
            pointers.push_back(values[i].isNull() ? nullptr : texts[i].constData());
    }
    QByteArrayList texts;
    std::vector<const char *> pointers;
    std::vector<int> lengths;
    std::vector<int> formats;
};

Status takeRow(const PGresult *result, const CatalogueTable &table, Row *row)
{
    for (int column = 0; column < int(table.columns.size()); ++column) {
        if (PQgetisnull(result, 0, column) != 0) {
            (*row)[size_t(column)] = {};
            continue;
        }
        auto cell = cellFromPostgres(
            table.columns[column].type,
            QByteArrayView(PQgetvalue(result, 0, column), PQgetlength(result, 0, column)));
        if (!cell)
            return cell.error();
        (*row)[size_t(column)] = std::move(cell).value();
    }
    return ok();
}
} // namespace

Status copyPostgresRows(Connection &connection, const CatalogueTable &table,
                        const RowHandler &onRow)
{
    PGconn *server = connection.postgresHandle();
    const QString sql = u"COPY (SELECT %1 FROM %2) TO STDOUT (FORMAT binary)"_s.arg(
        quotedNames(table.columnNames()), quotedName(table.name));
    const ServerResult begun(PQexec(server, sql.toUtf8().constData()), &PQclear);
    if (PQresultStatus(begun.get()) != PGRES_COPY_OUT)
        return connection.lastServerError(begun.get());
    if (Status received = receiveRows(server, table, onRow); !received)
        return received;
    Status done = ok();
    while (const ServerResult result = nextResult(server)) {
        if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
            done = connection.lastServerError(result.get());
    }
    return done;
}

Status selectPostgresRows(Connection &connection, const CatalogueTable &table, const QString &sql,
                          const QList<Cell> &values, const RowHandler &onRow)
{
    PGconn *server = connection.postgresHandle();
    drain(server); // QtSql leaves the end of its last answer unread
    const Parameters parameters(values);
    if (PQsendQueryParams(server, numberedParameters(sql).constData(), int(values.size()), nullptr,
                          parameters.pointers.data(), parameters.lengths.data(),
                          parameters.formats.data(), 1) == 0)
        return connection.lastServerError(nullptr);
    PQsetSingleRowMode(server);
    Row row(size_t(table.columns.size()));
    Status done = ok();
    while (const ServerResult result = nextResult(server)) {
        const ExecStatusType status = PQresultStatus(result.get());
        if (status == PGRES_SINGLE_TUPLE) {
            if (done)
                done = takeRow(result.get(), table, &row);
            if (done)
                done = onRow(row);
        } else if (status != PGRES_TUPLES_OK && done) {
            done = connection.lastServerError(result.get());
        }
    }
    return done;
}

} // namespace birch
