#include "core/store/search/object_text.h"

#include "core/store/entity/entity_text.h"
#include "core/store/search/object_text_source.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// The engines write one list in different ways.
QString words(const QString &jsonList)
{
    QStringList words;
    for (const QJsonValue &word : QJsonDocument::fromJson(jsonList.toUtf8()).array())
        words << word.toString();
    return words.join(u' ');
}
} // namespace

Status describeObject(Connection &connection, const QString &kind, qint64 row, const QString &title,
                      const QString &text)
{
    const QString folded = searchable(text);
    return connection.execute(
        u"UPDATE objects SET title = ?, search_text = ? "
        "WHERE kind = ? AND row_id = ? AND (title <> ? OR search_text <> ?)"_s,
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
        for (int i = 1; i < kTagsColumn; ++i)
            parts << row.text(i);
        parts << words(row.text(kTagsColumn));
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
           "st.name, s.tags FROM scans s JOIN stations st ON st.id = s.station_id "
           "LEFT JOIN samples sa ON sa.id = s.sample_id "
           "LEFT JOIN projects p ON p.id = s.project_id WHERE "_s +
           where + u" ORDER BY s.id LIMIT 1000"_s;
}

QString queueTexts(const QString &where)
{
    return u"SELECT q.id, q.name, coalesce(q.notes, ''), coalesce(p.name, ''), "
           "coalesce(st.name, ''), '', '', '', '', '', '' FROM queues q "
           "LEFT JOIN projects p ON p.id = q.project_id "
           "LEFT JOIN stations st ON st.id = q.station_id WHERE "_s +
           where + u" ORDER BY q.id LIMIT 1000"_s;
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
