#pragma once

#include "core/store/integrity/integrity_report.h"
#include "core/store/session.h"

#include <QIODevice>

#include <functional>

namespace birch {

/// Bytes as they lie in the database.
struct StoredBlob {
    QString sha256; ///< hexadecimal
    qint64 size = 0;
};

/// Hash and size of what \a source gives until its end. Errors: Io.
Result<StoredBlob> digestOf(QIODevice &source);

/// Bytes under their hash, the same bytes once per lab. In pieces of 1 MiB, so that nothing is ever
/// held whole in memory. One per connection, on its thread.
class BlobStore
{
    Q_DECLARE_TR_FUNCTIONS(BlobStore)
public:
    static constexpr qint64 kChunkBytes = 1024 * 1024;
    /// How long bytes that nobody refers to are kept: who is just attaching them needs them.
    static constexpr qint64 kGraceUs = 3600LL * 1'000'000;

    explicit BlobStore(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Reads \a source twice: once for its hash, once to store it if it is not there yet. Call
    /// inside the transaction of what refers to it. Errors: Io; Conflict - it changed meanwhile.
    Result<StoredBlob> add(qint64 lab, QIODevice &source);
    /// Piece after piece; \a onPiece must not use the connection's statements.
    /// Errors: NotFound; Storage - a piece is missing, or the bytes have another hash.
    Status read(qint64 lab, const QString &sha256,
                const std::function<Status(const QByteArray &)> &onPiece);
    /// Removes what no attachment has referred to for kGraceUs before \a nowUs. Returns how many.
    Result<qint64> collectGarbage(qint64 nowUs);
    using OnFinding = std::function<void(const IntegrityFinding &)>;
    /// Of everything that is stored: hashes and sizes, attachments without bytes, files elsewhere
    /// that are gone or changed. Nothing is good. Reads all bytes. Returns how many were looked at.
    Result<qint64> check(const OnFinding &onFinding);

private:
    Status addPieces(qint64 blob, qint64 lab, const StoredBlob &expected, QIODevice &source);
    /// What is there, whatever it should be.
    Result<StoredBlob> readStored(qint64 blob, qint64 expectedSize,
                                  const std::function<Status(const QByteArray &)> &onPiece);
    Result<qint64> checkStored(const OnFinding &onFinding);
    Status checkMissing(const OnFinding &onFinding);
    Result<qint64> checkFiles(const OnFinding &onFinding);

    Connection &m_connection;
};

} // namespace birch
