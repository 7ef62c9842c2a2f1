#include "core/store/integrity/integrity_check.h"

#include "core/base/definition_text.h"

#include <QCoreApplication>
#include <QHash>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
struct Row {
    QString version;
    QString id;
    QByteArray text;
    qint64 base = 0; ///< 0: it extends nothing
};

/// Of the texts from \a row on; a circle gives a version that nothing has.
QByteArray versionOf(const QHash<qint64, Row> &rows, qint64 row)
{
    QList<QByteArray> texts;
    for (auto at = rows.find(row); at != rows.end() && texts.size() <= rows.size();
         at = rows.find(at->base))
        texts.append(at->text);
    return definitionVersion(texts);
}
} // namespace

Status checkDefinitions(IntegrityContext &context)
{
    QHash<qint64, Row> rows; // a lab has dozens of them
    const Status read = context.connection.select(
        u"SELECT id, version, definition, content, base_id FROM definition_texts"_s, {},
        [&rows](const SqlRow &row) {
            rows.insert(row.integer(0), {row.text(1), row.text(2), row.bytes(3), row.integer(4)});
        });
    if (!read)
        return read;
    for (auto row = rows.constBegin(); row != rows.constEnd(); ++row) {
        context.examined(1);
        const QString found = QString::fromLatin1(versionOf(rows, row.key()));
        if (found != row->version)
            context.add({.table = u"definition_texts"_s,
                         .id = row->id,
                         .what = QCoreApplication::translate(
                             "Integrity", "its text, or that of what it extends, is damaged"),
                         .expected = row->version,
                         .found = found,
                         .remedy = QCoreApplication::translate(
                             "Integrity", "restore definition_texts from a backup")});
    }
    return ok();
}

} // namespace birch
