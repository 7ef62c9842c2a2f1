#include "core/store/lab/attachment_store.h"

#include "core/base/file_writer.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/entity/trash.h"
#include "core/store/lab/blob_store.h"
#include "core/store/write_transaction.h"

#include <QBuffer>
#include <QFile>
#include <QFileInfo>
#include <QMimeDatabase>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const EntitySpec &spec()
{
    return *entityByTable(u"attachments"_s);
}
} // namespace

Result<EntityRecord> AttachmentStore::find(const Session &session, const QString &key)
{
    return EntityRepository(m_connection, spec()).find(session, key);
}

Result<qint64> AttachmentStore::labOf(const EntityRecord &attachment)
{
    const auto row =
        m_connection.firstRow(u"SELECT lab_id FROM attachments WHERE id = ?"_s, {attachment.id});
    if (!row)
        return row.error();
    if (!row.value())
        return Error{ErrorCode::NotFound, tr("The attachment is gone: refresh the list")};
    return row.value()->first().toLongLong();
}

Result<EntityRecord> AttachmentStore::add(const Session &session, const NewAttachment &given,
                                          QVariantMap values)
{
    const auto object = findObject(m_connection, values.value(u"object"_s).toString());
    if (!object)
        return object.error();
    QFile file(given.file);
    if (!QFileInfo(given.file).isFile() || !file.open(QIODevice::ReadOnly))
        return Error{
            ErrorCode::Io,
            tr("The file %1 can not be read: check its name and its rights").arg(given.file)};
    BlobStore blobs(m_connection);
    const auto stored = given.staysInPlace ? digestOf(file) : blobs.add(object.value().lab, file);
    if (!stored)
        return stored.error().within(given.file);
    const QFileInfo info(given.file);
    values.insert(u"name"_s, given.name.isEmpty() ? info.fileName() : given.name);
    values.insert(u"filename"_s, info.fileName());
    values.insert(u"media_type"_s, QMimeDatabase().mimeTypeForFile(info).name());
    values.insert(u"size"_s, stored.value().size);
    values.insert(u"sha256"_s, stored.value().sha256);
    if (!given.description.isEmpty())
        values.insert(u"description"_s, given.description);
    if (!given.tier.isEmpty())
        values.insert(u"tier"_s, given.tier);
    if (given.staysInPlace)
        values.insert(u"path"_s, info.absoluteFilePath());
    if (given.preview) {
        values.insert(u"is_image"_s, true);
        values.insert(u"width"_s, given.preview->width);
        values.insert(u"height"_s, given.preview->height);
        QBuffer small;
        small.setData(given.preview->thumbnail);
        small.open(QIODevice::ReadOnly);
        const auto preview = blobs.add(object.value().lab, small);
        if (!preview)
            return preview.error();
        values.insert(u"thumbnail_sha256"_s, preview.value().sha256);
    }
    return EntityRepository(m_connection, spec())
        .insert(session, values, {}, {.origin = Origin::Store});
}

Result<EntityRecord> AttachmentStore::attach(const Session &session, const NewAttachment &file)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    auto made = add(session, file, {{u"object"_s, file.object}});
    if (!made)
        return made;
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return made;
}

Result<EntityRecord> AttachmentStore::replace(const Session &session, const QString &key,
                                              const NewAttachment &file)
{
    if (Status may = session.mayWrite(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto old = find(session, key);
    if (!old)
        return old;
    if (!old.value().values.value(u"is_current"_s).toBool() || old.value().trashedUs)
        return Error{ErrorCode::Conflict,
                     tr("\"%1\" is not the newest version, or in the trash: replace the newest one")
                         .arg(old.value().text(u"name"_s))};
    NewAttachment next = file;
    if (next.name.isEmpty())
        next.name = old.value().text(u"name"_s);
    if (next.tier.isEmpty())
        next.tier = old.value().text(u"tier"_s);
    if (next.description.isEmpty())
        next.description = old.value().text(u"description"_s);
    const auto closed =
        EntityRepository(m_connection, spec())
            .update(session, old.value(), {{u"is_current"_s, false}}, Origin::Store);
    if (!closed)
        return closed;
    auto made = add(session, next,
                    {{u"object"_s, old.value().referenceUids.value(u"object"_s)},
                     {u"previous"_s, old.value().uid},
                     {u"is_primary"_s, old.value().values.value(u"is_primary"_s)},
                     {u"version"_s, old.value().values.value(u"version"_s).toLongLong() + 1}});
    if (!made)
        return made;
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return made;
}

/// Every version of the same file, oldest first.
Result<QList<qint64>> AttachmentStore::versions(qint64 row)
{
    QList<qint64> rows;
    const Status done = m_connection.select(
        u"WITH RECURSIVE older(id) AS (SELECT id FROM attachments WHERE id = ? UNION "
        "SELECT a.previous_id FROM attachments a JOIN older o ON a.id = o.id WHERE "
        "a.previous_id IS NOT NULL), chain(id) AS (SELECT id FROM older UNION SELECT a.id FROM "
        "attachments a JOIN chain c ON a.previous_id = c.id) SELECT a.id FROM attachments a "
        "JOIN chain c ON c.id = a.id ORDER BY a.version, a.id"_s,
        {row}, [&rows](const SqlRow &one) { rows << one.integer(0); });
    if (!done)
        return done.error();
    return rows;
}

Result<qint64> AttachmentStore::remove(const Session &session, const QString &key)
{
    const auto attachment = find(session, key);
    if (!attachment)
        return attachment.error();
    const auto rows = versions(attachment.value().id);
    if (!rows)
        return rows.error();
    const auto oldest = objectOfRow(m_connection, u"attachments"_s, rows.value().first());
    if (!oldest)
        return oldest.error();
    // Each version belongs to the one before it: with the first, all go.
    const auto done = Trash(m_connection).trash(session, u"attachments"_s, oldest.value().uid);
    if (!done)
        return done.error();
    return done.value().counts.value(u"attachments"_s);
}

Result<QList<EntityRecord>> AttachmentStore::history(const Session &session, const QString &key)
{
    const auto attachment = find(session, key);
    if (!attachment)
        return attachment.error();
    const auto rows = versions(attachment.value().id);
    if (!rows)
        return rows.error();
    QList<EntityRecord> records;
    for (const qint64 row : rows.value()) {
        auto record = EntityRepository(m_connection, spec()).get(session, row);
        if (!record)
            return record.error();
        records.prepend(std::move(record).value());
    }
    return records;
}

Status AttachmentStore::save(const Session &session, const QString &key, const QString &path)
{
    const auto attachment = find(session, key);
    if (!attachment)
        return attachment.error();
    auto writer = FileWriter::create(path);
    if (!writer)
        return writer.error();
    const QString sha256 = attachment.value().text(u"sha256"_s);
    const QString place = attachment.value().text(u"path"_s);
    if (place.isEmpty()) {
        const auto lab = labOf(attachment.value());
        if (!lab)
            return lab.error();
        const Status read =
            BlobStore(m_connection).read(lab.value(), sha256, [&writer](const QByteArray &piece) {
                return writer.value().write(piece);
            });
        return read ? writer.value().commit() : read;
    }
    QFile file(place);
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::Io,
                     tr("The file stays at %1 and can not be opened: bring it back").arg(place)};
    const auto digest = digestOf(file);
    if (!digest)
        return digest.error();
    if (digest.value().sha256 != sha256)
        return Error{ErrorCode::Conflict,
                     tr("The file at %1 is not the one that was attached: bring that back, or "
                        "replace the attachment")
                         .arg(place)};
    file.seek(0);
    while (!file.atEnd()) {
        if (Status done = writer.value().write(file.read(BlobStore::kChunkBytes)); !done)
            return done;
    }
    return writer.value().commit();
}

Result<QByteArray> AttachmentStore::thumbnail(const Session &session, const QString &key)
{
    const auto attachment = find(session, key);
    if (!attachment)
        return attachment.error();
    const QString sha256 = attachment.value().text(u"thumbnail_sha256"_s);
    QByteArray bytes;
    if (sha256.isEmpty())
        return bytes;
    const auto lab = labOf(attachment.value());
    if (!lab)
        return lab.error();
    const Status read =
        BlobStore(m_connection).read(lab.value(), sha256, [&bytes](const QByteArray &piece) {
            bytes += piece;
            return ok();
        });
    if (!read)
        return read.error();
    return bytes;
}

} // namespace birch
