#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace birch {

/// A column in one engine's words: types in capitals, defaults as canonicalSql() writes them.
struct ColumnShape {
    QString name;
    QString type;
    bool isRequired = false;
    QString defaultValue; ///< "" for none

    bool operator==(const ColumnShape &) const = default;
};

struct ForeignKeyShape {
    QStringList columns;
    QString table;
    QString deleteRule; ///< "RESTRICT" "SET NULL" "CASCADE" "NO ACTION"

    bool operator==(const ForeignKeyShape &) const = default;
};

struct IndexShape {
    QString name;
    QString definition; ///< canonical: "( lab_id , name )", with method and condition where it has
    bool isUnique = false;

    bool operator==(const IndexShape &) const = default;
};

/// A table as it is or must be. What has no order is sorted, so that shapes can be compared.
struct TableShape {
    QString name;
    QString options; ///< "strict", partitions, row security, the text of a view: engine's words
    QList<ColumnShape> columns; ///< by name
    QStringList primaryKey;
    QList<QStringList> uniques; ///< besides the primary key
    QList<ForeignKeyShape> foreignKeys;
    QList<IndexShape> indexes;       ///< besides those of keys and unique groups
    QStringList checks;              ///< canonicalCheck()
    QMap<QString, QString> triggers; ///< canonical text by name; "": any text will do

    const ColumnShape *column(const QString &wanted) const;
    /// Brings everything into the order that comparisons need.
    void sort();
    bool operator==(const TableShape &) const = default;
};

struct SchemaShape {
    QMap<QString, TableShape> tables;
    QMap<QString, QString> routines; ///< PostgreSQL: hash of a function's text by its signature

    /// One line per fact, sorted: for comparing whole schemas.
    QStringList lines() const;
    bool operator==(const SchemaShape &) const = default;
};

} // namespace birch
