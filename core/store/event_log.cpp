#include "core/store/event_log.h"

#include "core/store/event_chain.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"
#include "core/store/write_transaction.h"

#include <map>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
struct ChainHead {
    qint64 sequence = 0;
    QByteArray hash;
};

/// As every engine stores and gives it back: hashes are made of what can be read again.
QString storable(QString text)
{
    text.replace(QChar(u'\0'), QChar(QChar::ReplacementCharacter));
    return QString::fromUtf8(text.toUtf8());
}

Result<std::optional<ChainHead>> lockedHead(Connection &connection, qint64 lab)
{
    const auto row =
        connection.firstRow(u"SELECT sequence, hash FROM event_chains WHERE lab_id = ?"_s +
                                connection.dialect().forUpdate(),
                            {lab});
    if (!row)
        return row.error();
    if (!row.value())
        return std::optional<ChainHead>();
    return std::optional(
        ChainHead{row.value()->at(0).toLongLong(), row.value()->at(1).toByteArray()});
}

/// The head, locked until the transaction ends; made where the lab has none yet.
Result<ChainHead> lockHead(Connection &connection, qint64 lab)
{
    auto head = lockedHead(connection, lab);
    if (!head)
        return head.error();
    if (head.value())
        return *head.value();
    if (Status made = connection.execute(
            u"INSERT INTO event_chains (lab_id, sequence, hash) VALUES (?, 0, ?) "
            "ON CONFLICT (lab_id) DO NOTHING"_s,
            {lab, eventChainStart()});
        !made)
        return made.error();
    head = lockedHead(connection, lab);
    if (!head)
        return head.error();
    return head.value().value_or(ChainHead{0, eventChainStart()});
}

Status insertEvent(Connection &connection, const Event &event, ChainHead *head)
{
    const QString changes = jsonText(event.changes);
    const EventLink link{head->hash,
                         event.lab,
                         head->sequence + 1,
                         event.atUs,
                         event.user,
                         event.station,
                         eventActionName(event.action),
                         event.kind,
                         event.objectUid,
                         event.title,
                         eventPayloadHash(changes)};
    *head = {link.sequence, eventHash(link)};
    return connection.execute(
        u"INSERT INTO event_log (lab_id, sequence, occurred_at, user_name, station, action, kind, "
        "object_uid, title, changes, payload_hash, previous_hash, hash) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"_s,
        {link.lab, link.sequence, link.atUs, link.user, link.station, link.action, link.kind,
         link.objectUid, link.title, changes, link.payloadHash, link.previousHash, head->hash});
}
} // namespace

Status EventLog::record(const Session &session, Event event)
{
    if (m_connection.m_transactionDepth == 0)
        return Error{ErrorCode::Internal,
                     tr("A change of %1 was to be logged outside a transaction: report this")
                         .arg(event.kind)};
    if (event.user.isEmpty())
        event.user = session.user;
    if (event.station.isEmpty())
        event.station = session.station;
    if (event.atUs == 0)
        event.atUs = nowUs();
    for (QString *text : {&event.user, &event.station, &event.kind, &event.objectUid, &event.title})
        *text = storable(*text);
    m_connection.m_pendingEvents.push_back(std::move(event));
    return ok();
}

Status EventLog::append()
{
    std::map<qint64, std::vector<Event>> chains; // in one order for all writers: no deadlock
    for (const Event &event : m_connection.m_pendingEvents)
        chains[event.lab].push_back(event);
    for (const auto &[lab, events] : chains) {
        if (Status done = appendTo(lab, events); !done)
            return done.error().within(tr("Writing the audit log"));
    }
    m_connection.m_pendingEvents.clear(); // a COMMIT that is tried again writes none twice
    return ok();
}

Status EventLog::appendTo(qint64 lab, const std::vector<Event> &events)
{
    auto head = lockHead(m_connection, lab);
    if (!head)
        return head.error();
    for (const Event &event : events) {
        if (Status done = insertEvent(m_connection, event, &head.value()); !done)
            return done;
    }
    return m_connection.execute(
        u"UPDATE event_chains SET sequence = ?, hash = ? WHERE lab_id = ?"_s,
        {head.value().sequence, head.value().hash, lab});
}

Result<qint64> EventLog::purgeDetails(const Session &session, qint64 beforeUs)
{
    if (Status may = session.mayAdminister(); !may)
        return may.error();
    auto transaction = WriteTransaction::begin(m_connection);
    if (!transaction)
        return transaction.error();
    QList<qint64> labs;
    if (Status done = m_connection.select(u"SELECT lab_id FROM event_chains ORDER BY lab_id"_s, {},
                                          [&labs](const SqlRow &row) { labs << row.integer(0); });
        !done)
        return done.error();
    qint64 total = 0;
    for (const qint64 lab : labs) {
        // What tells of a purge stays whole: it is why a detail may be missing.
        const auto purged = m_connection.executeCounting(
            u"UPDATE event_log SET changes = NULL, purged_at = ? WHERE lab_id = ? "
            "AND occurred_at < ? AND changes IS NOT NULL AND kind <> ?"_s,
            {nowUs(), lab, beforeUs, kEventLogKind});
        if (!purged)
            return purged.error();
        total += purged.value();
        if (purged.value() == 0)
            continue;
        if (Status done = record(
                session, {.lab = lab,
                          .action = EventAction::Purged,
                          .kind = kEventLogKind,
                          .title = isoTime(beforeUs),
                          .changes = {{kPurgedBefore, beforeUs}, {u"events"_s, purged.value()}}});
            !done)
            return done.error();
    }
    if (Status done = transaction.value().commit(); !done)
        return done.error();
    return total;
}

} // namespace birch
