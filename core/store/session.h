#pragma once

#include "core/store/connection.h"
#include "core/store/rights.h"

namespace birch {

/// On whose behalf the store is used: reaches every repository call. A value; what has expired
/// counts no longer, renewed() brings what was given since.
struct Session {
    QString user;
    Role role = Role::Viewer; ///< the most that a grant counts for
    QString station = {};     ///< from which computer; for the audit log
    qint64 userRow = 0;       ///< 0: not registered
    Rights rights = {};       ///< of a session made by hand: the role, everywhere

    /// The right to do \a action to a row at \a place. Every repository asks here.
    /// \a what: what the row is called in the sentence: "sample".
    /// Errors: Denied - says who may not do what, and whom to ask.
    Status may(Action action, EntityAccess access, const Place &place, const QString &what) const;
    bool can(Action action, EntityAccess access, const Place &place) const;
    /// No condition by lab is needed.
    bool seesEverything() const { return role == Role::Admin || rights.coverEverything; }

    /// Errors: Denied - a viewer may look, not change.
    Status mayWrite() const;
    /// Errors: Denied - for administrators only.
    Status mayAdminister() const;

private:
    Grant grantAt(EntityAccess access, const Place &place) const;
    QString whomToAsk() const;
};

/// The person at this computer ("" is never returned).
QString desktopUser();

/// SQLite: \a user's role in the database; who is not registered there is an operator, because the
/// file protects against mistakes, not against its owner. PostgreSQL: the role that has logged in,
/// whatever \a user says; unknown: viewer, the owner of the database: administrator.
/// Errors: Denied - the account is switched off.
Result<Session> openSession(Connection &connection, const QString &user);
/// \a session with what its user may do now, read again where that is outdated. One look at the
/// clock where it is not.
Result<Session> renewed(Connection &connection, const Session &session);

} // namespace birch
