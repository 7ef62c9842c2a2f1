#include "core/store/search/object_text.h"

#include "core/store/entity/entity_text.h"
#include "core/store/search/object_text_source.h"
#include "core/store/store_json.h"
#include "core/store/user_fields.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// What stands in search_text before and from the line feed on: own words, and those of its tags,
/// which triggers keep.
struct Parts {
    QString own;
    QString ofTags;
};
Parts partsOf(const Dialect &dialect)
{
    if (dialect.isPostgres())
        return {u"split_part(search_text, E'\n', 1)"_s,
                u"substr(search_text, strpos(search_text || E'\n', E'\n'))"_s};
    return {u"substr(search_text, 1, instr(search_text || char(10), char(10)) - 1)"_s,
            u"substr(search_text, instr(search_text || char(10), char(10)))"_s};
}
} // namespace

Status describeObject(Connection &connection, const QString &kind, qint64 row, const QString &title,
                      const QString &text)
{
    const QString folded = searchable(text);
    const Parts parts = partsOf(connection.dialect());
    return connection.execute(
        u"UPDATE objects SET title = ?, search_text = ? || %1 "
        "WHERE kind = ? AND row_id = ? AND (title <> ? OR %2 <> ?)"_s.arg(parts.ofTags, parts.own),
        {title, folded, kind, row, title, folded});
}

Status describeRows(Connection &connection, const QString &kind, const QString &select,
                    const QVariantList &values, qint64 *last)
{
    struct Text {
        qint64 row;
        QString title;
        QString text;
    };
    QList<Text> texts;
    const Status done = connection.select(select, values, [&texts](const SqlRow &row) {
        QStringList parts;
        for (int i = 1; i <= kLastTextColumn; ++i)
            parts << row.text(i);
        const auto fields = userFields(jsonObject(row.text(kExtraDataColumn)));
        for (auto field = fields.begin(); field != fields.end(); ++field)
            parts << field.key() + u' ' + field.value();
        texts.append({row.integer(0), row.text(1), parts.join(u'\n')});
    });
    if (!done)
        return done;
    for (const Text &text : texts) {
        if (Status written = describeObject(connection, kind, text.row, text.title, text.text);
            !written)
            return written;
    }
    if (last)
        *last = texts.isEmpty() ? -1 : texts.last().row;
    return ok();
}

QString scanTexts(const QString &where)
{
    return u"SELECT s.id, s.scan_id, s.name, s.title, s.scan_type, s.operator, s.comment, "
           "coalesce(sa.sample_id || ' ' || coalesce(sa.name, ''), ''), coalesce(p.name, ''), "
           "st.name, s.extra_data FROM scans s JOIN stations st ON st.id = s.station_id "
           "LEFT JOIN samples sa ON sa.id = s.sample_id "
           "LEFT JOIN projects p ON p.id = s.project_id WHERE "_s +
           where + u" ORDER BY s.id LIMIT 1000"_s;
}

QString queueTexts(const QString &where)
{
    return u"SELECT q.id, q.name, coalesce(q.notes, ''), coalesce(p.name, ''), "
           "coalesce(st.name, ''), '', '', '', '', '', q.extra_data FROM queues q "
           "LEFT JOIN projects p ON p.id = q.project_id "
           "LEFT JOIN stations st ON st.id = q.station_id WHERE "_s +
           where + u" ORDER BY q.id LIMIT 1000"_s;
}

Status describeTags(Connection &connection)
{
    return connection.execute(
        u"UPDATE objects SET search_text = %1 WHERE id IN (SELECT object_id FROM object_tags)"_s
            .arg(connection.dialect().isPostgres()
                     ? u"birch_object_words(id, search_text)"_s
                     : u"(SELECT words FROM object_words w WHERE w.id = objects.id)"_s));
}

Status describeScan(Connection &connection, qint64 scanRow)
{
    return describeRows(connection, u"scans"_s, scanTexts(u"s.id = ?"_s), {scanRow});
}

Status describeQueue(Connection &connection, qint64 queueRow)
{
    return describeRows(connection, u"queues"_s, queueTexts(u"q.id = ?"_s), {queueRow});
}

Status describeDependents(Connection &connection, const QString &table, qint64 row)
{
    const QString column = table == u"samples"_s ? u"sample_id"_s : u"project_id"_s;
    for (qint64 last = 0; last >= 0;) {
        if (Status done =
                describeRows(connection, u"scans"_s,
                             scanTexts(u"s.%1 = ? AND s.id > ?"_s.arg(column)), {row, last}, &last);
            !done)
            return done;
    }
    for (qint64 last = table == u"projects"_s ? 0 : -1; last >= 0;) {
        if (Status done =
                describeRows(connection, u"queues"_s,
                             queueTexts(u"q.project_id = ? AND q.id > ?"_s), {row, last}, &last);
            !done)
            return done;
    }
    return ok();
}

} // namespace birch
