#pragma once

#include <QProcess>
#include <QString>

#include <memory>

namespace birch::test {

/// A PostgreSQL server of the test's own: unix socket only, in a scratch folder, no fsync, gone
/// with the test however that ends. Started as an unprivileged user when the test runs as root.
class PostgresServer
{
public:
    /// Null with a sentence in \a problem when it can not be started. Takes a second or two.
    static std::unique_ptr<PostgresServer> start(QString *problem);
    ~PostgresServer();
    PostgresServer(const PostgresServer &) = delete;
    PostgresServer &operator=(const PostgresServer &) = delete;

    /// URL of a database on it, e.g. for Schema::init(), which creates it.
    QString url(const QString &database) const;
    /// SIGSTOP and SIGCONT would hang clients; these take the server away and bring it back.
    bool stop();
    bool restart(QString *problem);

private:
    explicit PostgresServer(QString folder);
    bool initialise(QString *problem);
    bool launch(QString *problem);

    QString m_folder;
    QProcess m_process;
};

} // namespace birch::test
