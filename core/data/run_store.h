#pragma once

#include "core/base/definition_text.h"
#include "core/base/result.h"
#include "core/data/point_batch.h"
#include "core/data/run_state.h"
#include "core/data/scan_timing.h"

#include <QJsonObject>
#include <QMap>
#include <QMetaType>
#include <QStringList>

#include <optional>

namespace birch {

/// What the operator says about a scan; editable afterwards.
struct ScanDetails {
    QString name;      ///< the tree's name
    QString sampleUid; ///< "" while none is chosen
    QString project;   ///< project name; "" for none
    QString operatorName;
    QString title;
    QString type;
    QStringList tags;
    QString comment;
    QMap<QString, QString> fields; ///< what the lab wants to have noted besides, by name

    bool operator==(const ScanDetails &) const = default;
};

/// Everything that is known when a scan starts. \a uid is made by the engine (UUIDv7).
struct NewScan {
    QUuid uid;
    QString scanId; ///< human id; "": the store gives one, and does where this one is taken
    QString station;
    ScanDetails details;
    QUuid queueUid;    ///< null: not from a queue
    QString queueName; ///< with which a queue that the store does not know is made; "": none is
    int queuePosition = 0;
    QUuid queueItem;        ///< of a shared queue, claimed; null: none
    int queueItemEpoch = 0; ///< of that claim: refused once it is over
    QJsonObject tree;       ///< the tree document, so that it can be edited again
    QByteArray planHash;
    QJsonObject settings;    ///< snapshot: nickname -> {parameter: value}
    QJsonObject instruments; ///< nickname -> {definition, version, identity, parameters}; see
                             ///< core/instrument/settings_difference.h
    QJsonObject bench;       ///< the file it runs on: {file, version, text}
    QList<DefinitionText> definitions; ///< what \a instruments name, and what that extends
    QList<TableSchema> objects;
    qint64 pointsPlanned = 0;
    qint64 startedUs = 0; ///< microseconds UTC
    QString softwareVersion;
    /// Begun while the store was away: it is never refused for what it refers to. \a
    /// details.sampleUid may be a human id or a name; a sample that is not known is left out, and
    /// the scan's log says so.
    bool isLate = false;
};

/// The stored identity of a scan that this process may write to.
struct OpenedScan {
    QUuid uid;
    QString scanId; ///< human id STATION-yymmdd-nnn, given by the store
    QUuid databaseUid;
    int epoch = 1;            ///< counts starts and continuations
    QList<qint64> rowsStored; ///< per object
    ScanState state = ScanState::Running;
    QJsonObject cursor; ///< as stored: where a continuation starts; empty: at the beginning
};

struct ScanLogEntry {
    qint64 timeNs = 0; ///< UTC
    QString level;     ///< "info" "warning" "error" "safe"; see pause_interval.h
    QString message;
};

enum class ChunkCodec : quint8 { Raw = 0, ShuffleZstd = 1 };

/// One column of consecutive rows as stored in data_chunks. Made by the chunk codec.
struct Chunk {
    int object = 0;
    int column = 0;
    qint64 firstRow = 0;
    qint64 rowCount = 0;
    ChunkCodec codec = ChunkCodec::Raw;
    QByteArray
        minimum; ///< 8 bytes of the column's type over Ok, finite values; empty when there are none
    QByteArray maximum;
    qint64 flaggedCount = 0;
    QByteArray payload;
    QByteArray flags; ///< empty: all Ok; else zstd of one byte per value
};

/// What the store thread writes in one transaction.
struct ScanCommit {
    QUuid scan;
    int epoch = 0;            ///< WHERE epoch = mine
    QList<qint64> rowsBefore; ///< per object: WHERE rows_stored = expected
    QList<qint64> rowsAfter;
    std::vector<Chunk> chunks;
    QList<ScanLogEntry> log;
    qint64 logSequence = 0;         ///< of log[0], the others follow on; unique in the scan and
                                    ///< growing (epoch << 32 | n); one stored before is skipped
    QJsonObject cursor;             ///< position after the last row; empty: unchanged
    QJsonObject endSettings;        ///< as NewScan::settings, at the end; empty: unchanged
    std::optional<ScanState> state; ///< set together with the rows; checked with isAllowed(); the
                                    ///< state it is already in: unchanged, no error
    QString reason;                 ///< of the ending; one sentence
    std::optional<qint64> endedUs;
    /// Totals of the run that is \a epoch, instead of those stored before; none: unchanged.
    std::optional<ScanTiming> timing;
    bool isDurable = false; ///< the commit after which a spool segment is deleted
};

struct SideRows;

/// Where runs are kept. Implemented by core/store for SQLite and PostgreSQL; called on the store
/// thread only; every call blocks for one transaction. After an error nothing of the call is
/// stored.
class RunStore
{
public:
    virtual ~RunStore() = default;

    virtual QUuid databaseUid() const = 0;
    /// Creates the scan in state `running` with epoch 1, its human id and its measurement objects.
    /// One that was created before and has not gone on since is the same one.
    virtual Result<OpenedScan> createScan(const NewScan &scan) = 0;
    /// Takes an interrupted scan over for continuation: epoch + 1 by compare-and-set, state
    /// `running`, with its cursor. Conflict: it is not interrupted, or somebody else was faster.
    virtual Result<OpenedScan> continueScan(const QUuid &scan) = 0;
    /// Rows stored, epoch, state and cursor of a scan: for recovery and after a lost answer.
    /// NotFound: not in this database.
    virtual Result<OpenedScan> openForRecovery(const QUuid &scan) = 0;
    /// All or nothing. Conflict: another writer owns the scan or the rows do not join on.
    virtual Status commit(const ScanCommit &commit) = 0;

    /// Rows per object that the scan had when it was taken from the station that wrote \a epoch;
    /// empty: it was not.
    virtual Result<QList<qint64>> rowsAtTakeover(const QUuid &scan, int epoch);
    /// Tables beside those of a scan that was taken over and has gone on, for what \a station still
    /// has of \a epoch. Errors: Conflict - it was not taken over then.
    virtual Result<SideRows> openSide(const QUuid &scan, int epoch, const QString &station);
    /// Rows into these tables, counted as in the scan; log, cursor and state are passed over.
    virtual Status commitSide(const ScanCommit &commit, const SideRows &side);

    /// createScan() may return before what it wrote is on the disk; this waits for it.
    virtual Status makeDurable(const QUuid &scan);

    virtual Result<QUuid> createQueue(const QString &name, const QString &mode) = 0;
    virtual Status setQueueState(const QUuid &queue, QueueState state) = 0;
};

} // namespace birch

Q_DECLARE_METATYPE(birch::ScanLogEntry)
