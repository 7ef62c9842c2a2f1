#pragma once

#include "core/store/entity/entity_spec.h"

namespace birch {

/// A column as a migration writes it: types and defaults with the tokens of Dialect::fillTypes().
struct ColumnModel {
    QString name;
    QString type; ///< "{int}"
    bool isRequired = false;
    QString defaultValue = {}; ///< SQL: "'active'", "{true}", "0"; "" for none
    QString check = {};        ///< SQL condition, "" for none

    bool operator==(const ColumnModel &) const = default;
};

struct ForeignKeyModel {
    QString column;
    QString table; ///< always its id
    DeleteRule onDelete = DeleteRule::Restrict;

    bool operator==(const ForeignKeyModel &) const = default;
};

struct IndexModel {
    QString name;
    QStringList columns;

    bool operator==(const IndexModel &) const = default;
};

/// What the table of an entity must look like, from its declaration.
struct TableModel {
    QString name;
    QList<ColumnModel> columns; ///< besides `id`
    QList<ForeignKeyModel> foreignKeys;
    QList<QStringList> uniques; ///< column groups, of one column or more
    QList<IndexModel> indexes;
    QStringList checks; ///< conditions that no field can declare, written by hand in a migration

    const ColumnModel *column(const QString &wanted) const;
    const ForeignKeyModel *foreignKey(const QString &column) const;
};

TableModel tableModel(const EntitySpec &spec);

/// "RESTRICT" "SET NULL" "CASCADE"
QString deleteRuleSql(DeleteRule rule);
/// "name {type} NOT NULL DEFAULT … REFERENCES …", as in CREATE TABLE and ADD COLUMN.
QString columnSql(const TableModel &table, const ColumnModel &column);
/// CREATE TABLE and CREATE INDEX statements, for every dialect.
QString createTableSql(const TableModel &table);
/// The triggers that keep `objects` in step with \a table, and on PostgreSQL tell other stations of
/// its changes: see resources/sql.
QString objectTriggersSql(const QString &table, bool isPostgres);
QStringList objectTriggerNames(const QString &table, bool isPostgres);

} // namespace birch
