#pragma once

#include <QProcess>
#include <QString>

#include <memory>

namespace birch::test {

/// How a test's server differs from the usual one.
struct PostgresOptions {
    bool listensOnTcp = false; ///< on 127.0.0.1 too, see tcpUrl()
    bool asksPassword = false; ///< over TCP: SCRAM; kPostgresPassword
    bool hasTls = false;       ///< over TCP: nothing but TLS, with a certificate of its own
};
inline constexpr char16_t kPostgresPassword[] = u"p'w\\ o;rd ü";

/// A PostgreSQL server of the test's own: unix socket, in a scratch folder, no fsync, gone
/// with the test however that ends. Started as an unprivileged user when the test runs as root.
class PostgresServer
{
public:
    /// Null with a sentence in \a problem when it can not be started. Takes a second or two.
    static std::unique_ptr<PostgresServer> start(QString *problem,
                                                 const PostgresOptions &options = {});
    ~PostgresServer();
    PostgresServer(const PostgresServer &) = delete;
    PostgresServer &operator=(const PostgresServer &) = delete;

    /// URL of a database on it, e.g. for Schema::init(), which creates it.
    QString url(const QString &database) const;
    /// The same over TCP; \a query is appended: "sslmode=require".
    QString tcpUrl(const QString &database, const QString &query = {}) const;
    int port() const { return m_port; }
    QString socketPath() const; ///< for a proxy
    QString certificate() const { return m_folder + QStringLiteral("/server.crt"); }
    /// SIGSTOP and SIGCONT would hang clients; these take the server away and bring it back.
    bool stop();
    /// All its processes at once, as a power cut: what was not flushed is lost.
    bool kill();
    bool startAgain(QString *problem);
    bool restart(QString *problem);

private:
    PostgresServer(QString folder, const PostgresOptions &options);
    bool runTool(const QString &program, const QStringList &arguments, QString *problem);
    bool configure(QString *problem);
    bool initialise(QString *problem);
    bool launch(QString *problem);
    QString logFile() const;

    QString m_folder;
    PostgresOptions m_options;
    int m_port = 0;
    QProcess m_process;
};

} // namespace birch::test
