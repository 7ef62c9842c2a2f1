#include "tests/support/postgres_server.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>

#include <csignal>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace birch::test {

namespace {
constexpr int kStartTimeoutMs = 60'000;

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

void writeOwner(const QString &folder)
{
    QFile owner(folder + u"/owner"_s);
    if (owner.open(QIODevice::WriteOnly))
        owner.write(QByteArray::number(getpid()));
}
} // namespace

PostgresServer::PostgresServer(QString folder)
    : m_folder(std::move(folder))
{
    prepareChild(m_process);
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setWorkingDirectory(m_folder);
}

std::unique_ptr<PostgresServer> PostgresServer::start(QString *problem)
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
    std::unique_ptr<PostgresServer> server(new PostgresServer(QString::fromUtf8(folder)));
    if (!server->initialise(problem) || !server->launch(problem))
        return nullptr;
    return server;
}

PostgresServer::~PostgresServer()
{
    stop();
    QDir(m_folder).removeRecursively();
}

bool PostgresServer::initialise(QString *problem)
{
    QProcess initdb;
    prepareChild(initdb);
    initdb.setProcessChannelMode(QProcess::MergedChannels);
    initdb.setWorkingDirectory(m_folder);
    initdb.start(binary(u"initdb"_s),
                 {u"-D"_s, m_folder + u"/data"_s, u"-U"_s, u"birch"_s, u"--auth=trust"_s, u"-E"_s,
                  u"UTF8"_s, u"--locale=C.UTF-8"_s, u"--no-sync"_s});
    if (initdb.waitForFinished(kStartTimeoutMs) && initdb.exitCode() == 0)
        return true;
    *problem = u"initdb: "_s + initdb.errorString() + u'\n' + QString::fromUtf8(initdb.readAll());
    return false;
}

bool PostgresServer::launch(QString *problem)
{
    m_process.start(binary(u"postgres"_s),
                    {u"-D"_s, m_folder + u"/data"_s, u"-k"_s, m_folder, u"-c"_s,
                     u"listen_addresses="_s, u"-c"_s, u"fsync=off"_s, u"-c"_s,
                     u"full_page_writes=off"_s, u"-c"_s, u"shared_buffers=64MB"_s, u"-c"_s,
                     u"max_connections=60"_s});
    const QByteArray where = "host=" + m_folder.toUtf8() + " user=birch dbname=postgres";
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < kStartTimeoutMs) {
        if (PQping(where.constData()) == PQPING_OK)
            return true;
        if (m_process.waitForFinished(20)) // died
            break;
    }
    *problem =
        u"postgres: "_s + m_process.errorString() + u'\n' + QString::fromUtf8(m_process.readAll());
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

bool PostgresServer::restart(QString *problem)
{
    return stop() && launch(problem);
}

QString PostgresServer::url(const QString &database) const
{
    return u"postgresql://birch@/%1?host=%2"_s.arg(database, m_folder);
}

} // namespace birch::test
