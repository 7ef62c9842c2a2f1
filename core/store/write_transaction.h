#pragma once

#include "core/store/connection.h"

#include <utility>

namespace birch {

/// A write that happens whole or not at all; belongs to the connection's thread. Begun inside
/// another one on the same connection it is a savepoint. Rolled back unless committed.
class WriteTransaction
{
public:
    /// Relaxed: only for rows that the spool still holds. The outermost transaction decides.
    static Result<WriteTransaction> begin(Connection &connection,
                                          Durability durability = Durability::Full);
    WriteTransaction(WriteTransaction &&other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr))
        , m_depth(other.m_depth)
        , m_eventMark(other.m_eventMark)
    {
    }
    ~WriteTransaction();
    WriteTransaction(const WriteTransaction &) = delete;
    WriteTransaction &operator=(const WriteTransaction &) = delete;
    WriteTransaction &operator=(WriteTransaction &&) = delete;

    /// The outermost writes the events noted meanwhile first. After an error nothing is stored.
    Status commit();

private:
    WriteTransaction(Connection &connection, int depth)
        : m_connection(&connection)
        , m_depth(depth)
        , m_eventMark(connection.m_pendingEvents.size())
    {
    }
    void rollBack();
    void forgetEvents();

    Connection *m_connection; ///< null once done
    int m_depth;              ///< 0: the real transaction
    size_t m_eventMark;       ///< events that were noted before it began
};

} // namespace birch
