#pragma once

#include "core/store/upkeep/merge.h"
#include "core/store/upkeep/row_reader.h"

#include <QHash>
#include <QSet>

namespace birch {

/// Which row of the target each row of the source is, or becomes. Belongs to the connections'
/// thread; memory grows with the ids of what is in both.
class MergeMap
{
public:
    MergeMap(Connection &source, const TableCatalogue &catalogue, Connection &target,
             const TableCatalogue &targetCatalogue, MergeReport &report)
        : m_source(source)
        , m_catalogue(catalogue)
        , m_target(target)
        , m_targetCatalogue(targetCatalogue)
        , m_report(report)
    {
    }

    /// Finds out about every row; reads both databases.
    Status build();

    /// A row that comes: with the target's numbers. Nothing: it does not come.
    std::optional<Row> translated(const CatalogueTable &table, const Row &row) const;
    /// Id in the target of a row that is there already; nothing: it is new, or does not come.
    std::optional<qint64> known(const QString &table, qint64 id) const;
    bool isMappedByName(const QString &table, qint64 id) const;
    /// \a row as it would stand in the target, whether it comes or not.
    Row inTarget(const CatalogueTable &table, const Row &row) const;

private:
    struct TableMap {
        QHash<qint64, qint64> known;
        QSet<qint64> byName;  ///< … of them, those with another uid
        QSet<qint64> dropped; ///< parts of scans that are there
        QHash<qint64, QByteArray> renamed;
        qint64 offset = 0; ///< of the ids of new rows
    };
    struct KeyIndex {
        QStringList columns;
        QHash<QByteArray, qint64> rows; ///< ids in the target
    };
    Status matchUids(const CatalogueTable &table);
    Status resolveClashes(const CatalogueTable &table);
    Result<QList<KeyIndex>> keysOf(const CatalogueTable &table);
    void resolve(const CatalogueTable &table, const Row &row, QList<KeyIndex> &keys);
    QString targetOf(const CatalogueTable &table, const QString &column, const Row &row) const;
    std::optional<qint64> idInTarget(const QString &table, qint64 id) const;
    bool isOfKnownOwner(const CatalogueTable &table, const Row &row) const;

    Connection &m_source;
    const TableCatalogue &m_catalogue;
    Connection &m_target;
    const TableCatalogue &m_targetCatalogue;
    MergeReport &m_report;
    QHash<QString, TableMap> m_tables;
};

namespace upkeep {
/// What belongs to one database and is not merged: its identity and its log, what is counted again,
/// and what people log in by. Counters and settings have rules of their own.
bool isLeftOutOfMerges(const QString &table);
/// What people call a row: its human id, name, hash or uid.
QString rowName(const CatalogueTable &table, const Row &row);
} // namespace upkeep

} // namespace birch
