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

/// A column that comes.
struct ColumnArrival {
    ColumnModel column;
    QString value; ///< SQL for the rows that exist; "" when its default, or nothing, will do
    QString mark;  ///< what a person has to say about it; "" for nothing
};

/// What leads from one model of a table to another.
struct TableChange {
    TableModel before;
    TableModel after;
    QList<ColumnArrival> added;
    QList<ColumnModel> dropped;
    QList<ColumnChange> changed;
    QList<ForeignKeyModel> addedKeys; ///< of columns that stay
    QList<ForeignKeyModel> droppedKeys;
    QList<QStringList> addedUniques; ///< that need a constraint of their own
    QList<QStringList> droppedUniques;
    QList<IndexModel> addedIndexes;
    QList<IndexModel> droppedIndexes;
    QStringList marks; ///< what a person has to say about rows as a whole

    bool isEmpty() const;
    /// Every engine does it with ADD COLUMN, UPDATE, DROP COLUMN and indexes.
    bool isSimple() const;
};

TableChange tableChange(const TableModel &before, const TableModel &after, MigrationWay way);

/// "-- FILL IN: …" with a line end, which keeps a migration from being loaded until it is gone; ""
/// for "".
QString fillInMark(const QString &what);
/// Rows need a value in it that no default gives.
bool needsValue(const ColumnModel &column);

} // namespace birch
