#pragma once

#include "core/store/dialect.h"

namespace birch {

/// One numbered step of the schema, up and down, with the types of one dialect filled in.
struct Migration {
    int version = 0;
    QString name;
    QString up;
    QString down;
    QString checksum; ///< SHA-256 of both, hexadecimal: a change after release is noticed

    bool operator==(const Migration &) const = default;
};

/// Carried in every binary.
inline constexpr char16_t kMigrationsDir[] = u":/birch/sql";

/// A line that begins with it waits for a person: see `birchctl db new`.
inline constexpr char16_t kFillIn[] = u"-- FILL IN:";

enum class TypeNames : quint8 {
    Filled,   ///< the dialect's own
    AsWritten ///< the tokens of the files
};

/// `NNNN_name.up.sql` and `.down.sql`, and where the dialects differ `NNNN_name.<dialect>.up.sql`
/// (runs after the common one) and `.down.sql` (runs before it); in order,
/// without gaps. Errors: Io - a file is missing or unreadable; BadInput - one holds a kFillIn.
Result<QList<Migration>> loadMigrations(const Dialect &dialect,
                                        const QString &dir = QString::fromUtf16(kMigrationsDir),
                                        TypeNames types = TypeNames::Filled);

} // namespace birch
