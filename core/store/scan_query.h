#pragma once

#include "core/store/place_rules.h"
#include "core/store/scan_repository.h"
#include "core/store/search/page_finder.h"

namespace birch {

/// Terms of a WHERE clause, with their values.
struct ScanCondition {
    QStringList terms;
    QVariantList values;

    void add(const QString &term, const QVariantList &more = {})
    {
        terms << term;
        values += more;
    }
    /// " WHERE …", or "" without terms.
    QString where() const
    {
        return terms.isEmpty() ? QString()
                               : QStringLiteral(" WHERE ") + terms.join(QStringLiteral(" AND "));
    }
    void add(const Visibility &visibility)
    {
        if (!visibility.sql.isEmpty())
            add(visibility.sql, visibility.values);
    }
};

/// "SELECT … FROM scans s JOIN …": what scanRecord() reads.
QString scanSelect();
/// What \a filter leaves, over `scans s` alone; trash, anchor and text apart.
ScanCondition scanCondition(const ScanFilter &filter);
PageQuery scanPage(const ScanFilter &filter);
/// "s.… IN (…)": which scans \a session may see; empty: all.
Visibility visibleScans(const Session &session);
/// Without its measurement objects and tags.
ScanRecord scanRecord(const SqlRow &row);

} // namespace birch
