#pragma once

#include "core/store/scan_repository.h"

namespace birch {

/// A WHERE clause over scan_query's FROM, with its values.
struct ScanCondition {
    QString where;
    QVariantList values;

    void add(const QString &condition, const QVariantList &more)
    {
        where +=
            (where.isEmpty() ? QStringLiteral(" WHERE ") : QStringLiteral(" AND ")) + condition;
        values += more;
    }
};

/// "SELECT … FROM scans s JOIN …": what scanRecord() reads.
QString scanSelect();
/// FROM alone, for counting: joins nothing that \a filter does not ask about.
QString scanCountFrom(const ScanFilter &filter);
ScanCondition scanCondition(const Dialect &dialect, const ScanFilter &filter);
/// Without its measurement objects.
ScanRecord scanRecord(const SqlRow &row);

} // namespace birch
