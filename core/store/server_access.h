#pragma once

#include <QString>

#include <chrono>

namespace birch {

class DatabaseUrl;
class Settings;

/// How a PostgreSQL server is talked to, besides what its URL says. A value.
struct ServerAccess {
    using Milliseconds = std::chrono::milliseconds;

    Milliseconds connectTimeout{5'000};
    Milliseconds statementTimeout{300'000}; ///< of Database::connect(); 0: none
    Milliseconds lockTimeout{30'000};       ///< 0: none
    Milliseconds keepalive{10'000};         ///< silence after which the network is probed
    Milliseconds networkTimeout{15'000};    ///< unanswered bytes after which it counts as cut
    QString password; ///< typed at a prompt; "": libpq looks for one (PGPASSFILE, service file,
                      ///< PGPASSWORD). Never part of a text.

    bool operator==(const ServerAccess &) const = default;
    static ServerAccess from(const Settings &settings);
};

/// libpq's options for \a url in the form that QPSQL takes, without host, name, user and password.
QString connectOptions(const DatabaseUrl &url);

/// Asks the server: true when it wants a password and was given none, or a wrong one. Blocks for
/// at most the connect timeout; false for a server that does not answer.
bool lacksPassword(const DatabaseUrl &url);

} // namespace birch
