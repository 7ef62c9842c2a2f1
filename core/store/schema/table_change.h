#pragma once

#include "core/store/schema/table_model.h"

namespace birch {

/// Which way a migration goes: what people must decide is asked for on the way up.
enum class MigrationWay : quint8 { Up, Down };

/// A column that stays but looks different.
struct ColumnChange {
    ColumnModel before;
    ColumnModel after;
    QString value; ///< SQL of the new value; "" when it is the old one
    QString mark;  ///< what a person has to say about it; "" for nothing

    bool isTypeChange() const { return before.type != after.type; }
    bool isCheckChange() const { return before.check != after.check; }
};

/// What leads from one model of a table to another.
struct TableChange {
    TableModel before;
    TableModel after;
    QList<ColumnModel> added;
    QList<ColumnModel> dropped;
    QList<ColumnChange> changed;
    QList<ForeignKeyModel> addedKeys; ///< of columns that stay
    QList<ForeignKeyModel> droppedKeys;
    QList<QStringList> addedUniques; ///< that need a constraint of their own
    QList<QStringList> droppedUniques;
    QList<IndexModel> addedIndexes;
    QList<IndexModel> droppedIndexes;

    bool isEmpty() const;
    /// Every engine does it with ADD COLUMN, DROP COLUMN and indexes.
    bool isSimple() const;
};

TableChange tableChange(const TableModel &before, const TableModel &after, MigrationWay way);

/// "-- FILL IN: …", which keeps a migration from being loaded until it is gone.
QString fillInMark(const QString &what);
/// A new column that rows need a value for which nothing gives.
bool needsValue(const ColumnModel &column);

} // namespace birch
