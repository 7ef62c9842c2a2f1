#pragma once

#include "core/store/search/page_anchor.h"
#include "core/store/search/text_condition.h"

namespace birch {

/// A page of a list of one table: of an entity, scans or queues, or of `objects` itself.
struct PageQuery {
    QString table; ///< its alias in all pieces of SQL is `alias`
    QString alias;
    QString joins = {};          ///< " LEFT JOIN …", what `order` needs
    QStringList conditions = {}; ///< joined by AND; trash, anchor and text apart
    QVariantList values = {};    ///< of their placeholders
    QString order = {};          ///< "t.created_at DESC, t.id DESC"
    QStringList kinds = {};      ///< of `objects` alone: only these; empty: all
    SearchWords words = {};
    bool isTrashIncluded = false;
    QString anchor = {}; ///< "" for the first page
    int page = 1;        ///< from 1
    int perPage = 50;
};

struct PageKeys {
    QList<qint64> ids;        ///< in order
    qint64 total = 0;         ///< of all pages
    bool isTotalExact = true; ///< else there are at least so many
    QString anchor;
};

/// Finds which rows are on a page, in five statements at most. Totals come from the maintained
/// counts when nothing but the trash is left out; otherwise rows are counted up to a bound.
///
/// With words: the newest few thousand rows are looked at first, because what is common is found
/// there at once, and only then the text index, whose hits have to be put in order. So neither a
/// word that everything has nor one that hardly anything has costs much, on either engine and
/// whatever its statistics say.
class PageFinder
{
    Q_DECLARE_TR_FUNCTIONS(Lists)
public:
    PageFinder(Connection &connection, PageQuery query)
        : m_connection(connection)
        , m_query(std::move(query))
    {
    }

    /// Errors: BadInput - a page, or an anchor, that can not be.
    Result<PageKeys> find();

private:
    Status prepare();
    Status findPlain();
    Status findText();
    Status findAmong(const SqlPiece &newest, const SqlPiece &text);
    Status findByIndex();
    Status count();
    Status countMaintained(const PageAnchor &anchor);
    Status findIds(const SqlPiece &from, const QString &condition, const QVariantList &values);
    void keep(QList<qint64> found);
    SqlPiece newestRows() const;
    qint64 newestCount() const;
    QString link() const;
    qint64 offset() const { return qint64(m_query.page - 1) * m_query.perPage; }
    void settleTotal();

    Connection &m_connection;
    PageQuery m_query;
    PageAnchor m_anchor;
    bool m_isPlain = false; ///< nothing but the trash is left out
    bool m_hasMore = false; ///< behind the page
    SqlPiece m_where;       ///< of everything but the text
    PageKeys m_keys;
};

} // namespace birch
