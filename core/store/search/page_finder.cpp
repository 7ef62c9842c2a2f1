#include "core/store/search/page_finder.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kMaxPerPage = 1000;
constexpr qint64 kCountedRows = 10'000;
constexpr qint64 kNewestRows = 3'000;
} // namespace

Result<PageKeys> PageFinder::find()
{
    if (Status done = prepare(); !done)
        return done.error();
    const bool isText = !m_query.words.isEmpty();
    if (Status done = isText ? findText() : findPlain(); !done)
        return done.error();
    settleTotal();
    return m_keys;
}

Status PageFinder::prepare()
{
    if (m_query.page < 1 || m_query.perPage < 1 || m_query.perPage > kMaxPerPage)
        return Error{ErrorCode::BadInput,
                     tr("Page %1 with %2 rows can not be shown: pages begin at 1 and hold 1 to %3")
                         .arg(m_query.page)
                         .arg(m_query.perPage)
                         .arg(kMaxPerPage)};
    const auto anchor = m_query.anchor.isEmpty() ? PageAnchor::read(m_connection, m_query.table)
                                                 : PageAnchor::parse(m_query.anchor);
    if (!anchor)
        return anchor.error();
    m_anchor = anchor.value();
    m_keys.anchor = m_anchor.text();
    m_isPlain = m_query.conditions.isEmpty() && m_query.kinds.isEmpty() && m_query.words.isEmpty();
    QStringList terms{m_anchor.condition(m_query.alias)};
    if (!m_query.isTrashIncluded)
        terms << m_query.alias + u".trashed_at IS NULL"_s;
    if (!m_query.kinds.isEmpty())
        terms << u"%1.kind IN ('%2')"_s.arg(m_query.alias, m_query.kinds.join(u"', '"_s));
    m_where = {(terms + m_query.conditions).join(u" AND "_s), m_query.values};
    return ok();
}

Status PageFinder::findPlain()
{
    if (Status done = m_isPlain ? countMaintained(m_anchor) : count(); !done)
        return done;
    return findIds({u"%1 %2"_s.arg(m_query.table, m_query.alias) + m_query.joins}, m_where.sql,
                   m_where.values);
}

Status PageFinder::countMaintained(const PageAnchor &anchor)
{
    const bool isAll = m_query.table == u"objects"_s;
    const QString trash =
        m_query.isTrashIncluded ? QString() : u" AND %1.trashed_at IS NULL"_s.arg(m_query.alias);
    const auto row = m_connection.firstRow(
        u"SELECT (SELECT coalesce(sum(kept%1), 0) FROM object_counts%2) - "
        "(SELECT count(*) FROM %3 %4 WHERE %5%6)"_s.arg(
            m_query.isTrashIncluded ? u" + trashed"_s : QString(),
            isAll ? QString() : u" WHERE kind = '%1'"_s.arg(m_query.table), m_query.table,
            m_query.alias, anchor.others(m_query.alias), trash));
    if (!row)
        return row.error();
    m_keys.total = row.value().value().first().toLongLong();
    return ok();
}

Status PageFinder::count()
{
    const auto row = m_connection.firstRow(
        u"SELECT count(*) FROM (SELECT 1 FROM %1 %2 WHERE %3 LIMIT %4) counted"_s
            .arg(m_query.table, m_query.alias, m_where.sql)
            .arg(kCountedRows + 1),
        m_where.values);
    if (!row)
        return row.error();
    m_keys.total = row.value().value().first().toLongLong();
    m_keys.isTotalExact = m_keys.total <= kCountedRows;
    return ok();
}

/// One row more than the page has was asked for: it tells whether there is another page.
void PageFinder::keep(QList<qint64> found)
{
    m_hasMore = found.size() > m_query.perPage;
    found.resize(std::min<qsizetype>(found.size(), m_query.perPage));
    m_keys.ids = std::move(found);
}

Status PageFinder::findIds(const SqlPiece &from, const QString &condition,
                           const QVariantList &values)
{
    QList<qint64> found;
    const Status done =
        m_connection.select(u"SELECT %1.id FROM %2 WHERE %3 ORDER BY %4 LIMIT ? OFFSET ?"_s.arg(
                                m_query.alias, from.sql, condition, m_query.order),
                            from.values + values + QVariantList{m_query.perPage + 1, offset()},
                            [&found](const SqlRow &row) { found << row.integer(0); });
    if (!done)
        return done;
    keep(std::move(found));
    return ok();
}

qint64 PageFinder::newestCount() const
{
    return std::max(kNewestRows, 4 * (offset() + m_query.perPage));
}

/// The newest rows that meet all but the words, in brackets.
SqlPiece PageFinder::newestRows() const
{
    return {u"(SELECT %1.id FROM %2 %1%3 WHERE %4 ORDER BY %5 LIMIT %6) w"_s
                .arg(m_query.alias, m_query.table, m_query.joins, m_where.sql, m_query.order)
                .arg(newestCount()),
            m_where.values};
}

/// How a row finds its object `o`.
QString PageFinder::link() const
{
    return m_query.table == u"objects"_s
               ? u"o.id = %1.id"_s
               : u"o.kind = '%2' AND o.row_id = %1.id"_s.arg(u"%1"_s, m_query.table);
}

Status PageFinder::findText()
{
    const Dialect dialect = m_connection.dialect();
    const SqlPiece text = textCondition(dialect, u"o"_s, m_query.words);
    const SqlPiece newest = newestRows();
    const auto counted = m_connection.firstRow(
        u"SELECT count(*), coalesce(sum(CASE WHEN %1 THEN 1 ELSE 0 END), 0) "
        "FROM %2 CROSS JOIN objects o WHERE %3"_s.arg(text.sql, newest.sql, link().arg(u"w"_s)),
        text.values + newest.values);
    if (!counted)
        return counted.error();
    const qint64 seen = counted.value().value().at(0).toLongLong();
    m_keys.total = counted.value().value().at(1).toLongLong();
    m_keys.isTotalExact = seen < newestCount();
    if (m_keys.isTotalExact || m_keys.total > offset() + m_query.perPage)
        return findAmong(newest, text);
    return findByIndex();
}

/// The rows keep the order in which they were found, and their texts are compared one by one: a
/// planner that knew better would sort, or go through the text index.
Status PageFinder::findAmong(const SqlPiece &newest, const SqlPiece &text)
{
    QList<qint64> found;
    const Status done = m_connection.select(
        u"SELECT p.id FROM (SELECT w.id, row_number() OVER () AS place FROM %1) p "
        "CROSS JOIN objects o WHERE %2 AND CASE WHEN %3 THEN 1 ELSE 0 END = 1 "
        "ORDER BY p.place LIMIT ? OFFSET ?"_s.arg(newest.sql, link().arg(u"p"_s), text.sql),
        newest.values + text.values + QVariantList{m_query.perPage + 1, offset()},
        [&found](const SqlRow &row) { found << row.integer(0); });
    if (!done)
        return done;
    keep(std::move(found));
    return ok();
}

Status PageFinder::findByIndex()
{
    const QString table = u" CROSS JOIN %1 %2"_s.arg(m_query.table, m_query.alias) + m_query.joins;
    const bool isAll = m_query.table == u"objects"_s;
    SqlPiece hits = textHits(m_connection.dialect(), isAll ? u"id"_s : u"row_id"_s,
                             isAll ? m_query.kinds : QStringList{m_query.table}, m_query.words);
    hits.sql = u"(%1) h"_s.arg(hits.sql);
    const QString condition = u"%1.id = h.id AND "_s.arg(m_query.alias) + m_where.sql;
    const auto counted =
        m_connection.firstRow(u"SELECT count(*) FROM %1 CROSS JOIN %2 %3 WHERE %4"_s.arg(
                                  hits.sql, m_query.table, m_query.alias, condition),
                              hits.values + m_where.values);
    if (!counted)
        return counted.error();
    m_keys.total = counted.value().value().first().toLongLong();
    m_keys.isTotalExact = true;
    return findIds({hits.sql + table, hits.values}, condition, m_where.values);
}

/// What the page itself tells of the total.
void PageFinder::settleTotal()
{
    if (m_keys.isTotalExact)
        return;
    const qint64 end = offset() + m_keys.ids.size();
    if (m_hasMore) {
        m_keys.total = std::max(m_keys.total, end + 1);
    } else if (!m_keys.ids.isEmpty() || offset() == 0) {
        m_keys.total = end;
        m_keys.isTotalExact = true;
    }
}

} // namespace birch
