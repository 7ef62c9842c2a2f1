#pragma once

#include "core/data/run_store.h"

namespace birch {

enum class SpoolCondition {
    Running,   ///< a living program owns it: leave it alone
    Orphan,    ///< its program is gone: recover it
    Foreign,   ///< of another database than the one asked about
    Unowned,   ///< recorded without a database: goes into the one that it is given to
    Unreadable ///< not a spool of this version, or the disk does not answer
};

/// One scan's spool as found on disk.
struct SpoolInfo {
    QString folder;
    QUuid scan;
    QString scanId; ///< human id; "" where the program died before the store gave one
    QUuid database;
    SpoolCondition condition = SpoolCondition::Orphan;
    QString message; ///< one sentence: what it is, what to do
};

/// What is in \a spoolDir, by folder name. \a database: the one that is open here. Changes nothing.
QList<SpoolInfo> listSpools(const QString &spoolDir, const QUuid &database);

struct RecoverySettings {
    qint64 maxRowsPerCommit = 16384;
    bool compress = true;
    bool adopts = false; ///< an Unowned spool: from then on it belongs to this database
};

struct RecoveredScan {
    QUuid scan;
    QString scanId;           ///< "" when the scan had never reached the database
    qint64 rowsRecovered = 0; ///< that the database did not have yet
    QList<qint64> rowsStored; ///< per object, now
    ScanState state = ScanState::Interrupted;
    QString warning; ///< "" or what was lost to a damaged file and where it is kept
};

/// Brings a spool into the database and deletes it: the missing rows once and in order, log
/// entries, the ending if one was recorded, else the state `interrupted`; the cursor of the last
/// record, so that the scan can be continued. A damaged spool is recovered up to the damage and its
/// folder kept under the name "….damaged".
///
/// A scan that began while its database was away is created there first.
///
/// May be killed at any instant and called again. Holds the spool's lock meanwhile; blocks for as
/// many transactions as it takes. Errors: Conflict - a living program owns it, it belongs to
/// another database, or another program has continued the scan; the spool is left as it was. Others
/// as RunStore::commit(), also with the spool left.
Result<RecoveredScan> recoverSpool(const QString &folder, RunStore &store,
                                   const RecoverySettings &settings = {});

} // namespace birch
