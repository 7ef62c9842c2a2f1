#include "core/store/known_databases.h"

#include "core/base/file_writer.h"
#include "core/base/id.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace birch {

QString KnownDatabases::path(const DatabaseUrl &url) const
{
    const QByteArray name =
        QCryptographicHash::hash(url.text().toUtf8(), QCryptographicHash::Sha256).toHex().left(32);
    return m_folder + u"/databases/"_s + QString::fromLatin1(name) + u".json"_s;
}

Status KnownDatabases::remember(const DatabaseUrl &url, const KnownDatabase &known) const
{
    const QJsonObject json{{u"url"_s, url.text()},
                           {u"uid"_s, uidText(known.uid)},
                           {u"schema_version"_s, known.schemaVersion},
                           {u"user"_s, known.session.user},
                           {u"role"_s, roleName(known.session.role)}};
    const QByteArray text = QJsonDocument(json).toJson();
    const QString file = path(url);
    if (const auto before = readFile(file); before && before.value() == text)
        return ok(); // nothing new: the disk is spared
    if (!QDir().mkpath(QFileInfo(file).path()))
        return Error{ErrorCode::Io, tr("The folder %1 can not be made: check its permissions, or "
                                       "set state.path to another one")
                                        .arg(QFileInfo(file).path())};
    return writeFile(file, text);
}

Result<KnownDatabase> KnownDatabases::find(const DatabaseUrl &url) const
{
    const auto text = readFile(path(url));
    const QJsonObject json = text ? QJsonDocument::fromJson(text.value()).object() : QJsonObject();
    KnownDatabase known;
    known.uid = QUuid::fromString(json[u"uid"_s].toString());
    known.schemaVersion = json[u"schema_version"_s].toInt();
    known.session.user = json[u"user"_s].toString();
    known.session.role = roleFromName(json[u"role"_s].toString()).value_or(Role::Viewer);
    if (known.uid.isNull())
        return Error{
            ErrorCode::NotFound,
            tr("%1 has never been open on this computer, so nothing can be recorded for it "
               "while it is away")
                .arg(url.text())};
    return known;
}

} // namespace birch
