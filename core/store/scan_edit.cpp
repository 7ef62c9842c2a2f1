// The writing half of ScanRepository.
#include "core/base/id.h"
#include "core/store/entity/trash.h"
#include "core/store/lab/tag_store.h"
#include "core/store/place_rules.h"
#include "core/store/queue_settle.h"
#include "core/store/scan_events.h"
#include "core/store/scan_place.h"
#include "core/store/scan_repository.h"
#include "core/store/search/object_text.h"
#include "core/store/store_time.h"
#include "core/store/user_fields.h"
#include "core/store/write_transaction.h"

using namespace Qt::StringLiterals;

namespace birch {

Status ScanRepository::may(const Session &session, Action action, const QUuid &scan)
{
    if (Status write = session.mayWrite(); !write)
        return write;
    if (session.seesEverything())
        return session.may(action, EntityAccess::Lab, {}, tr("scan"));
    const auto found = find(session, uidText(scan));
    if (!found)
        return found.error();
    const auto place = placeOf(m_connection, session, placeRule(u"scans"_s), found.value().id);
    if (!place)
        return place.error();
    return session.may(action, EntityAccess::Lab, place.value(), found.value().scanId);
}

Status ScanRepository::editDetails(const Session &session, const QUuid &scan,
                                   const ScanDetails &details, qint64 revision)
{
    if (Status allowed = may(session, Action::Edit, scan); !allowed)
        return allowed;
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const auto before = find(session, uidText(scan));
    if (!before)
        return before.error();
    const auto place = resolvePlace(m_connection, session, details);
    if (!place)
        return place.error();
    const auto extra = extraDataWith(m_connection, u"scans"_s, before.value().id, details.fields);
    if (!extra)
        return extra.error();
    // Rows and chunks carry their lab: a scan does not move to another one by its sample.
    const auto changed = m_connection.executeCounting(
        u"UPDATE scans SET name = ?, title = ?, scan_type = ?, operator = ?, comment = ?, "
        "sample_id = ?, project_id = ?, extra_data = ?, revision = revision + 1, updated_at = ?, "
        "updated_by = ? "
        "WHERE uid = ? AND revision = ?"_s,
        {details.name, details.title, details.type, details.operatorName, details.comment,
         place.value().sampleRow, place.value().projectRow, extra.value(), nowUs(), session.user,
         uidText(scan), revision});
    if (!changed)
        return changed.error();
    if (changed.value() != 1)
        return Error{ErrorCode::Conflict,
                     tr("Somebody else changed this scan meanwhile: look at it again, then repeat "
                        "your change")};
    if (Status done = describeScan(m_connection, before.value().id); !done)
        return done;
    if (before.value().details.tags != details.tags) {
        if (Status done =
                TagStore(m_connection).set(session, u"scans"_s, before.value().id, details.tags);
            !done)
            return done;
    }
    if (Status done = audit(session, scan, EventAction::Changed,
                            detailChanges(before.value().details, details));
        !done)
        return done;
    return transaction.value().commit();
}

Status ScanRepository::audit(const Session &session, const QUuid &scan, EventAction action,
                             const QJsonObject &changes)
{
    const auto identity = scanIdentity(m_connection, scan);
    if (!identity)
        return identity.error();
    return auditScan(m_connection, session, identity.value(), action, changes);
}

Status ScanRepository::closeInterrupted(const Session &session, const QUuid &scan,
                                        const QString &reason)
{
    if (Status allowed = may(session, Action::Edit, scan); !allowed)
        return allowed;
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    const qint64 now = nowUs();
    const auto changed = m_connection.executeCounting(
        u"UPDATE scans SET state = 'aborted', reason = ?, ended_at = coalesce(ended_at, ?), "
        "revision = revision + 1, updated_at = ?, updated_by = ? "
        "WHERE uid = ? AND state = 'interrupted'"_s,
        {reason, now, now, session.user, uidText(scan)});
    if (!changed)
        return changed.error();
    if (changed.value() != 1)
        return Error{ErrorCode::Conflict,
                     tr("The scan is not interrupted (any more): only an interrupted scan can be "
                        "closed; see birchctl show")};
    const auto identity = scanIdentity(m_connection, scan);
    if (!identity)
        return identity.error();
    if (Status done = auditScanState(m_connection, session, identity.value(), ScanState::Aborted);
        !done)
        return done;
    if (Status done =
            settleQueueItem(m_connection, session, identity.value().id, ScanState::Aborted, reason);
        !done)
        return done;
    return transaction.value().commit();
}

Status ScanRepository::setTrashed(const Session &session, const QUuid &scan, bool isTrashed)
{
    Trash trash(m_connection);
    const auto done = isTrashed ? trash.trash(session, u"scans"_s, uidText(scan))
                                : trash.restore(session, u"scans"_s, uidText(scan));
    return done ? ok() : Status(done.error());
}

} // namespace birch
