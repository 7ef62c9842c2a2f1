#include "core/store/upkeep/backup_container.h"
#include "core/store/upkeep/container_format.h"
#include "core/store/upkeep/row_codec.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtEndian>

#include <cerrno>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
// A block is at most a row longer than the writer's 256 KiB, and PostgreSQL's rows end at 1 GiB.
constexpr quint64 kMaxPayload = quint64(2) << 30;

QString tr(const char *text)
{
    return QCoreApplication::translate("Backup", text);
}

Error damaged(const QString &path, const QString &what)
{
    return {ErrorCode::BadInput, tr("%1 is damaged (%2): take another backup").arg(path, what)};
}

struct Block {
    QByteArray head;
    QByteArray payload;
    QByteArray sum;

    QJsonObject json() const { return QJsonDocument::fromJson(payload).object(); }
};

class Reader
{
public:
    Reader(QString path, const ContainerVisitor &visitor)
        : m_path(std::move(path))
        , m_file(m_path)
        , m_visitor(visitor)
    {
    }

    Result<ContainerSummary> run()
    {
        errno = 0;
        if (!m_file.open(QIODevice::ReadOnly))
            return fileError(errno != 0 ? errno : EIO, m_path);
        const QByteArray magic = m_file.read(qsizetype(sizeof kContainerMagic) - 1);
        if (magic != kContainerMagic)
            return Error{ErrorCode::BadInput,
                         tr("%1 is no backup of a PostgreSQL database: take a file that birchctl "
                            "db backup made")
                             .arg(m_path)};
        m_hash.addData(magic);
        for (bool isOver = false; !isOver;) {
            const auto block = next();
            if (!block)
                return block.error();
            const auto taken = take(block.value());
            if (!taken)
                return taken.error();
            isOver = taken.value();
            for (const QByteArray &part :
                 {block.value().head, block.value().payload, block.value().sum})
                m_hash.addData(part);
        }
        if (!m_file.atEnd())
            return damaged(m_path, tr("something stands behind its end"));
        return m_summary;
    }

private:
    Result<Block> next()
    {
        const QByteArray head = m_file.read(kContainerHeadBytes);
        if (head.size() != kContainerHeadBytes)
            return damaged(m_path, tr("it ends too early"));
        const auto length = qFromLittleEndian<quint64>(head.constData() + 1);
        if (length > kMaxPayload || qint64(length) > m_file.size() - m_file.pos())
            return damaged(m_path, tr("it ends too early"));
        Block block{head, m_file.read(qint64(length)), m_file.read(kContainerSumBytes)};
        if (block.sum != containerBlockSum(head, block.payload))
            return damaged(m_path, tr("a checksum is wrong at byte %1").arg(m_file.pos()));
        return block;
    }

    /// True for the last block.
    Result<bool> take(const Block &block)
    {
        Status done = ok();
        switch (ContainerBlock(block.head[0])) {
        case ContainerBlock::Header:
            done = takeHeader(block.json());
            break;
        case ContainerBlock::Table:
            done = takeTable(block.json());
            break;
        case ContainerBlock::Rows:
            done = takeRows(block.payload);
            break;
        case ContainerBlock::TableEnd:
            done = endTable(block.json());
            break;
        case ContainerBlock::End:
            if (done = takeEnd(block.json()); done)
                return true;
            break;
        default:
            return damaged(m_path, tr("a block of a kind that nobody knows"));
        }
        if (!done)
            return done.error();
        return false;
    }

    Status takeHeader(const QJsonObject &json)
    {
        ContainerHeader &header = m_summary.header;
        header.format = json[u"format"].toInt();
        header.schema = json[u"schema"].toInt();
        header.schemaChecksum = json[u"schema_checksum"].toString();
        header.databaseUid = json[u"database_uid"].toString();
        header.program = json[u"program"].toString();
        header.createdAt = json[u"created_at"].toInteger();
        if (header.format > kContainerFormat)
            return Error{ErrorCode::BadInput,
                         tr("%1 was written by a newer Birch (%2): install that one")
                             .arg(m_path, header.program)};
        return m_visitor.header ? m_visitor.header(header) : ok();
    }

    Status takeTable(const QJsonObject &json)
    {
        m_table = {};
        m_table.name = json[u"name"].toString();
        m_table.lastNumber = json[u"last_number"].toInteger();
        m_digest = {};
        m_types.clear();
        for (const QJsonValue &value : json[u"columns"].toArray()) {
            const auto type = cellTypeFromName(value.toArray().at(1).toString());
            if (!type)
                return damaged(m_path, tr("a column of a type that nobody knows"));
            m_table.columns.append({.name = value.toArray().at(0).toString(), .type = *type});
            m_types.append(*type);
        }
        if (m_table.name.isEmpty() || m_types.isEmpty())
            return damaged(m_path, tr("a table without a name or columns"));
        return m_visitor.table ? m_visitor.table(m_table) : ok();
    }

    Status takeRows(const QByteArray &payload)
    {
        if (m_types.isEmpty())
            return damaged(m_path, tr("rows of no table"));
        RowDecoder decoder(payload, m_types.size());
        for (;;) {
            const auto row = decoder.next();
            if (!row)
                return damaged(m_path, row.error().message);
            if (!row.value())
                return ok();
            m_digest.add(*row.value(), m_types);
            if (m_visitor.row) {
                if (Status taken = m_visitor.row(*row.value()); !taken)
                    return taken;
            }
        }
    }

    Status endTable(const QJsonObject &json)
    {
        if (json[u"rows"].toInteger(-1) != m_digest.rows() ||
            json[u"digest"].toString() != m_digest.text())
            return damaged(m_path, tr("rows of table %1 are missing").arg(m_table.name));
        m_summary.rows.insert(m_table.name, m_digest.rows());
        m_types.clear();
        return m_visitor.tableEnd ? m_visitor.tableEnd() : ok();
    }

    Status takeEnd(const QJsonObject &json)
    {
        if (json[u"sha256"].toString().toLatin1() != m_hash.result().toHex() ||
            json[u"tables"].toInteger(-1) != m_summary.rows.size() || m_summary.header.schema == 0)
            return damaged(m_path, tr("parts of it are missing"));
        return ok();
    }

    QString m_path;
    QFile m_file;
    const ContainerVisitor &m_visitor;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    ContainerSummary m_summary;
    ContainerTable m_table;
    QList<CellType> m_types;
    TableDigest m_digest;
};
} // namespace

bool isContainer(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) &&
           file.read(qsizetype(sizeof kContainerMagic) - 1) == kContainerMagic;
}

Result<ContainerSummary> readContainer(const QString &path, const ContainerVisitor &visitor)
{
    return Reader(path, visitor).run();
}

} // namespace birch
