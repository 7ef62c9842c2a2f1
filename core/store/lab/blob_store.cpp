#include "core/store/lab/blob_store.h"

#include "core/store/store_time.h"

#include <QCryptographicHash>
#include <QFile>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString hex(const QCryptographicHash &hash)
{
    return QString::fromLatin1(hash.result().toHex());
}

QString translated(const char *text)
{
    return QCoreApplication::translate("BlobStore", text);
}

QString content(const StoredBlob &blob)
{
    return translated("%1 bytes, SHA-256 %2").arg(blob.size).arg(blob.sha256);
}

/// Calls \a onPiece with at most a chunk at a time, until the end of \a source.
Status readPieces(QIODevice &source, const std::function<Status(const QByteArray &)> &onPiece)
{
    if (!source.seek(0))
        return Error{ErrorCode::Io, translated("The file can not be read from its beginning: "
                                               "attach a plain file")};
    QByteArray piece(BlobStore::kChunkBytes, Qt::Uninitialized);
    while (true) {
        qint64 filled = 0;
        while (filled < piece.size()) { // a device may give less than asked
            const qint64 got = source.read(piece.data() + filled, piece.size() - filled);
            if (got < 0)
                return Error{ErrorCode::Io, translated("The file can not be read (%1): check it, "
                                                       "then attach it again")
                                                .arg(source.errorString())};
            if (got == 0)
                break;
            filled += got;
        }
        if (filled == 0)
            return ok();
        if (Status done = onPiece(filled == piece.size() ? piece : piece.first(filled)); !done)
            return done;
        if (filled < piece.size())
            return ok();
    }
}
} // namespace

Result<StoredBlob> digestOf(QIODevice &source)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    StoredBlob blob;
    const Status done = readPieces(source, [&](const QByteArray &piece) {
        hash.addData(piece);
        blob.size += piece.size();
        return ok();
    });
    if (!done)
        return done.error();
    blob.sha256 = hex(hash);
    return blob;
}

Result<StoredBlob> BlobStore::add(qint64 lab, QIODevice &source)
{
    const auto digest = digestOf(source);
    if (!digest)
        return digest;
    const qint64 now = nowUs();
    const QVariantList key{lab, digest.value().sha256};
    // Touching it keeps the garbage collection away from bytes that are about to be used again.
    const auto touched = m_connection.executeCounting(
        u"UPDATE blobs SET used_at = ? WHERE lab_id = ? AND sha256 = ?"_s, QVariantList{now} + key);
    if (!touched)
        return touched.error();
    if (touched.value() > 0)
        return digest;
    const auto made = m_connection.firstRow(
        u"INSERT INTO blobs (lab_id, sha256, size, created_at, used_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (lab_id, sha256) DO NOTHING RETURNING id"_s,
        key + QVariantList{digest.value().size, now, now});
    if (!made)
        return made.error();
    if (!made.value())
        return digest; // somebody else stored the same bytes at the same moment
    if (Status done = addPieces(made.value()->first().toLongLong(), lab, digest.value(), source);
        !done)
        return done.error();
    return digest;
}

Status BlobStore::addPieces(qint64 blob, qint64 lab, const StoredBlob &expected, QIODevice &source)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    qint64 position = 0;
    const Status done = readPieces(source, [&](const QByteArray &piece) {
        hash.addData(piece);
        return m_connection.execute(
            u"INSERT INTO blob_chunks (blob_id, position, lab_id, payload) VALUES (?, ?, ?, ?)"_s,
            {blob, position++, lab, piece});
    });
    if (!done)
        return done;
    if (hex(hash) != expected.sha256)
        return Error{ErrorCode::Conflict, tr("The file changed while it was read: wait until it "
                                             "is written, then attach it again")};
    return ok();
}

Status BlobStore::read(qint64 lab, const QString &sha256,
                       const std::function<Status(const QByteArray &)> &onPiece)
{
    const auto blob = m_connection.firstRow(
        u"SELECT id, size FROM blobs WHERE lab_id = ? AND sha256 = ?"_s, {lab, sha256});
    if (!blob)
        return blob.error();
    if (!blob.value())
        return Error{ErrorCode::NotFound,
                     tr("The bytes %1 are not in this database: run birchctl attachments check")
                         .arg(sha256)};
    const auto found =
        readStored(blob.value()->first().toLongLong(), blob.value()->at(1).toLongLong(), onPiece);
    if (!found)
        return found.error();
    if (found.value().sha256 != sha256)
        return Error{ErrorCode::Storage, tr("The stored bytes %1 are damaged: restore them from a "
                                            "backup")
                                             .arg(sha256)};
    return ok();
}

Result<StoredBlob> BlobStore::readStored(qint64 blob, qint64 expectedSize,
                                         const std::function<Status(const QByteArray &)> &onPiece)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    StoredBlob found;
    for (qint64 position = 0; found.size < expectedSize; ++position) {
        const auto piece = m_connection.firstRow(
            u"SELECT payload FROM blob_chunks WHERE blob_id = ? AND position = ?"_s,
            {blob, position});
        if (!piece)
            return piece.error();
        const QByteArray bytes =
            piece.value() ? piece.value()->first().toByteArray() : QByteArray();
        if (bytes.isEmpty())
            break;
        hash.addData(bytes);
        found.size += bytes.size();
        if (Status done = onPiece(bytes); !done)
            return done.error();
    }
    found.sha256 = hex(hash);
    return found;
}

Result<qint64> BlobStore::collectGarbage(qint64 nowUs)
{
    return m_connection.executeCounting(
        u"DELETE FROM blobs WHERE used_at < ? AND NOT EXISTS (SELECT 1 FROM attachments a WHERE "
        "a.lab_id = blobs.lab_id AND (a.sha256 = blobs.sha256 OR "
        "a.thumbnail_sha256 = blobs.sha256))"_s,
        {nowUs - kGraceUs});
}

Result<qint64> BlobStore::checkStored(const OnFinding &onFinding)
{
    struct Listed {
        qint64 id = 0;
        StoredBlob blob;
        QString usedBy;
    };
    QList<Listed> listed;
    if (Status done = m_connection.select(
            u"SELECT b.id, b.sha256, b.size, (SELECT min(a.name) FROM attachments a WHERE "
            "a.lab_id = b.lab_id AND (a.sha256 = b.sha256 OR a.thumbnail_sha256 = b.sha256)) "
            "FROM blobs b ORDER BY b.id"_s,
            {},
            [&listed](const SqlRow &row) {
                listed.append({row.integer(0), {row.text(1), row.integer(2)}, row.text(3)});
            });
        !done)
        return done.error();
    for (const Listed &one : std::as_const(listed)) {
        const auto found =
            readStored(one.id, one.blob.size, [](const QByteArray &) { return ok(); });
        if (!found)
            return found.error();
        if (found.value().sha256 == one.blob.sha256 && found.value().size == one.blob.size)
            continue;
        onFinding({.table = u"blobs"_s,
                   .id = one.usedBy.isEmpty() ? tr("bytes of no attachment") : one.usedBy,
                   .what = tr("the stored bytes are damaged"),
                   .expected = content(one.blob),
                   .found = content(found.value()),
                   .remedy = tr("restore them from a backup")});
    }
    return qint64(listed.size());
}

Status BlobStore::checkMissing(const OnFinding &onFinding)
{
    return m_connection.select(
        u"SELECT a.name, a.sha256, a.size FROM attachments a WHERE a.path IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM blobs b WHERE b.lab_id = a.lab_id AND b.sha256 = a.sha256) "
        "ORDER BY a.id"_s,
        {}, [&onFinding](const SqlRow &row) {
            onFinding({.table = u"attachments"_s,
                       .id = row.text(0),
                       .what = tr("its bytes are not in the database"),
                       .expected = content({row.text(1), row.integer(2)}),
                       .remedy = tr("restore them from a backup")});
        });
}

Result<qint64> BlobStore::checkFiles(const OnFinding &onFinding)
{
    qint64 count = 0;
    const Status done = m_connection.select(
        u"SELECT name, path, size, sha256 FROM attachments WHERE path IS NOT NULL AND "
        "trashed_at IS NULL ORDER BY id"_s,
        {}, [&](const SqlRow &row) {
            ++count;
            QFile file(row.text(1));
            const StoredBlob attached{row.text(3), row.integer(2)};
            IntegrityFinding finding{
                .table = u"attachments"_s,
                .id = row.text(0),
                .what = tr("the file %1 can not be read").arg(row.text(1)),
                .expected = content(attached),
                .remedy = tr("bring the file back, or correct the path of the attachment")};
            if (!file.open(QIODevice::ReadOnly)) {
                finding.found = file.errorString();
                onFinding(finding);
                return;
            }
            const auto digest = digestOf(file);
            if (digest && digest.value().sha256 == attached.sha256)
                return;
            if (digest)
                finding.what = tr("the file %1 is not the one that was attached").arg(row.text(1));
            finding.found = digest ? content(digest.value()) : digest.error().message;
            finding.remedy = tr("bring that file back, or replace the attachment");
            onFinding(finding);
        });
    return done ? Result<qint64>(count) : done.error();
}

Result<qint64> BlobStore::check(const OnFinding &onFinding)
{
    const auto stored = checkStored(onFinding);
    if (!stored)
        return stored;
    if (Status done = checkMissing(onFinding); !done)
        return done.error();
    const auto files = checkFiles(onFinding);
    return files ? Result<qint64>(stored.value() + files.value()) : files;
}

} // namespace birch
