#pragma once

#include "core/store/connection.h"
#include "core/store/migrations.h"

namespace birch {

/// A line of `schema_version`: a migration that was applied.
struct AppliedStep {
    int version = 0;
    QString name;
    QString checksum;
    qint64 appliedUs = 0;
    QString program; ///< "birch 0.1.0"
};

/// What a database says about its own schema.
struct SchemaBook {
    QStringList tables;       ///< all there are, without the book
    bool isKept = false;      ///< there is a `schema_version`
    QList<AppliedStep> steps; ///< by version

    bool isEmpty() const { return tables.isEmpty() && !isKept; }
    int version() const { return steps.isEmpty() ? 0 : steps.last().version; }
    const AppliedStep *step(int version) const;
};

Result<SchemaBook> readSchemaBook(Connection &connection);

/// Ok when every applied step is the one of \a migrations. Conflict: one was edited since, or is
/// not in the book; the sentence names it.
Status checkBook(const SchemaBook &book, const QList<Migration> &migrations);

/// Inside the caller's transaction, each.
Status makeBook(Connection &connection);
Status enterStep(Connection &connection, const Migration &step);
Status removeStep(Connection &connection, const Migration &step);

} // namespace birch
