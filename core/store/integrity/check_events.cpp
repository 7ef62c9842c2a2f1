#include "core/store/event_chain.h"
#include "core/store/event_log.h"
#include "core/store/integrity/integrity_check.h"
#include "core/store/integrity/read_snapshot.h"
#include "core/store/store_json.h"
#include "core/store/store_time.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kPage = 5000; // events per snapshot

QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

QString remedy()
{
    return tr("somebody has changed the log by hand: compare it with a backup");
}

/// Follows one chain from its first event to its head.
class ChainWalk
{
public:
    ChainWalk(IntegrityContext &context, const ChainEnd &head)
        : m_context(context)
        , m_head(head)
        , m_previousHash(eventChainStart())
    {
    }

    Status walk();

private:
    Status readPage();
    void look(const SqlRow &row);
    void lookAtLink(const EventLink &link, const QByteArray &hash);
    void lookAtDetail(const EventLink &link, const SqlRow &row);
    Status lookAtEnd();
    void add(qint64 sequence, const QString &what, const QString &expected, const QString &found);

    IntegrityContext &m_context;
    ChainEnd m_head;
    qint64 m_sequence = 0; ///< of the last event seen
    QByteArray m_previousHash;
    qint64 m_newestPurgedUs = -1; ///< time of the newest event whose detail is gone
    qint64 m_newestPurged = 0;    ///< its number
    qint64 m_purgeCutUs = 0;      ///< the log says: details before this were emptied
};

void ChainWalk::add(qint64 sequence, const QString &what, const QString &expected,
                    const QString &found)
{
    const QString chain = m_head.labName.isEmpty() ? tr("chain of the database")
                                                   : tr("chain of %1").arg(m_head.labName);
    m_context.add({.table = u"event_log"_s,
                   .id = tr("%1, event %2").arg(chain).arg(sequence),
                   .what = what,
                   .expected = expected,
                   .found = found,
                   .remedy = remedy()});
}

void ChainWalk::lookAtLink(const EventLink &link, const QByteArray &hash)
{
    if (link.sequence != m_sequence + 1)
        add(m_sequence + 1, tr("events are missing before event %1").arg(link.sequence),
            QString::number(m_sequence + 1), QString::number(link.sequence));
    else if (link.previousHash != m_previousHash)
        add(link.sequence, tr("it does not follow the event before it"),
            QString::fromLatin1(m_previousHash.toHex()),
            QString::fromLatin1(link.previousHash.toHex()));
    if (const QByteArray computed = eventHash(link); computed != hash)
        add(link.sequence, tr("it was altered: its hash is not that of its contents"),
            QString::fromLatin1(computed.toHex()), QString::fromLatin1(hash.toHex()));
    m_sequence = link.sequence;
    m_previousHash = hash;
}

void ChainWalk::lookAtDetail(const EventLink &link, const SqlRow &row)
{
    const bool isGone = row.isNull(10);
    const bool isPurged = !row.isNull(11);
    if (isGone != isPurged)
        add(link.sequence,
            isGone ? tr("its detail is gone without having been purged")
                   : tr("it has a detail though it says that this was purged"),
            {}, {});
    if (isGone) {
        ++m_head.purged;
        if (link.atUs > m_newestPurgedUs) {
            m_newestPurgedUs = link.atUs;
            m_newestPurged = link.sequence;
        }
        return;
    }
    const QString changes = row.text(10);
    if (const QByteArray hash = eventPayloadHash(changes); hash != link.payloadHash)
        add(link.sequence, tr("its detail was altered"),
            QString::fromLatin1(link.payloadHash.toHex()), QString::fromLatin1(hash.toHex()));
    else if (link.kind == kEventLogKind && link.action == eventActionName(EventAction::Purged))
        m_purgeCutUs = std::max(m_purgeCutUs, jsonObject(changes)[kPurgedBefore].toInteger());
}

void ChainWalk::look(const SqlRow &row)
{
    const EventLink link{row.bytes(0), m_head.lab,  row.integer(1), row.integer(2),
                         row.text(3),  row.text(4), row.text(5),    row.text(6),
                         row.text(7),  row.text(8), row.bytes(9)};
    lookAtLink(link, row.bytes(12));
    lookAtDetail(link, row);
}

Status ChainWalk::readPage()
{
    qint64 count = 0;
    const qint64 from = m_sequence;
    const Status done = m_context.connection.select(
        u"SELECT previous_hash, sequence, occurred_at, user_name, station, action, kind, "
        "object_uid, title, payload_hash, changes, purged_at, hash FROM event_log "
        "WHERE lab_id = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?"_s,
        {m_head.lab, from, m_head.events, kPage}, [this, &count](const SqlRow &row) {
            ++count;
            look(row);
        });
    if (!done)
        return done;
    m_context.examined(count);
    if (count == 0 && m_sequence < m_head.events) {
        add(m_sequence + 1, tr("the chain ends before its head"), QString::number(m_head.events),
            QString::number(m_sequence));
        m_sequence = m_head.events;
    } else if (m_sequence == m_head.events && m_previousHash != m_head.hash) {
        add(m_sequence, tr("it is not the one the head of the chain names"),
            QString::fromLatin1(m_head.hash.toHex()), QString::fromLatin1(m_previousHash.toHex()));
    }
    return ok();
}

Status ChainWalk::lookAtEnd()
{
    if (m_newestPurgedUs >= m_purgeCutUs && m_newestPurgedUs >= 0)
        add(m_newestPurged, tr("its detail is gone, but no event tells of that purge"),
            tr("a purge of what was before %1 or later").arg(isoTime(m_newestPurgedUs)),
            m_purgeCutUs > 0 ? tr("one of what was before %1").arg(isoTime(m_purgeCutUs))
                             : tr("none"));
    m_context.addChain(m_head);
    return ok();
}

Status ChainWalk::walk()
{
    while (m_sequence < m_head.events) {
        if (Status done = readPage(); !done)
            return done;
        m_context.progress(m_sequence, m_head.events);
    }
    return lookAtEnd();
}

/// Heads as they are now; later events are not looked at. Also what lies outside of all chains.
Result<QList<ChainEnd>> chainHeads(IntegrityContext &context)
{
    const auto snapshot = ReadSnapshot::begin(context.connection);
    if (!snapshot)
        return snapshot.error();
    QList<ChainEnd> heads;
    Status done = context.connection.select(
        u"SELECT c.lab_id, l.name, c.sequence, c.hash FROM event_chains c "
        "LEFT JOIN labs l ON l.id = c.lab_id ORDER BY c.lab_id"_s,
        {}, [&heads](const SqlRow &row) {
            ChainEnd end{.lab = row.integer(0), .events = row.integer(2), .hash = row.bytes(3)};
            end.labName = row.isNull(1) && end.lab != kDatabaseChain
                              ? tr("lab %1 (gone)").arg(end.lab)
                              : row.text(1);
            heads.append(end);
        });
    if (!done)
        return done.error();
    done = context.connection.select(
        u"SELECT e.lab_id, count(*), min(e.sequence), max(e.sequence), coalesce(c.sequence, 0) "
        "FROM event_log e LEFT JOIN event_chains c ON c.lab_id = e.lab_id "
        "WHERE e.sequence > coalesce(c.sequence, 0) GROUP BY e.lab_id, c.sequence"_s,
        {}, [&context](const SqlRow &row) {
            context.add(
                {.table = u"event_log"_s,
                 .id = tr("lab_id %1, events %2 to %3")
                           .arg(row.integer(0))
                           .arg(row.integer(2))
                           .arg(row.integer(3)),
                 .what = tr("%1 event(s) lie behind the head of their chain").arg(row.integer(1)),
                 .expected = tr("none after %1").arg(row.integer(4)),
                 .remedy = remedy()});
        });
    if (!done)
        return done.error();
    return heads;
}
} // namespace

Status checkEvents(IntegrityContext &context)
{
    const auto heads = chainHeads(context);
    if (!heads)
        return heads.error();
    for (const ChainEnd &head : heads.value()) {
        if (Status done = ChainWalk(context, head).walk(); !done)
            return done;
    }
    return ok();
}

} // namespace birch
