#include "core/store/upkeep/copy_state.h"

#include "core/store/upkeep/row_codec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
const QString kTable = QString::fromUtf16(upkeep::kCopyState);

QString referencesText(const QList<PausedReference> &references)
{
    QJsonArray list;
    for (const PausedReference &reference : references)
        list.append(QJsonArray{reference.table, reference.name, reference.definition});
    return QString::fromUtf8(QJsonDocument(list).toJson(QJsonDocument::Compact));
}

QList<PausedReference> referencesFrom(const QString &text)
{
    QList<PausedReference> references;
    for (const QJsonValue &value : QJsonDocument::fromJson(text.toUtf8()).array()) {
        const QJsonArray parts = value.toArray();
        references.append({parts.at(0).toString(), parts.at(1).toString(), parts.at(2).toString()});
    }
    return references;
}
} // namespace

Result<std::optional<CopyState::Begun>> CopyState::load()
{
    const auto exists = m_target.firstRow(
        m_target.dialect().isPostgres()
            ? u"SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() "
              "AND table_name = ?"_s
            : u"SELECT 1 FROM sqlite_master WHERE name = ?"_s,
        {kTable});
    if (!exists)
        return exists.error();
    if (!exists.value())
        return std::optional<Begun>();
    // The row without a table is the copy itself.
    const auto row =
        m_target.firstRow(u"SELECT note, source_uid FROM %1 WHERE name = ''"_s.arg(kTable));
    if (!row)
        return row.error();
    if (!row.value())
        return std::optional<Begun>();
    return std::optional<Begun>(
        {row.value()->at(1).toString(), referencesFrom(row.value()->at(0).toString())});
}

Status CopyState::create(const Begun &begun)
{
    const QString sql = m_target.dialect().fillTypes(
        u"CREATE TABLE %1 (name {text} NOT NULL PRIMARY KEY, source_uid {text}, note {text}, "
        "last_key {bytes}, row_count {int} NOT NULL DEFAULT 0, low {int} NOT NULL DEFAULT 0, "
        "high {int} NOT NULL DEFAULT 0, is_done {int} NOT NULL DEFAULT 0){strict}"_s.arg(kTable));
    if (Status made = m_target.script(sql); !made)
        return made;
    return m_target.execute(
        u"INSERT INTO %1 (name, source_uid, note) VALUES ('', ?, ?)"_s.arg(kTable),
        {begun.sourceUid, referencesText(begun.references)});
}

Status CopyState::drop()
{
    return m_target.script(u"DROP TABLE "_s + kTable);
}

Result<CopyState::Progress> CopyState::progress(const CatalogueTable &table)
{
    const auto row = m_target.firstRow(
        u"SELECT last_key, row_count, low, high, is_done FROM %1 WHERE name = ?"_s.arg(kTable),
        {table.name});
    if (!row)
        return row.error();
    Progress progress;
    if (!row.value())
        return progress;
    const QVariantList &values = *row.value();
    progress.digest = TableDigest(values[1].toLongLong(), quint64(values[2].toLongLong()),
                                  quint64(values[3].toLongLong()));
    progress.isDone = values[4].toInt() != 0;
    const QByteArray key = values[0].toByteArray();
    RowDecoder decoder(key, table.primaryKey.size());
    const auto decoded = decoder.next();
    if (!decoded)
        return decoded.error();
    if (decoded.value())
        progress.lastKey = *decoded.value();
    return progress;
}

Status CopyState::save(const CatalogueTable &table, const Progress &progress)
{
    QByteArray key;
    encodeRow(&key, progress.lastKey);
    return m_target.execute(
        u"INSERT INTO %1 (name, last_key, row_count, low, high, is_done) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET last_key = excluded.last_key, "
        "row_count = excluded.row_count, low = excluded.low, high = excluded.high, "
        "is_done = excluded.is_done"_s.arg(kTable),
        {table.name, key, progress.digest.rows(), qint64(progress.digest.low()),
         qint64(progress.digest.high()), progress.isDone ? 1 : 0});
}

Status CopyState::clear()
{
    return m_target.execute(u"DELETE FROM %1 WHERE name <> ''"_s.arg(kTable));
}

} // namespace birch
