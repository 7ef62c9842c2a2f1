#pragma once

#include "core/store/connection.h"
#include "core/store/entity/entity_spec.h"
#include "core/store/upkeep/cell.h"

namespace birch {

struct CatalogueColumn {
    QString name;
    CellType type = CellType::Text;
    bool isNullable = true;
    bool isIdentity = false; ///< numbered by the engine, from a sequence of its own
};

struct CatalogueReference {
    QStringList columns;
    QString parent; ///< table
    QStringList parentColumns;
    DeleteRule onDelete = DeleteRule::Restrict;
};

struct CatalogueTable {
    QString name;
    QList<CatalogueColumn> columns; ///< without those that the engine computes
    QStringList primaryKey;         ///< in order of the key
    QList<QStringList> uniqueKeys;  ///< the primary key among them; none with a condition
    QList<CatalogueReference> references;

    QStringList columnNames() const;
    QList<CellType> columnTypes() const;
    qsizetype indexOf(const QString &column) const; ///< -1: there is none
    const CatalogueColumn *identity() const;        ///< may be null
};

/// The tables of a database as they are, not as somebody listed them: what backup, copy and archive
/// go by. A value.
///
/// Left out are what the engine or we derive from other tables (full-text shadow tables,
/// partitions) and what describes the database rather than being in it (schema_version).
class TableCatalogue
{
public:
    /// Errors: Storage - a column has a type that can not be carried; as Connection.
    static Result<TableCatalogue> read(Connection &connection);

    /// What is referred to stands before what refers to it, as far as there is no cycle; the
    /// identity of the database (database_info) comes last: half a database can not be opened.
    const QList<CatalogueTable> &tables() const { return m_tables; }
    const CatalogueTable *find(const QString &name) const;

private:
    QList<CatalogueTable> m_tables;
};

/// \a name as an identifier in SQL; from a catalogue, never from outside.
QString quotedName(const QString &name);
QString quotedNames(const QStringList &names);

namespace upkeep {
/// The state of an unfinished copy, in its target only.
inline constexpr char16_t kCopyState[] = u"copy_state";
/// One row for each row of an entity, kept by triggers: (kind, row_id) names the row, uid repeats
/// its uid.
inline constexpr char16_t kRegistry[] = u"objects";
} // namespace upkeep

} // namespace birch
