#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace birch {

/// Of a user in the whole database.
enum class Role : quint8 { Viewer, Operator, Admin };

QString roleName(Role role); ///< "viewer" "operator" "admin", as stored
std::optional<Role> roleFromName(const QString &name);

enum class Action : quint8 { List, View, Add, Edit, Archive, Trash, Restore, Purge };
inline constexpr int kActionCount = int(Action::Purge) + 1;

/// Who may change an entity; everyone of the lab may look.
enum class EntityAccess : quint8 {
    Lab,     ///< operators of the lab
    People,  ///< administrators: who belongs where and may do what
    Personal ///< the person whose `user` it names
};

/// What somebody was given for a lab, a project or an object. The numbers are those of
/// birch_grants() in the database.
enum class Grant : quint8 {
    None,      ///< not even that it exists
    View,      ///< lab role viewer, level view
    Edit,      ///< level edit
    Operate,   ///< lab role operator, level full
    Administer ///< lab role admin
};

/// The one table of rights: what each grant allows on a row of each class. A grant has all that
/// the one before it has.
///
///            View        Edit                Operate         Administer
/// Lab        list view   add edit archive    trash restore   purge
/// People     list view   -                   -               add … purge
/// Personal   list view   add … purge         -               -           (own rows alone)
bool allows(Grant grant, EntityAccess access, Action action);

/// Where a row belongs: what grants are looked up by. Rows that hang on another one (its files, its
/// amounts) belong where that one does.
struct Place {
    struct Object {
        QString kind; ///< table
        qint64 row = 0;
    };
    std::optional<qint64> lab = {}; ///< none: of the whole database
    QList<qint64> projects = {};
    QList<Object> objects = {};       ///< the row itself, and what it hangs on
    std::optional<qint64> owner = {}; ///< row of the user whom a personal row belongs to
};

/// What one user was given, as of the moment it was read. Ends by itself: what has expired counts
/// no longer. A value.
struct Rights {
    struct Given {
        QString kind;         ///< "labs", "projects", or the table of an object
        qint64 row = 0;       ///< in that table
        qint64 objectRow = 0; ///< in `objects`; 0 for a membership
        Grant grant = Grant::None;
        std::optional<qint64> untilUs; ///< microseconds UTC
    };
    /// Nobody was made member of a lab in this database, and this user is nobody's guest: the role
    /// holds in every lab.
    bool coverEverything = true;
    QList<Given> given;
    QStringList administrators; ///< some to ask for more
    qint64 readUs = 0;          ///< when; 0: made by hand, never stale

    /// The best that holds at \a nowUs for a row at \a place.
    Grant best(const Place &place, qint64 nowUs) const;
    /// Rows of \a kind that were given at least to look at.
    QList<qint64> rows(const QString &kind, qint64 nowUs) const;
    /// The same as rows of `objects`; memberships left out.
    QList<qint64> objectRows(qint64 nowUs) const;
    /// To be read again: something has expired since, or it is a minute old.
    bool isOutdated(qint64 nowUs) const;
};

} // namespace birch
