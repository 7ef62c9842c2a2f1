#include "core/store/database_url.h"

#include <QDir>
#include <QUrl>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr auto kSqlite = "sqlite://"_L1;
constexpr auto kPostgres = "postgresql://"_L1;
constexpr auto kPostgresShort = "postgres://"_L1;

QString absolutePath(const QString &path)
{
    return QDir::cleanPath(QDir::current().absoluteFilePath(path));
}
} // namespace

DatabaseUrl DatabaseUrl::sqliteFile(const QString &path)
{
    DatabaseUrl url;
    url.m_path = absolutePath(path);
    return url;
}

Result<DatabaseUrl> DatabaseUrl::parse(const QString &text)
{
    const QString trimmed = text.trimmed();
    if (trimmed.isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("The database URL is empty: give a file path, or a URL that begins with "
                        "sqlite:/// or postgresql://")};
    if (trimmed.startsWith(kPostgres) || trimmed.startsWith(kPostgresShort))
        return parsePostgres(trimmed);
    if (trimmed.startsWith(kSqlite)) {
        const QString rest = trimmed.sliced(kSqlite.size());
        if (!rest.startsWith(u'/') || rest.size() < 2)
            return Error{ErrorCode::BadInput,
                         tr("\"%1\" names no file: write sqlite:///relative/path or "
                            "sqlite:////absolute/path")
                             .arg(trimmed)};
        return sqliteFile(rest.sliced(1));
    }
    if (trimmed.contains(u"://"_s))
        return Error{ErrorCode::BadInput,
                     tr("\"%1\" is no database Birch knows: use a file path, sqlite:/// or "
                        "postgresql://")
                         .arg(trimmed.section(u"://"_s, 0, 0) + u"://"_s)};
    return sqliteFile(trimmed);
}

Result<DatabaseUrl> DatabaseUrl::parsePostgres(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid())
        return Error{ErrorCode::BadInput, tr("The PostgreSQL URL can not be read (%1): write "
                                             "postgresql://user@host:port/database")
                                              .arg(url.errorString())};
    QUrlQuery query(url);
    if (!url.password().isEmpty() || query.hasQueryItem(u"password"_s) ||
        query.hasQueryItem(u"sslpassword"_s))
        return Error{ErrorCode::BadInput,
                     tr("The database URL holds a password, which everyone on this computer could "
                        "read: put it into ~/.pgpass (or the file named by PGPASSFILE, or a "
                        "service file) and leave it out of the URL")};
    DatabaseUrl result;
    result.m_engine = Engine::Postgres;
    result.m_host = url.host(QUrl::FullyDecoded);
    result.m_port = url.port();
    result.m_user = url.userName(QUrl::FullyDecoded);
    result.m_name = url.path(QUrl::FullyDecoded).mid(1);
    for (const auto &[key, value] : query.queryItems(QUrl::FullyDecoded)) {
        if (key == u"host"_s)
            result.m_host = value;
        else if (key == u"port"_s)
            result.m_port = value.toInt();
        else if (key == u"user"_s)
            result.m_user = value;
        else if (key == u"dbname"_s)
            result.m_name = value;
        else
            result.m_options.insert(key, value);
    }
    return result;
}

DatabaseUrl DatabaseUrl::withName(const QString &name) const
{
    DatabaseUrl copy = *this;
    copy.m_name = name;
    return copy;
}

DatabaseUrl DatabaseUrl::withUser(const QString &user) const
{
    DatabaseUrl copy = *this;
    copy.m_user = user;
    return copy;
}

DatabaseUrl DatabaseUrl::withAccess(const ServerAccess &access) const
{
    DatabaseUrl copy = *this;
    copy.m_access = access;
    return copy;
}

QString DatabaseUrl::text() const
{
    if (m_engine == Engine::Sqlite)
        return u"sqlite:///"_s + m_path;
    QUrl url;
    url.setScheme(u"postgresql"_s);
    url.setUserName(m_user);
    url.setPath(u'/' + m_name);
    QUrlQuery query;
    if (m_host.startsWith(u'/')) { // a socket directory can not stand in a URL's host
        query.addQueryItem(u"host"_s, m_host);
        if (m_port >= 0)
            query.addQueryItem(u"port"_s, QString::number(m_port));
        url.setHost(u""_s);
    } else {
        url.setHost(m_host.isEmpty() ? u""_s : m_host); // a null one drops the "//"
        url.setPort(m_port);
    }
    for (auto it = m_options.begin(); it != m_options.end(); ++it)
        query.addQueryItem(it.key(), it.value());
    if (!query.isEmpty())
        url.setQuery(query);
    return url.toString(QUrl::FullyEncoded);
}

} // namespace birch
