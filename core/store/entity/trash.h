#pragma once

#include "core/store/entity/object_key.h"
#include "core/store/session.h"

#include <QMap>

namespace birch {

/// What one trashing, restoring or purging did.
struct TrashOutcome {
    ObjectRow root;
    QMap<QString, qint64> counts; ///< table -> rows, the root included

    /// {"kind","uid","title","counts"}
    QJsonObject toJson() const;
};

/// One thing that was put into the trash; what went with it is not listed.
struct TrashEntry {
    ObjectRow root;
    qint64 count = 0; ///< of objects, the root included
};

struct ExpiryOutcome {
    QList<TrashOutcome> purged;
    QStringList kept; ///< what could not be purged, one sentence each
};

/// The end of life of everything: trash, restore, purge. Follows the declarations: what a thing
/// owns and what it contains goes with it. One per connection, on its thread. A trashing costs a
/// few statements per table that it reaches, whatever the number of rows.
class Trash
{
    Q_DECLARE_TR_FUNCTIONS(Trash)
public:
    explicit Trash(Connection &connection)
        : m_connection(connection)
    {
    }

    /// Errors: Conflict - it is there already, is the default lab, or holds a scan that runs.
    Result<TrashOutcome> trash(const Session &session, const QString &kind, const QString &key);
    /// Brings back exactly what that trashing took. Errors: Conflict - it is not in the trash, went
    /// there with something else, or what it belongs to is there.
    Result<TrashOutcome> restore(const Session &session, const QString &kind, const QString &key);
    /// For good, with the data of scans. Administrators of its lab. Errors: Conflict - it is not in
    /// the trash, or something that stays refers to it; the sentence says what.
    Result<TrashOutcome> purge(const Session &session, const QString &kind, const QString &key);
    /// Purges what was trashed before \a beforeUs (microseconds UTC), oldest first, each thing in
    /// a transaction of its own.
    Result<ExpiryOutcome> purgeExpired(const Session &session, qint64 beforeUs);
    /// Oldest first.
    Result<QList<TrashEntry>> list(const Session &session);

private:
    /// What follows a mark: what is owned and contained, or what is owned alone.
    enum class Reach : quint8 { Everything, OwnedOnly };
    Status mark(const ObjectRow &root, Reach reach);
    Result<bool> markTable(const QString &table, const QStringList &changed, qint64 root,
                           Reach reach);
    Result<QMap<QString, qint64>> marked(qint64 root);
    Status setTrashedAt(const Session &session, const QMap<QString, qint64> &counts, qint64 root,
                        const QVariant &at);
    /// Errors: Denied; NotFound - what is not to be seen.
    Status mayEnd(const Session &session, Action action, const ObjectRow &root);
    Status mayBeTrashed(const ObjectRow &root);
    Status mayBeRestored(const ObjectRow &root);
    Status refuseReferences(const ObjectRow &root, const QMap<QString, qint64> &counts);
    Status deleteMarked(const QMap<QString, qint64> &counts, qint64 root);
    Status audit(const Session &session, const TrashOutcome &outcome, EventAction action);
    Status isRoot(const ObjectRow &object);

    Connection &m_connection;
};

} // namespace birch
