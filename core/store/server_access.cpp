#include "core/store/server_access.h"

#include "core/base/call.h"
#include "core/base/settings.h"
#include "core/store/database_url.h"

#include <QCoreApplication>

#include <cerrno>
#include <libpq-fe.h>
#include <memory>
#include <poll.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kProbes = 3; // unanswered ones before a silent connection is lost

ServerAccess::Milliseconds milliseconds(const Settings &settings, Setting id)
{
    return std::chrono::duration_cast<ServerAccess::Milliseconds>(settings.duration(id));
}

QString wholeSeconds(ServerAccess::Milliseconds duration)
{
    return QString::number(std::max<qint64>(1, (duration.count() + 999) / 1000));
}

/// libpq's `key='value'`.
QString quotedOption(const QString &key, QString value)
{
    value.replace(u"\\"_s, u"\\\\"_s).replace(u"'"_s, u"\\'"_s);
    return key + u"='"_s + value + u'\'';
}

/// What the URL says, and ours where neither it nor libpq's environment says anything.
QMap<QString, QString> optionsOf(const DatabaseUrl &url)
{
    const ServerAccess &access = url.access();
    QMap<QString, QString> options = url.options();
    const auto fill = [&options](const QString &key, const QString &value) {
        if (!options.contains(key))
            options.insert(key, value);
    };
    if (!qEnvironmentVariableIsSet("PGCONNECT_TIMEOUT"))
        fill(u"connect_timeout"_s, wholeSeconds(access.connectTimeout));
    fill(u"application_name"_s, u"%1 (pid %2)"_s.arg(QCoreApplication::applicationName())
                                    .arg(QCoreApplication::applicationPid()));
    fill(u"keepalives_idle"_s, wholeSeconds(access.keepalive));
    fill(u"keepalives_interval"_s, wholeSeconds(access.keepalive / kProbes));
    fill(u"keepalives_count"_s, QString::number(kProbes));
    fill(u"tcp_user_timeout"_s, QString::number(access.networkTimeout.count()));
    return options;
}

using Handle = std::unique_ptr<PGconn, decltype(&PQfinish)>;

/// False: refused, or no answer in time.
bool finishConnecting(PGconn *connection, ServerAccess::Milliseconds patience)
{
    const Deadline deadline = Deadline::in(patience);
    PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
    while (PQstatus(connection) != CONNECTION_BAD && !deadline.hasPassed()) {
        const short events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        pollfd socket{PQsocket(connection), events, 0};
        const auto left = std::chrono::ceil<ServerAccess::Milliseconds>(deadline.remaining());
        if (::poll(&socket, 1, int(left.count())) < 0 && errno != EINTR)
            return false;
        wanted = PQconnectPoll(connection);
        if (wanted == PGRES_POLLING_OK)
            return true;
        if (wanted == PGRES_POLLING_FAILED)
            return false;
    }
    return false;
}
} // namespace

ServerAccess ServerAccess::from(const Settings &settings)
{
    ServerAccess access;
    access.connectTimeout = milliseconds(settings, Setting::DatabaseConnectTimeout);
    access.statementTimeout = milliseconds(settings, Setting::DatabaseStatementTimeout);
    access.lockTimeout = milliseconds(settings, Setting::DatabaseLockTimeout);
    access.keepalive = milliseconds(settings, Setting::DatabaseKeepalive);
    access.networkTimeout = milliseconds(settings, Setting::DatabaseNetworkTimeout);
    return access;
}

QString connectOptions(const DatabaseUrl &url)
{
    const QMap<QString, QString> options = optionsOf(url);
    QStringList parts;
    for (auto it = options.begin(); it != options.end(); ++it)
        parts << quotedOption(it.key(), it.value());
    return parts.join(u';');
}

bool lacksPassword(const DatabaseUrl &url)
{
    QMap<QString, QString> options = optionsOf(url);
    const std::pair<QString, QString> members[] = {{u"host"_s, url.host()},
                                                   {u"dbname"_s, url.name()},
                                                   {u"user"_s, url.user()},
                                                   {u"password"_s, url.access().password}};
    for (const auto &[key, value] : members) {
        if (!value.isEmpty())
            options.insert(key, value);
    }
    if (url.port() >= 0)
        options.insert(u"port"_s, QString::number(url.port()));
    QStringList parts;
    for (auto it = options.begin(); it != options.end(); ++it)
        parts << quotedOption(it.key(), it.value());
    const Handle connection(PQconnectStart(parts.join(u' ').toUtf8().constData()), &PQfinish);
    // The words of a refusal are in the server's language; its number is not.
    PQsetErrorVerbosity(connection.get(), PQERRORS_SQLSTATE);
    if (finishConnecting(connection.get(), url.access().connectTimeout))
        return false;
    return PQconnectionNeedsPassword(connection.get()) ||
           QByteArrayView(PQerrorMessage(connection.get())).contains("28P01");
}

} // namespace birch
