#pragma once

#include "core/store/scan_record.h"
#include "core/store/session.h"

namespace birch {

/// Which scans. Conditions that are left open hold for all; several hold together.
struct ScanFilter {
    QString sample;  ///< human id or uid
    QString project; ///< name
    QList<ScanState> states;
    std::optional<qint64> sinceUs; ///< started then or later
    QString search;                ///< every word in what describeScan() gathers
    QUuid queue;
    bool isTrashIncluded = false;
    QString anchor; ///< of an earlier page: newer scans do not shift the later ones
    int page = 1;   ///< from 1
    int perPage = 50;

    /// Queued, running or paused.
    static QList<ScanState> activeStates();
};

/// Newest first.
struct ScanPage {
    QList<ScanRecord> scans;
    qint64 total = 0;
    bool isTotalExact = true; ///< else there are at least so many
    int page = 1;
    int perPage = 0;
    QString anchor; ///< for ScanFilter::anchor

    /// {"scans","total","total_is_exact","page","per_page","anchor"}
    QJsonObject toJson() const;
};

/// History. One per connection, on its thread. A page costs six statements (with words
/// six at most), whatever its size.
/// Of the scans that the session may see; their measurement objects are the key to their data.
class ScanRepository
{
    Q_DECLARE_TR_FUNCTIONS(ScanRepository)
public:
    explicit ScanRepository(Connection &connection)
        : m_connection(connection)
    {
    }

    Result<ScanPage> list(const Session &session, const ScanFilter &filter);
    /// By human id, uid, or the beginning of a uid (four characters or more).
    /// Errors: NotFound; Conflict - several begin so; the sentence names them.
    Result<ScanRecord> find(const Session &session, const QString &key);
    Result<ScanReport> show(const Session &session, const QString &key);
    /// Interrupted, newest first: what can be continued.
    Result<QList<ScanRecord>> interrupted(const Session &session);

    /// What the operator says about a scan. \a revision: of the record that was edited.
    /// Errors: Conflict - somebody else edited it meanwhile.
    Status editDetails(const Session &session, const QUuid &scan, const ScanDetails &details,
                       qint64 revision);
    /// Gives up continuing: aborted, rows kept.
    Status closeInterrupted(const Session &session, const QUuid &scan, const QString &reason);
    Status setTrashed(const Session &session, const QUuid &scan, bool isTrashed);

private:
    Result<QList<ScanRecord>> records(const QString &where, const QVariantList &values,
                                      const QString &order);
    /// Errors: Denied; NotFound - a scan that \a session may not see.
    Status may(const Session &session, Action action, const QUuid &scan);
    Status addObjects(QList<ScanRecord> &records);
    Status addTags(QList<ScanRecord> &records);
    Status audit(const Session &session, const QUuid &scan, EventAction action,
                 const QJsonObject &changes);
    Result<QList<ScanLogEntry>> log(qint64 scanRow);

    Connection &m_connection;
};

} // namespace birch
