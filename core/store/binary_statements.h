#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QHash>
#include <QString>

#include <array>
#include <functional>
#include <span>
#include <vector>

struct pg_result;

namespace birch {

class Connection;

/// The values of one statement as PostgreSQL's binary format has them: BIGINT and BYTEA. Bytes are
/// referred to, not copied: they live until the call that takes these has returned.
class BinaryValues
{
public:
    static constexpr size_t kMost = 12;

    BinaryValues() = default;
    BinaryValues(std::initializer_list<qint64> values)
    {
        for (const qint64 value : values)
            add(value);
    }
    BinaryValues &add(qint64 value);
    BinaryValues &add(const QByteArray &bytes);
    /// NULL for empty bytes.
    BinaryValues &addOrNull(const QByteArray &bytes);

private:
    friend class BinaryStatements;
    /// Points into itself, so it is made where it is used.
    std::array<const char *, kMost> pointers() const;

    std::array<qint64, kMost> m_integers{}; ///< big-endian
    std::array<const char *, kMost> m_bytes{};
    std::array<int, kMost> m_lengths{}; ///< -1: NULL
    size_t m_count = 0;
};

/// One row of an answer, valid inside the callback only. Columns are BIGINT and BYTEA.
class BinaryRow
{
public:
    BinaryRow(const pg_result *result, int row)
        : m_result(result)
        , m_row(row)
    {
    }
    qint64 integer(int column) const;
    QByteArray bytes(int column) const; ///< empty for NULL

private:
    const pg_result *m_result;
    int m_row;
};

/// ? as $1, $2 …, for a text without literals.
QByteArray numberedParameters(const QString &sql);

/// Statements that go to a PostgreSQL server, and come back, in binary: QtSql writes bytes out as
/// hexadecimal text inside the statement, and reads them so. Prepared once and kept. Belongs to the
/// connection and its thread; inside the caller's transaction, if there is one. Errors as the
/// connection's own.
class BinaryStatements
{
public:
    explicit BinaryStatements(Connection &connection)
        : m_connection(connection)
    {
    }

    /// \a onRow must not use the connection.
    Status select(const QString &sql, const BinaryValues &values,
                  const std::function<void(const BinaryRow &)> &onRow);
    /// Once for each of \a rows, sent without waiting for the answers in between. After a failure
    /// those behind it are not done, and the caller's transaction can only be rolled back.
    Status executeAll(const QString &sql, std::span<const BinaryValues> rows);

private:
    Result<QByteArray> prepared(const QString &sql);
    Status executePiped(const QByteArray &name, std::span<const BinaryValues> rows);
    Status takeAnswers(size_t count);

    Connection &m_connection;
    QHash<QString, QByteArray> m_names;
};

} // namespace birch
