#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/session.h"

namespace birch {

/// What is known of a file that is a picture.
struct ImagePreview {
    int width = 0;        ///< px
    int height = 0;       ///< px
    QByteArray thumbnail; ///< a small PNG
};

/// A file that is to hang on an object.
struct NewAttachment {
    QString file;        ///< path to read
    QString object = {}; ///< "samples:S-1"; of a replacement: that of the old one
    QString name = {};   ///< "": the file's
    QString description = {};
    QString tier = {};         ///< raw, processed, published; "": raw, or that of the old one
    bool staysInPlace = false; ///< only path, size and hash are kept
    std::optional<ImagePreview> preview = {};
};

/// Files on objects: stored once under their hash, in versions. One per connection, on its thread.
class AttachmentStore
{
    Q_DECLARE_TR_FUNCTIONS(AttachmentStore)
public:
    explicit AttachmentStore(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Errors: Io, NotFound - the file; BadInput, NotFound - the object.
    Result<EntityRecord> attach(const Session &session, const NewAttachment &file);
    /// A newer version; the old one stays as history. Errors: Conflict - \a key is not the newest.
    Result<EntityRecord> replace(const Session &session, const QString &key,
                                 const NewAttachment &file);
    /// All versions into the trash. Returns how many.
    Result<qint64> remove(const Session &session, const QString &key);
    /// Newest first.
    Result<QList<EntityRecord>> history(const Session &session, const QString &key);
    /// Writes the bytes to \a path, whole or not at all. Errors: those of BlobStore::read(); Io;
    /// Conflict - a file that stayed in place is not the one that was attached.
    Status save(const Session &session, const QString &key, const QString &path);
    /// The small PNG; empty for what has none.
    Result<QByteArray> thumbnail(const Session &session, const QString &key);

private:
    Result<EntityRecord> add(const Session &session, const NewAttachment &file, QVariantMap values);
    Result<qint64> labOf(const EntityRecord &attachment);
    Result<EntityRecord> find(const Session &session, const QString &key);
    Result<QList<qint64>> versions(qint64 row);

    Connection &m_connection;
};

} // namespace birch
