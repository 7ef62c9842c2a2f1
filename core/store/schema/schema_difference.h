#pragma once

#include "core/store/schema/schema_shape.h"

#include <QJsonObject>

namespace birch {

enum class DifferenceKind : quint8 {
    Missing,
    Extra,
    Type,
    Nullability,
    Default,
    Unique,
    Index,
    ForeignKey,
    DeleteRule,
    Check,
    Trigger,
    Other
};

/// One way in which a schema is not as it must be.
struct SchemaDifference {
    DifferenceKind kind = DifferenceKind::Other;
    QString table;
    QString what;    ///< column, group, index, …; "" for the table itself
    QString message; ///< one sentence without a full stop, naming both
    /// There is more than there must be, and rows can be written all the same.
    bool isSurplus = false;

    /// {"kind","table","what","message"}
    QJsonObject toJson() const;
};

/// "missing" "extra" "type" "nullability" "default" "unique" "index" "foreign_key" "delete_rule"
/// "check" "trigger" "other"
QString differenceName(DifferenceKind kind);

enum class CompareScope : quint8 {
    Whole,     ///< everything the shapes hold
    Declarable ///< what a declaration says: other tables, conditions over several columns, partial
               ///< indexes and the engine's options may stand beside it
};

/// Bounds or choices of one column, as canonicalCheck() writes them.
bool isDeclarableCheck(const QString &check);

QList<SchemaDifference> compareSchemas(const SchemaShape &expected, const SchemaShape &found,
                                       CompareScope scope);
QStringList messages(const QList<SchemaDifference> &differences);

} // namespace birch
