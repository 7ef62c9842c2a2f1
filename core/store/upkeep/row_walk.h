#pragma once

#include "core/store/upkeep/row_reader.h"

#include <QSet>

namespace birch {

/// Follows references through a database, from a row to what belongs to it and to what it needs.
/// Each row is told once. Belongs to the connection's thread.
class RowWalk
{
public:
    using Sink = std::function<Status(const CatalogueTable &, const Row &)>;

    RowWalk(Connection &connection, const TableCatalogue &catalogue, Sink sink);

    /// The row of \a table with \a id, and every row that would be deleted with it.
    Status withParts(const QString &table, qint64 id);
    /// The row alone, with its place in the registry of objects.
    Status theRow(const QString &table, qint64 id);
    /// What the rows told so far refer to, and so on; not what belongs to that.
    Status whatTheyNeed();

private:
    struct Need {
        QString table;
        QString column;
        Cell value;
    };
    struct Taken {
        QList<qint64> ids;
        QList<Cell> uids;
    };
    Result<Taken> take(const QString &table, const QString &column, const Cell &value);
    Status take(const CatalogueTable &table, const Row &row, Taken *taken);
    void noteNeeds(const CatalogueTable &table, const Row &row);
    Status parts(const QString &table, const QList<qint64> &ids);
    bool isTold(const QString &table, const QString &column, const Cell &value) const;

    Connection &m_connection;
    const TableCatalogue &m_catalogue;
    Sink m_sink;
    QSet<QPair<QString, qint64>> m_told; ///< table and id
    QList<Need> m_needs;
};

} // namespace birch
