#pragma once

#include "core/store/connection.h"
#include "core/store/search/search_words.h"
#include "core/store/session.h"

#include <QJsonObject>

namespace birch {

/// One thing that a search has found.
struct ObjectHit {
    QString kind; ///< table: "samples"
    QString id;   ///< as people call it
    QString uid;
    QString name;         ///< what it is called besides, "" for nothing
    QString lab;          ///< "" for none
    QString snippet;      ///< of its text, around the first word
    bool isExact = false; ///< the search is its id
    bool isTrashed = false;

    /// {"kind","id","uid","title","snippet","lab","exact","trashed"}
    QJsonObject toJson() const;
};

struct ObjectSearchFilter {
    SearchRequest request;
    bool isTrashIncluded = false;
    QString anchor; ///< of an earlier page
    int page = 1;   ///< from 1
    int perPage = 50;
};

/// Newest first; what is called exactly so comes before all else, on the first page.
struct ObjectHits {
    QList<ObjectHit> hits;
    qint64 total = 0;         ///< without the exact ones that no word of theirs would have found
    bool isTotalExact = true; ///< else there are at least so many
    int page = 1;
    int perPage = 0;
    QString anchor;

    /// {"results","total","total_is_exact","page","per_page","anchor"}
    QJsonObject toJson() const;
};

/// Looks through everything that has a row in `objects`: entities, scans and queues. One per
/// connection, on its thread. Seven statements and one more per kind on the page.
class ObjectSearch
{
    Q_DECLARE_TR_FUNCTIONS(ObjectSearch)
public:
    explicit ObjectSearch(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Errors: BadInput - no word to look for, or an unknown kind.
    Result<ObjectHits> search(const Session &session, const ObjectSearchFilter &filter);

private:
    Result<QStringList> kinds(const QStringList &typed) const;
    Result<QList<qint64>> called(const QString &id, const QStringList &kinds, bool withTrash);
    Status read(const Session &session, const QList<qint64> &ids, const SearchWords &words,
                QList<ObjectHit> *hits);
    Status addNames(QList<ObjectHit> *hits, const QHash<QString, QList<qint64>> &rows,
                    const QHash<QString, qsizetype> &places);

    Connection &m_connection;
};

} // namespace birch
