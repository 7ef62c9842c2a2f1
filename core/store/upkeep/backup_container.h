#pragma once

#include "core/base/file_writer.h"
#include "core/store/upkeep/table_catalogue.h"
#include "core/store/upkeep/table_digest.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonObject>
#include <QMap>

namespace birch {

/// The file that holds a PostgreSQL database: "BIRCHDB1", then blocks, each
///
///     kind (1 byte) | length of the payload (8, little-endian) | payload | XXH3-64 of the former
///
/// in this order: one Header (JSON: what, when, schema), for each table a Table (JSON: name,
/// columns, next number), its Rows (see row_codec.h) and a TableEnd (JSON: rows, digest), one End
/// (JSON: tables, rows, SHA-256 of every byte before this block). What is cut has no End.
enum class ContainerBlock : char {
    Header = 'H',
    Table = 'T',
    Rows = 'R',
    TableEnd = 'E',
    End = 'Z'
};

struct ContainerHeader {
    int format = 1;
    int schema = 0;
    QString schemaChecksum;
    QString databaseUid;
    QString program;
    qint64 createdAt = 0; ///< microseconds UTC
};

struct ContainerTable {
    QString name;
    QList<CatalogueColumn> columns;
    qint64 lastNumber = 0; ///< that the identity column has given; 0: none, or it has no such
};

/// Into a file that its caller commits. Errors of all calls: as FileWriter.
class ContainerWriter
{
public:
    explicit ContainerWriter(FileWriter &file)
        : m_file(file)
    {
    }

    Status begin(const ContainerHeader &header);
    Status beginTable(const ContainerTable &table);
    Status addRow(const Row &row);
    Status endTable();
    Status end();
    QMap<QString, qint64> rows() const { return m_rows; } ///< of the tables ended

private:
    Status write(ContainerBlock kind, QByteArrayView payload);
    Status write(ContainerBlock kind, const QJsonObject &payload);
    Status flush();

    FileWriter &m_file;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    QByteArray m_block;
    QString m_table;
    QList<CellType> m_types;
    TableDigest m_digest;
    QMap<QString, qint64> m_rows;
};

/// What a container holds, told while it is read.
struct ContainerVisitor {
    std::function<Status(const ContainerHeader &)> header = {};
    std::function<Status(const ContainerTable &)> table = {};
    std::function<Status(const Row &)> row = {};
    std::function<Status()> tableEnd = {};
};

struct ContainerSummary {
    ContainerHeader header;
    QMap<QString, qint64> rows;
};

bool isContainer(const QString &path);

/// Reads the whole file and checks every block, row, table and the whole. What \a visitor refuses
/// ends it. Errors: BadInput - damaged, cut, of a newer format; NotFound, Denied, Io.
Result<ContainerSummary> readContainer(const QString &path, const ContainerVisitor &visitor = {});

} // namespace birch
