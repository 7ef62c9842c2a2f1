#include "core/store/binary_statements.h"

#include "core/store/connection.h"

#include <QElapsedTimer>
#include <QtEndian>

#include <libpq-fe.h>

namespace birch {

namespace {
// Answers wait in the socket until all is sent: few enough never to fill it.
constexpr size_t kMostPiped = 256;

constexpr std::array<int, BinaryValues::kMost> kAllBinary{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

using ServerResult = std::unique_ptr<PGresult, decltype(&PQclear)>;

ServerResult taken(PGresult *result)
{
    return {result, &PQclear};
}

/// QtSql leaves the end of its last answer unread.
void drain(PGconn *server)
{
    while (PGresult *result = PQgetResult(server))
        PQclear(result);
}
} // namespace

QByteArray numberedParameters(const QString &sql)
{
    QByteArray text;
    int number = 0;
    for (const char c : sql.toUtf8()) {
        if (c == '?')
            text += '$' + QByteArray::number(++number);
        else
            text += c;
    }
    return text;
}

BinaryValues &BinaryValues::add(qint64 value)
{
    Q_ASSERT(m_count < kMost);
    m_integers[m_count] = qToBigEndian(value);
    m_lengths[m_count++] = sizeof value;
    return *this;
}

BinaryValues &BinaryValues::add(const QByteArray &bytes)
{
    Q_ASSERT(m_count < kMost);
    m_bytes[m_count] = bytes.constData();
    m_lengths[m_count++] = int(bytes.size());
    return *this;
}

BinaryValues &BinaryValues::addOrNull(const QByteArray &bytes)
{
    add(bytes);
    if (bytes.isEmpty())
        m_lengths[m_count - 1] = -1;
    return *this;
}

std::array<const char *, BinaryValues::kMost> BinaryValues::pointers() const
{
    std::array<const char *, kMost> all{};
    for (size_t i = 0; i < m_count; ++i) {
        if (m_lengths[i] >= 0)
            all[i] = m_bytes[i] ? m_bytes[i] : reinterpret_cast<const char *>(&m_integers[i]);
    }
    return all;
}

qint64 BinaryRow::integer(int column) const
{
    Q_ASSERT(PQgetlength(m_result, m_row, column) == sizeof(qint64));
    return qFromBigEndian<qint64>(PQgetvalue(m_result, m_row, column));
}

QByteArray BinaryRow::bytes(int column) const
{
    return {PQgetvalue(m_result, m_row, column), PQgetlength(m_result, m_row, column)};
}

Result<QByteArray> BinaryStatements::prepared(const QString &sql)
{
    if (const auto found = m_names.constFind(sql); found != m_names.cend())
        return found.value();
    const QByteArray name = "birch_binary_" + QByteArray::number(m_names.size());
    const ServerResult result = taken(PQprepare(m_connection.postgresHandle(), name.constData(),
                                                numberedParameters(sql).constData(), 0, nullptr));
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
        return m_connection.lastServerError(result.get());
    m_names.insert(sql, name);
    return name;
}

Status BinaryStatements::select(const QString &sql, const BinaryValues &values,
                                const std::function<void(const BinaryRow &)> &onRow)
{
    const auto timed = m_connection.timed(sql);
    const auto name = prepared(sql);
    if (!name)
        return name.error();
    const auto pointers = values.pointers();
    const ServerResult result = taken(
        PQexecPrepared(m_connection.postgresHandle(), name.value().constData(), int(values.m_count),
                       pointers.data(), values.m_lengths.data(), kAllBinary.data(), 1));
    if (PQresultStatus(result.get()) != PGRES_TUPLES_OK)
        return m_connection.lastServerError(result.get());
    for (int row = 0; row < PQntuples(result.get()); ++row)
        onRow(BinaryRow(result.get(), row));
    return ok();
}

Status BinaryStatements::executeAll(const QString &sql, std::span<const BinaryValues> rows)
{
    const auto timed = m_connection.timed(sql);
    const auto name = prepared(sql);
    if (!name)
        return name.error();
    for (size_t from = 0; from < rows.size(); from += kMostPiped) {
        const auto part = rows.subspan(from, std::min(kMostPiped, rows.size() - from));
        if (Status done = executePiped(name.value(), part); !done)
            return done;
    }
    return ok();
}

Status BinaryStatements::executePiped(const QByteArray &name, std::span<const BinaryValues> rows)
{
    PGconn *server = m_connection.postgresHandle();
    drain(server);
    if (PQenterPipelineMode(server) == 0)
        return m_connection.lastServerError(nullptr);
    size_t sent = 0;
    for (const BinaryValues &values : rows) {
        const auto pointers = values.pointers();
        if (PQsendQueryPrepared(server, name.constData(), int(values.m_count), pointers.data(),
                                values.m_lengths.data(), kAllBinary.data(), 1) == 0)
            break;
        ++sent;
    }
    Status done = sent == rows.size() ? ok() : Status(m_connection.lastServerError(nullptr));
    if (PQpipelineSync(server) == 0) {
        if (done)
            done = m_connection.lastServerError(nullptr);
    } else if (const Status answered = takeAnswers(sent); !answered) {
        done = answered;
    }
    if (PQexitPipelineMode(server) == 0 && done)
        done = m_connection.lastServerError(nullptr);
    return done;
}

/// Of \a count statements and the mark behind them.
Status BinaryStatements::takeAnswers(size_t count)
{
    PGconn *server = m_connection.postgresHandle();
    Status done = ok();
    for (size_t i = 0; i < count; ++i) {
        while (const ServerResult result = taken(PQgetResult(server))) {
            // Behind a failure everything up to the mark is passed over.
            if (PQresultStatus(result.get()) != PGRES_COMMAND_OK && done)
                done = m_connection.lastServerError(result.get());
        }
    }
    const ServerResult mark = taken(PQgetResult(server));
    if (PQresultStatus(mark.get()) != PGRES_PIPELINE_SYNC && done)
        done = m_connection.lastServerError(mark.get());
    return done;
}

} // namespace birch
