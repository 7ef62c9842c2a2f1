#include "tests/support/postgres_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>

#include <csignal>
#include <grp.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::test {

namespace {
constexpr int kStartTimeoutMs = 60'000;
constexpr int kStartTries = 20;

QString binary(const QString &name)
{
    for (const QString &version : {u"15"_s, u"16"_s, u"17"_s, u"14"_s}) {
        const QString path = u"/usr/lib/postgresql/%1/bin/%2"_s.arg(version, name);
        if (QFile::exists(path))
            return path;
    }
    return name;
}

/// Who runs the server: it refuses to run as root.
const passwd *serverUser()
{
    if (getuid() != 0)
        return nullptr;
    const passwd *user = getpwnam("postgres");
    return user ? user : getpwnam("nobody");
}

/// Runs between fork and exec.
void prepareChild(QProcess &process)
{
    const passwd *user = serverUser();
    const uid_t uid = user ? user->pw_uid : getuid();
    const gid_t gid = user ? user->pw_gid : getgid();
    process.setChildProcessModifier([uid, gid] {
        if (getuid() == 0) {
            if (setgroups(0, nullptr) != 0 || setgid(gid) != 0 || setuid(uid) != 0)
                _exit(126);
        }
        prctl(PR_SET_PDEATHSIG, SIGQUIT); // after setuid(), which clears it
    });
}

/// Folders of tests that were killed; their servers died with them.
void removeOrphans()
{
    const QDir temp(QDir::tempPath());
    for (const QString &name : temp.entryList({u"birch-pg-*"_s}, QDir::Dirs)) {
        QFile owner(temp.filePath(name + u"/owner"_s));
        if (!owner.open(QIODevice::ReadOnly))
            continue;
        const auto pid = pid_t(owner.readAll().toInt());
        if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH)
            QDir(temp.filePath(name)).removeRecursively();
    }
}

int freePort()
{
    const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool isBound = ::bind(probe, reinterpret_cast<sockaddr *>(&address), size) == 0 &&
                         ::getsockname(probe, reinterpret_cast<sockaddr *>(&address), &size) == 0;
    ::close(probe);
    return isBound ? ntohs(address.sin_port) : 0;
}

void writeOwner(const QString &folder)
{
    QFile owner(folder + u"/owner"_s);
    if (owner.open(QIODevice::WriteOnly))
        owner.write(QByteArray::number(getpid()));
}
} // namespace

PostgresServer::PostgresServer(QString folder, const PostgresOptions &options)
    : m_folder(std::move(folder))
    , m_options(options)
{
    prepareChild(m_process);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    // Not a pipe: a test that runs no event loop would never empty it, and a server with much to
    // complain of stops for ever when it is full.
    m_process.setStandardOutputFile(logFile(), QIODevice::Append);
    m_process.setWorkingDirectory(m_folder);
}

QString PostgresServer::logFile() const
{
    return m_folder + u"/server.log"_s;
}

std::unique_ptr<PostgresServer> PostgresServer::start(QString *problem,
                                                      const PostgresOptions &options)
{
    removeOrphans();
    // A short path: a socket's may not be longer than 107 bytes.
    QByteArray folder = QDir::tempPath().toUtf8() + "/birch-pg-XXXXXX";
    if (!mkdtemp(folder.data())) {
        *problem = u"no scratch folder: "_s + qt_error_string(errno);
        return nullptr;
    }
    if (const passwd *user = serverUser(); user) {
        if (chown(folder.constData(), user->pw_uid, user->pw_gid) != 0) {
            *problem = u"chown: "_s + qt_error_string(errno);
            return nullptr;
        }
    }
    writeOwner(QString::fromUtf8(folder));
    std::unique_ptr<PostgresServer> server(new PostgresServer(QString::fromUtf8(folder), options));
    if (!server->initialise(problem) || !server->configure(problem) || !server->launch(problem))
        return nullptr;
    return server;
}

PostgresServer::~PostgresServer()
{
    stop();
    QDir(m_folder).removeRecursively();
}

bool PostgresServer::runTool(const QString &program, const QStringList &arguments, QString *problem)
{
    QProcess tool;
    prepareChild(tool);
    tool.setProcessChannelMode(QProcess::MergedChannels);
    tool.setWorkingDirectory(m_folder);
    tool.start(program, arguments);
    if (tool.waitForFinished(kStartTimeoutMs) && tool.exitCode() == 0)
        return true;
    *problem = program + u": "_s + tool.errorString() + u'\n' + QString::fromUtf8(tool.readAll());
    return false;
}

bool PostgresServer::initialise(QString *problem)
{
    QFile password(m_folder + u"/password"_s);
    if (!password.open(QIODevice::WriteOnly) ||
        password.write(QString::fromUtf16(kPostgresPassword).toUtf8()) < 0) {
        *problem = u"the password file can not be written"_s;
        return false;
    }
    password.setPermissions(password.permissions() | QFileDevice::ReadOther);
    password.close();
    return runTool(binary(u"initdb"_s),
                   {u"-D"_s, m_folder + u"/data"_s, u"-U"_s, u"birch"_s, u"--auth=trust"_s,
                    u"--pwfile"_s, password.fileName(), u"-E"_s, u"UTF8"_s, u"--locale=C.UTF-8"_s,
                    u"--no-sync"_s},
                   problem);
}

bool PostgresServer::configure(QString *problem)
{
    if (m_options.listensOnTcp) {
        m_port = freePort();
    }
    QFile rules(m_folder + u"/data/pg_hba.conf"_s);
    if (!rules.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
        *problem = rules.errorString();
        return false;
    }
    rules.write("local all all trust\n");
    rules.write(QByteArray(m_options.hasTls ? "hostssl" : "host") + " all all 127.0.0.1/32 " +
                (m_options.asksPassword ? "scram-sha-256" : "trust") + '\n');
    if (!m_options.hasTls)
        return true;
    return runTool(u"openssl"_s,
                   {u"req"_s, u"-new"_s, u"-x509"_s, u"-days"_s, u"2"_s, u"-nodes"_s, u"-newkey"_s,
                    u"rsa:2048"_s, u"-subj"_s, u"/CN=localhost"_s, u"-addext"_s,
                    u"subjectAltName=IP:127.0.0.1"_s, u"-keyout"_s, m_folder + u"/server.key"_s,
                    u"-out"_s, certificate()},
                   problem);
}

bool PostgresServer::launch(QString *problem)
{
    QStringList arguments{u"-D"_s, m_folder + u"/data"_s, u"-k"_s, m_folder};
    QStringList settings{u"fsync=off"_s, u"full_page_writes=off"_s, u"shared_buffers=64MB"_s,
                         u"max_connections=60"_s,
                         m_port > 0 ? u"listen_addresses=127.0.0.1"_s : u"listen_addresses="_s};
    if (m_port > 0)
        settings << u"port=%1"_s.arg(m_port);
    if (m_options.hasTls)
        settings << u"ssl=on"_s << u"ssl_cert_file="_s + certificate()
                 << u"ssl_key_file=%1/server.key"_s.arg(m_folder);
    for (const QString &setting : std::as_const(settings))
        arguments << u"-c"_s << setting;
    m_process.start(binary(u"postgres"_s), arguments);
    QByteArray where = "host=" + m_folder.toUtf8() + " user=birch dbname=postgres";
    if (m_port > 0)
        where += " port=" + QByteArray::number(m_port);
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < kStartTimeoutMs) {
        if (PQping(where.constData()) == PQPING_OK)
            return true;
        if (m_process.waitForFinished(20)) // died
            break;
    }
    QFile log(logFile());
    const bool isLogged = log.open(QIODevice::ReadOnly);
    *problem = u"postgres: "_s + m_process.errorString() + u'\n' +
               (isLogged ? QString::fromUtf8(log.readAll()) : QString());
    return false;
}

bool PostgresServer::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return true;
    ::kill(pid_t(m_process.processId()), SIGINT); // fast shutdown: clients are thrown out
    if (m_process.waitForFinished(kStartTimeoutMs))
        return true;
    m_process.kill();
    return m_process.waitForFinished(kStartTimeoutMs);
}

bool PostgresServer::kill()
{
    const auto server = pid_t(m_process.processId());
    if (server <= 0)
        return false;
    QFile list(u"/proc/%1/task/%1/children"_s.arg(server));
    if (!list.open(QIODevice::ReadOnly))
        return false;
    ::kill(server, SIGSTOP); // it would start new ones
    const QByteArrayList children = list.readAll().simplified().split(' ');
    ::kill(server, SIGKILL);
    for (const QByteArray &child : children) {
        if (const auto pid = pid_t(child.toInt()); pid > 0)
            ::kill(pid, SIGKILL);
    }
    return m_process.waitForFinished(kStartTimeoutMs);
}

bool PostgresServer::startAgain(QString *problem)
{
    // Those that were killed may still hold the shared memory for a moment.
    for (int i = 0; i < kStartTries && m_process.state() == QProcess::NotRunning; ++i) {
        if (launch(problem))
            return true;
    }
    return m_process.state() != QProcess::NotRunning;
}

bool PostgresServer::restart(QString *problem)
{
    return stop() && launch(problem);
}

QString PostgresServer::url(const QString &database) const
{
    const QString port = m_port > 0 ? u"&port=%1"_s.arg(m_port) : QString();
    return u"postgresql://birch@/%1?host=%2%3"_s.arg(database, m_folder, port);
}

QString PostgresServer::tcpUrl(const QString &database, const QString &query) const
{
    const QString url = u"postgresql://birch@127.0.0.1:%1/%2"_s.arg(m_port).arg(database);
    return query.isEmpty() ? url : url + u'?' + query;
}

QString PostgresServer::socketPath() const
{
    return u"%1/.s.PGSQL.%2"_s.arg(m_folder).arg(m_port > 0 ? m_port : 5432);
}

} // namespace birch::test
