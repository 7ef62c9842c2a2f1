#include "core/store/schema/server_database.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Schema", text);
}

/// Word search folds case and cuts words by the ctype: under "C" it would lose every letter that
/// is not ASCII.
Status checkEncoding(Connection &connection, const DatabaseUrl &url)
{
    const auto row = connection.firstRow(
        u"SELECT current_setting('server_encoding'), datctype, "
        "lower('\u00c4\u03a9') = '\u00e4\u03c9' FROM pg_database WHERE datname = current_database()"_s);
    if (!row)
        return row.error();
    const QVariantList values = row.value().value();
    if (values[0].toString() != u"UTF8"_s)
        return Error{ErrorCode::BadInput,
                     tr("The database %1 is not in UTF8: create it with ENCODING 'UTF8', or "
                        "let birchctl db init create one under another name")
                         .arg(url.name())};
    if (!values[2].toBool())
        return Error{ErrorCode::BadInput,
                     tr("The database %1 has the ctype %2, which knows no letters but ASCII's: "
                        "create it with LC_CTYPE 'C.UTF-8' (or your language's), or let birchctl "
                        "db init create one under another name")
                         .arg(url.name(), values[1].toString())};
    return ok();
}

/// One of the server's own locales in UTF-8; "" for the server's default.
Result<QString> utf8Locale(Connection &server)
{
    const auto row =
        server.firstRow(u"SELECT collcollate FROM pg_collation WHERE collcollate ~* 'utf-?8$' "
                        "ORDER BY collcollate !~* '^c[.]', collcollate LIMIT 1"_s);
    if (!row)
        return row.error();
    return row.value() ? row.value()->first().toString() : QString();
}

Status create(Connection &server, const DatabaseUrl &url)
{
    const auto known = server.firstRow(u"SELECT lower('\u00c4') = '\u00e4'"_s);
    if (!known)
        return known.error();
    QString locale;
    if (!known.value()->first().toBool()) {
        const auto other = utf8Locale(server);
        if (!other)
            return other.error();
        if (!other.value().isEmpty())
            locale = u" LC_COLLATE '%1' LC_CTYPE '%1'"_s.arg(other.value());
    }
    QString quoted = url.name();
    quoted.replace(u'"', u"\"\""_s);
    return server.script(
        u"CREATE DATABASE \"%1\" ENCODING 'UTF8'%2 TEMPLATE template0"_s.arg(quoted, locale));
}
} // namespace

Status prepareServerDatabase(const DatabaseUrl &url)
{
    auto existing = Connection::open(url);
    if (!existing) {
        if (existing.error().code != ErrorCode::NotFound || url.name().isEmpty())
            return existing.error();
        const auto server = Connection::open(url.withName(u"postgres"_s));
        if (!server)
            return server.error();
        if (Status made = create(*server.value(), url); !made)
            return made;
        existing = Connection::open(url);
        if (!existing)
            return existing.error();
    }
    return checkEncoding(*existing.value(), url);
}

} // namespace birch
