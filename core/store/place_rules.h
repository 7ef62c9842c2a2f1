#pragma once

#include "core/store/entity/entity_spec.h"
#include "core/store/session.h"

namespace birch {

/// How the rows of a table tell where they belong.
struct PlaceRule {
    QString table;
    QString labColumn = {};  ///< "": of the whole database
    bool mayLackLab = false; ///< such a row is there for all to see
    bool hasProject = false;
    QString parentColumn = {}; ///< of what it hangs on: its place counts too
    QString parentTable = {};  ///< "objects" where it may hang on anything
    QString ownerColumn = {};  ///< whom a personal row belongs to
};
PlaceRule placeRule(const EntitySpec &spec);
/// Of an entity, of scans or of queues.
PlaceRule placeRule(const QString &table);

/// A condition that begins with neither WHERE nor AND; empty: holds for all rows.
struct Visibility {
    QString sql;
    QVariantList values;
};
/// Which rows of \a rule's table, named \a alias in the statement, \a session may see.
Visibility visibleRows(const PlaceRule &rule, const Session &session, const QString &alias);
/// Which rows of `objects`, named \a alias, \a session may see: those of its labs, and what it was
/// given one by one. (What is seen through a project alone is found in its own list.)
Visibility visibleObjects(const Session &session, const QString &alias);

/// Where the row \a id belongs. Costs a statement per step up; none for who sees everything, whose
/// rights do not depend on it.
Result<Place> placeOf(Connection &connection, const Session &session, const PlaceRule &rule,
                      qint64 id);
/// The same of a row that is not stored yet. \a columns: by their names.
Result<Place> placeOfNew(Connection &connection, const Session &session, const PlaceRule &rule,
                         const QVariantMap &columns);

/// The lab of what is added without saying where: the database's own, or the first in which
/// \a session may add something.
Result<qint64> homeLab(Connection &connection, const Session &session);
/// Errors: NotFound - there is no such row, or \a session may not see it. \a what: its name in the
/// sentence.
Status maySee(Connection &connection, const Session &session, const PlaceRule &rule, qint64 id,
              const QString &what);

} // namespace birch
