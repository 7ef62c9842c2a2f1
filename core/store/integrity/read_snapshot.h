#pragma once

#include "core/store/connection.h"

#include <utility>

namespace birch {

/// Until it ends, every SELECT of the connection sees the database as it was at one instant. Keeps
/// SQLite's write-ahead log from being reset meanwhile: not for minutes. Inside a WriteTransaction
/// that one goes on instead. Belongs to the connection's thread.
class ReadSnapshot
{
public:
    static Result<ReadSnapshot> begin(Connection &connection);
    ReadSnapshot(ReadSnapshot &&other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr))
    {
    }
    ~ReadSnapshot();
    ReadSnapshot(const ReadSnapshot &) = delete;
    ReadSnapshot &operator=(const ReadSnapshot &) = delete;
    ReadSnapshot &operator=(ReadSnapshot &&) = delete;

private:
    explicit ReadSnapshot(Connection *connection)
        : m_connection(connection)
    {
    }

    Connection *m_connection; ///< null: there is nothing to end
};

} // namespace birch
