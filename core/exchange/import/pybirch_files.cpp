#include "core/exchange/import/pybirch_files.h"

#include "core/exchange/import/source_values.h"
#include "core/store/write_transaction.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const QList<SourceMap> &fileTables()
{
    static const QList<SourceMap> kTables{
        SourceMap(u"attachments", u"attachments")
            .pair(u"entity_type"_s, u"entity_id"_s, u"object"_s)
            .same({u"name"_s, u"filename"_s, u"description"_s})
            .as(u"mime_type"_s, u"media_type"_s)
            .made(u"created_at"_s, u"uploaded_by"_s),
        SourceMap(u"entity_images", u"attachments")
            .pair(u"entity_type"_s, u"entity_id"_s, u"object"_s)
            .same({u"name"_s, u"filename"_s, u"description"_s})
            .as(u"mime_type"_s, u"media_type"_s)
            .made(u"created_at"_s, u"uploaded_by"_s)
            .always(u"is_image"_s, true),
        SourceMap(u"equipment_images", u"attachments")
            .refers(u"equipment_id"_s, u"object"_s, u"equipment"_s)
            .as(u"original_filename"_s, u"filename"_s)
            .as(u"caption"_s, u"description"_s)
            .same({u"is_primary"_s})
            .as(u"mime_type"_s, u"media_type"_s)
            .made(u"created_at"_s, u"uploaded_by"_s)
            .always(u"is_image"_s, true)};
    return kTables;
}

/// SHA-256 in hex; nothing for what can not be read.
std::optional<QString> hashOf(const QString &path)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file))
        return std::nullopt;
    return QString::fromLatin1(hash.result().toHex());
}
} // namespace

bool isPybirchFileTable(const QString &table)
{
    for (const SourceMap &map : fileTables()) {
        if (map.table() == table)
            return true;
    }
    return false;
}

PybirchFiles::PybirchFiles(const ImportTarget &target, const SqliteSource &source,
                           const SourceContext &context, ImportReport &report,
                           const QString &folder)
    : m_target(target)
    , m_source(source)
    , m_context(context)
    , m_report(report)
    , m_folder(folder.isEmpty() ? QFileInfo(source.path()).absolutePath() + u"/web/static/uploads"_s
                                : QFileInfo(folder).absoluteFilePath())
{
    QDirIterator files(m_folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        m_paths.insert(files.fileName(), path);
    }
}

Status PybirchFiles::import()
{
    for (const SourceMap &map : fileTables()) {
        if (!m_source.table(map.table()))
            continue;
        if (Status done = importTable(map); !done)
            return done.error().within(map.table());
    }
    return ok();
}

Status PybirchFiles::importTable(const SourceMap &map)
{
    EntityImport import(m_target.connection, m_target.session, *entityByTable(map.entity()), {});
    auto transaction = WriteTransaction::begin(m_target.connection);
    if (!transaction)
        return transaction.error();
    const Status read = m_source.each(
        map.table(), {u"id"_s}, [&](const SourceRow &row) { return importFile(map, row, import); });
    return read ? transaction.value().commit() : read;
}

QString PybirchFiles::find(const QString &storedName) const
{
    // It may be a path, with the separators of any system.
    QString name = storedName;
    name.replace(u'\\', u'/');
    return m_paths.value(name.section(u'/', -1));
}

Status PybirchFiles::importFile(const SourceMap &map, const SourceRow &row, EntityImport &import)
{
    TableReport &report = m_report.table(map.table(), map.entity(), 0);
    const QString id = row.text(u"id"_s);
    QString stored;
    for (const QString &column : {u"stored_filename"_s, u"file_path"_s, u"filename"_s}) {
        if (stored.isEmpty() && isMeaningful(row.value(column)))
            stored = row.text(column);
    }
    const QString path = find(stored);
    const auto hash = path.isEmpty() ? std::nullopt : hashOf(path);
    SourceRecord record =
        SourceConverter(map, *entityByTable(map.entity()), *m_source.table(map.table()), m_context)
            .convert(row);
    if (!hash && record.obstacle.isEmpty()) {
        report.add(RowFate::Skipped,
                   tr("its file is not in %1: say with --files where they are, and run it again")
                       .arg(m_folder),
                   id);
        return ok();
    }
    if (!record.values.contains(u"name"_s))
        record.values.insert(u"name"_s, record.values.value(u"filename"_s, stored));
    if (hash) {
        record.values.insert(u"path"_s, path);
        record.values.insert(u"sha256"_s, *hash);
        record.values.insert(u"size"_s, QFileInfo(path).size());
    }
    const auto outcome = import.put(record);
    if (!outcome)
        return outcome.error().within(tr("File %1").arg(id));
    report.add(outcome.value().fate, outcome.value().why, id);
    return ok();
}

} // namespace birch
