#pragma once

#include "core/store/upkeep/table_catalogue.h"

namespace birch {

/// A PostgreSQL transaction that sees one state of the database for its whole life and changes
/// nothing: for backups and copies. A row that a policy hides is an error in it, not a gap.
class ServerSnapshot
{
public:
    static Result<ServerSnapshot> take(Connection &connection);
    ServerSnapshot(ServerSnapshot &&other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr))
    {
    }
    ServerSnapshot &operator=(ServerSnapshot &&) = delete;
    ~ServerSnapshot();

private:
    explicit ServerSnapshot(Connection &connection)
        : m_connection(&connection)
    {
    }
    Connection *m_connection;
};

/// The last number that the identity column of \a table has given, on either engine; 0: none.
Result<qint64> lastNumber(Connection &connection, const CatalogueTable &table);
/// The next row gets a number above \a last and above all that are there.
Status setLastNumber(Connection &connection, const CatalogueTable &table, qint64 last);

} // namespace birch
