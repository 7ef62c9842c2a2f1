#include "core/data/run_state.h"
#include "core/store/integrity/integrity_check.h"
#include "core/store/store_json.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr int kPage = 2000; // scans per statement

QString tr(const char *text)
{
    return QCoreApplication::translate("Integrity", text);
}

class ScanLook
{
public:
    ScanLook(IntegrityContext &context, const SqlRow &row)
        : m_context(context)
        , m_row(row)
    {
    }

    void look() const
    {
        const auto state = scanStateFromName(m_row.text(2));
        if (!state)
            add(tr("its state is none that a scan can have"), {}, m_row.text(2));
        else
            lookAtState(*state);
        lookAtCounts();
        if (m_row.integer(7) != m_row.integer(10))
            add(tr("its measurements belong to another lab than the scan"), {}, {});
    }

private:
    void lookAtState(ScanState state) const
    {
        const bool hasEnd = !m_row.isNull(5);
        const bool isActive = !isFinal(state) && state != ScanState::Interrupted;
        if (isActive && hasEnd)
            add(tr("it is %1 and has ended").arg(scanStateName(state)), tr("no time of its end"),
                m_row.text(5));
        // What another program recorded may never have had one; none is invented for it.
        const bool isImported = jsonObject(m_row.text(11)).contains(u"legacy_id"_s);
        if (isFinal(state) && !hasEnd && !isImported)
            add(tr("it is %1 and has no time of its end").arg(scanStateName(state)), {}, {});
        if (m_row.integer(4) < 1)
            add(tr("it was never started"), tr("epoch 1 or more"), m_row.text(4));
    }
    void lookAtCounts() const
    {
        if (m_row.integer(3) != m_row.integer(8))
            add(tr("its points are not the rows of its measurements"), m_row.text(8),
                m_row.text(3));
        if (m_row.integer(6) != 1)
            add(tr("its tree, settings and instruments are missing"), u"1"_s, m_row.text(6));
        const qint64 objects = m_row.integer(7);
        if (objects > 0 && m_row.integer(9) != objects - 1)
            add(tr("its measurements are not numbered 0 to %1").arg(objects - 1), {},
                tr("up to %1").arg(m_row.integer(9)));
    }
    void add(const QString &what, const QString &expected, const QString &found) const
    {
        m_context.add(
            {.table = u"scans"_s,
             .id = m_row.text(1),
             .what = what,
             .expected = expected,
             .found = found,
             .remedy = tr("compare with birchctl show %1 and with a backup").arg(m_row.text(1))});
    }

    IntegrityContext &m_context;
    const SqlRow &m_row;
};

Status lookAtScans(IntegrityContext &context)
{
    const auto total = context.connection.firstRow(u"SELECT count(*) FROM scans"_s);
    if (!total)
        return total.error();
    qint64 done = 0;
    for (qint64 after = 0, before = -1; after != before;) {
        before = after;
        // One statement, one instant: a scan that runs meanwhile fits itself.
        const Status looked = context.connection.select(
            u"SELECT s.id, s.scan_id, s.state, s.points, s.epoch, s.ended_at, "
            "(SELECT count(*) FROM scan_documents d WHERE d.scan_id = s.id), count(m.id), "
            "coalesce(sum(CASE WHEN m.side_epoch IS NULL THEN m.rows_stored ELSE 0 END), 0), "
            "coalesce(max(m.position), 0), "
            "coalesce(sum(CASE WHEN m.lab_id = s.lab_id THEN 1 ELSE 0 END), 0), s.extra_data "
            "FROM scans s LEFT JOIN measurement_objects m ON m.scan_id = s.id WHERE s.id > ? "
            "GROUP BY s.id ORDER BY s.id LIMIT ?"_s,
            {after, kPage}, [&context, &after, &done](const SqlRow &row) {
                after = row.integer(0);
                ++done;
                context.examined(1);
                ScanLook(context, row).look();
            });
        if (!looked)
            return looked;
        context.progress(done, total.value().value().first().toLongLong());
    }
    return ok();
}

Status lookAtQueues(IntegrityContext &context)
{
    return context.connection.select(
        u"SELECT uid, name, state, started_at, ended_at FROM queues ORDER BY id"_s, {},
        [&context](const SqlRow &row) {
            context.examined(1);
            const auto state = queueStateFromName(row.text(2));
            const bool isIdle = state == QueueState::Idle;
            QString what;
            if (!state)
                what = tr("its state is none that a queue can have");
            else if (!isIdle && row.isNull(3))
                what = tr("it is %1 and was never started").arg(row.text(2));
            else if (!isIdle && !row.isNull(4))
                what = tr("it is %1 and has ended").arg(row.text(2));
            if (!what.isEmpty())
                context.add({.table = u"queues"_s,
                             .id = u"%1 (%2)"_s.arg(row.text(1), row.text(0)),
                             .what = what,
                             .found = row.text(2),
                             .remedy = tr("compare with a backup")});
        });
}
} // namespace

Status checkScans(IntegrityContext &context)
{
    if (Status done = lookAtScans(context); !done)
        return done;
    return lookAtQueues(context);
}

} // namespace birch
