#include "core/store/upkeep/backup_container.h"
#include "core/store/upkeep/container_format.h"
#include "core/store/upkeep/row_codec.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr qsizetype kBlockBytes = 256 * 1024;
} // namespace

Status ContainerWriter::write(ContainerBlock kind, QByteArrayView payload)
{
    const QByteArray head = containerBlockHead(kind, payload.size());
    const QByteArray sum = containerBlockSum(head, payload);
    for (const QByteArrayView part : {QByteArrayView(head), payload, QByteArrayView(sum)}) {
        if (Status written = m_file.write(part); !written)
            return written;
        m_hash.addData(part);
    }
    return ok();
}

Status ContainerWriter::write(ContainerBlock kind, const QJsonObject &payload)
{
    return write(kind, QJsonDocument(payload).toJson(QJsonDocument::Compact));
}

Status ContainerWriter::begin(const ContainerHeader &header)
{
    const QByteArray magic(kContainerMagic);
    if (Status written = m_file.write(magic); !written)
        return written;
    m_hash.addData(magic);
    return write(ContainerBlock::Header, QJsonObject{{u"format"_s, header.format},
                                                     {u"schema"_s, header.schema},
                                                     {u"schema_checksum"_s, header.schemaChecksum},
                                                     {u"database_uid"_s, header.databaseUid},
                                                     {u"program"_s, header.program},
                                                     {u"created_at"_s, header.createdAt}});
}

Status ContainerWriter::beginTable(const ContainerTable &table)
{
    m_table = table.name;
    m_types.clear();
    m_digest = {};
    QJsonArray columns;
    for (const CatalogueColumn &column : table.columns) {
        columns.append(QJsonArray{column.name, cellTypeName(column.type)});
        m_types.append(column.type);
    }
    return write(ContainerBlock::Table, QJsonObject{{u"name"_s, table.name},
                                                    {u"columns"_s, columns},
                                                    {u"last_number"_s, table.lastNumber}});
}

Status ContainerWriter::addRow(const Row &row)
{
    m_digest.add(row, m_types);
    encodeRow(&m_block, row);
    return m_block.size() < kBlockBytes ? ok() : flush();
}

Status ContainerWriter::flush()
{
    if (m_block.isEmpty())
        return ok();
    Status written = write(ContainerBlock::Rows, QByteArrayView(m_block));
    m_block.clear();
    return written;
}

Status ContainerWriter::endTable()
{
    if (Status flushed = flush(); !flushed)
        return flushed;
    m_rows.insert(m_table, m_digest.rows());
    return write(ContainerBlock::TableEnd,
                 QJsonObject{{u"rows"_s, m_digest.rows()}, {u"digest"_s, m_digest.text()}});
}

Status ContainerWriter::end()
{
    qint64 total = 0;
    for (const qint64 rows : std::as_const(m_rows))
        total += rows;
    return write(ContainerBlock::End,
                 QJsonObject{{u"tables"_s, m_rows.size()},
                             {u"rows"_s, total},
                             {u"sha256"_s, QString::fromLatin1(m_hash.result().toHex())}});
}

} // namespace birch
