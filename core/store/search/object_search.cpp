#include "core/store/search/object_search.h"

#include "core/store/entity/entity_spec.h"
#include "core/store/place_rules.h"
#include "core/store/search/page_finder.h"

#include <QHash>
#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kBefore = 30; // characters of a snippet before the word
constexpr qsizetype kSnippet = 100;

QString snippetOf(const QString &text, const SearchWords &words)
{
    qsizetype at = -1;
    for (const QString &word : words.all)
        at = at < 0 ? text.indexOf(word) : at;
    const qsizetype from = at <= kBefore ? 0 : at - kBefore;
    QString snippet = text.sliced(from, std::min(kSnippet, text.size() - from));
    if (from > 0)
        snippet.prepend(u'…');
    if (from + kSnippet < text.size())
        snippet.append(u'…');
    return snippet;
}

QString questionMarks(qsizetype count)
{
    return QStringList(count, u"?"_s).join(u", "_s);
}

/// The field that says in words what a thing is; "" for none.
QString nameColumn(const QString &kind)
{
    if (kind == u"scans"_s)
        return u"name"_s;
    const EntitySpec *spec = entityByTable(kind);
    if (!spec)
        return {};
    for (const QString &name : {u"name"_s, u"title"_s, u"full_name"_s}) {
        if (spec->humanId != name && spec->field(name))
            return name;
    }
    return {};
}

bool isKind(const QString &table)
{
    return table == u"scans"_s || table == u"queues"_s || entityByTable(table);
}
} // namespace

QJsonObject ObjectHit::toJson() const
{
    return {
        {u"kind"_s, kind},       {u"id"_s, id},   {u"uid"_s, uid},       {u"title"_s, name},
        {u"snippet"_s, snippet}, {u"lab"_s, lab}, {u"exact"_s, isExact}, {u"trashed"_s, isTrashed}};
}

QJsonObject ObjectHits::toJson() const
{
    QJsonArray list;
    for (const ObjectHit &hit : hits)
        list.append(hit.toJson());
    return {{u"results"_s, list}, {u"total"_s, total},      {u"total_is_exact"_s, isTotalExact},
            {u"page"_s, page},    {u"per_page"_s, perPage}, {u"anchor"_s, anchor}};
}

Result<QStringList> ObjectSearch::kinds(const QStringList &typed) const
{
    QStringList tables;
    for (const QString &kind : typed) {
        const QString lower = kind.toLower();
        const QString table = isKind(lower) ? lower : lower + u's'; // kind:sample
        if (!isKind(table))
            return Error{ErrorCode::BadInput,
                         tr("Nothing is of the kind \"%1\": write samples, scans, queues, "
                            "equipment or another table that birchctl --help shows")
                             .arg(kind)};
        tables << table;
    }
    tables.removeDuplicates();
    return tables;
}

Result<QList<qint64>> ObjectSearch::called(const QString &id, const QStringList &kinds,
                                           bool withTrash)
{
    QList<qint64> ids;
    QString where = u"(title = ? OR uid = ?)"_s;
    if (!kinds.isEmpty())
        where += u" AND kind IN ('%1')"_s.arg(kinds.join(u"', '"_s));
    if (!withTrash)
        where += u" AND trashed_at IS NULL"_s;
    const Status done = m_connection.select(
        u"SELECT id FROM objects WHERE %1 ORDER BY id DESC LIMIT 20"_s.arg(where),
        {id, id.toLower()}, [&ids](const SqlRow &row) { ids << row.integer(0); });
    if (!done)
        return done.error();
    return ids;
}

Result<ObjectHits> ObjectSearch::search(const Session &session, const ObjectSearchFilter &filter)
{
    const SearchRequest &request = filter.request;
    if (request.words.all.isEmpty())
        return Error{ErrorCode::BadInput,
                     tr("There is no word to look for: give one, or a \"quoted phrase\"")};
    const auto tables = kinds(request.kinds);
    if (!tables)
        return tables.error();
    PageQuery query{.table = u"objects"_s, .alias = u"t"_s};
    query.order = u"t.id DESC"_s;
    if (const Visibility mine = visibleObjects(session, u"t"_s); !mine.sql.isEmpty()) {
        query.conditions << mine.sql;
        query.values += mine.values;
    }
    query.kinds = tables.value();
    query.words = request.words;
    query.isTrashIncluded = filter.isTrashIncluded;
    query.anchor = filter.anchor;
    query.page = filter.page;
    query.perPage = filter.perPage;
    const auto keys = PageFinder(m_connection, std::move(query)).find();
    if (!keys)
        return keys.error();
    const auto exact = called(request.exact, tables.value(), filter.isTrashIncluded);
    if (!exact)
        return exact.error();
    QList<qint64> ids = filter.page == 1 ? exact.value() : QList<qint64>();
    for (const qint64 id : keys.value().ids) {
        if (!exact.value().contains(id))
            ids << id;
    }
    ObjectHits found;
    if (Status done = read(session, ids, request.words, &found.hits); !done)
        return done.error();
    for (ObjectHit &hit : found.hits)
        hit.isExact = hit.id == request.exact || hit.uid == request.exact.toLower();
    found.total = std::max(keys.value().total, qint64(found.hits.size()));
    found.isTotalExact = keys.value().isTotalExact;
    found.page = filter.page;
    found.perPage = filter.perPage;
    found.anchor = keys.value().anchor;
    return found;
}

Status ObjectSearch::read(const Session &session, const QList<qint64> &ids,
                          const SearchWords &words, QList<ObjectHit> *hits)
{
    if (ids.isEmpty())
        return ok();
    QVariantList values;
    for (const qint64 id : ids)
        values << id;
    const Visibility mine = visibleObjects(session, u"o"_s);
    QHash<qint64, ObjectHit> found;
    QHash<QString, QList<qint64>> rows;
    QHash<QString, qsizetype> places; // "kind:row" -> where it stands
    const Status done = m_connection.select(
        u"SELECT o.id, o.kind, o.row_id, o.title, o.uid, coalesce(l.name, ''), o.search_text, "
        "o.trashed_at FROM objects o LEFT JOIN labs l ON l.id = o.lab_id WHERE o.id IN (%1)"_s.arg(
            questionMarks(ids.size())) +
            (mine.sql.isEmpty() ? QString() : u" AND "_s + mine.sql),
        values + mine.values, [&](const SqlRow &row) {
            ObjectHit hit;
            hit.kind = row.text(1);
            hit.id = row.text(3);
            hit.uid = row.text(4);
            hit.lab = row.text(5);
            hit.snippet = snippetOf(row.text(6).simplified(), words);
            hit.isTrashed = !row.isNull(7);
            rows[hit.kind] << row.integer(2);
            places.insert(u"%1:%2"_s.arg(hit.kind).arg(row.integer(2)),
                          ids.indexOf(row.integer(0)));
            found.insert(row.integer(0), hit);
        });
    if (!done)
        return done;
    for (const qint64 id : ids)
        hits->append(found.value(id));
    return addNames(hits, rows, places);
}

Status ObjectSearch::addNames(QList<ObjectHit> *hits, const QHash<QString, QList<qint64>> &rows,
                              const QHash<QString, qsizetype> &places)
{
    for (auto it = rows.begin(); it != rows.end(); ++it) {
        const QString column = nameColumn(it.key());
        if (column.isEmpty())
            continue;
        QVariantList values;
        for (const qint64 row : it.value())
            values << row;
        const Status done = m_connection.select(
            u"SELECT id, %1 FROM %2 WHERE id IN (%3)"_s.arg(column, it.key(),
                                                            questionMarks(values.size())),
            values, [&](const SqlRow &row) {
                const QString key = u"%1:%2"_s.arg(it.key()).arg(row.integer(0));
                (*hits)[places.value(key)].name = row.text(1);
            });
        if (!done)
            return done;
    }
    return ok();
}

} // namespace birch
