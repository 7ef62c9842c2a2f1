#pragma once

#include "core/exchange/scan_source.h"
#include "core/store/chunk_reader.h"
#include "core/store/session.h"

#include <memory>

namespace birch {

/// A scan of the database as a source for export. Belongs to the thread of its connection.
class StoredScanSource final : public ScanSource
{
public:
    /// By human id, uid, or the beginning of a uid. What is stored now is what is read.
    /// \a connection must outlive it. Errors: NotFound; Conflict - several fit; Storage.
    static Result<std::unique_ptr<StoredScanSource>>
    open(Connection &connection, const Session &session, const QString &key);

    const ExportedScan &scan() const override { return m_scan; }
    Result<ColumnValues> read(int object, int column, qint64 from, qint64 to) override;

private:
    explicit StoredScanSource(Connection &connection)
        : m_reader(connection)
    {
    }

    ChunkReader m_reader;
    ExportedScan m_scan;
    std::vector<StoredObject> m_objects;
};

} // namespace birch
