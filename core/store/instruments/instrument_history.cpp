#include "core/store/instruments/instrument_history.h"

#include "core/base/id.h"
#include "core/store/place_rules.h"
#include "core/store/store_time.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
/// The coarser word that other programs of the lab know.
QString statusOf(const QString &event)
{
    if (event == u"ready" || event == u"back")
        return u"connected"_s;
    return event == u"fault" || event == u"reconnecting" ? u"error"_s : u"disconnected"_s;
}
} // namespace

Status addInstrumentHistory(Connection &connection, const Session &session, qint64 instrument,
                            const InstrumentHistoryEntry &entry)
{
    const qint64 now = nowUs();
    return connection.execute(
        u"INSERT INTO instrument_status (uid, lab_id, instrument_id, status, at, error_message, "
        "event, fault, attempt, station, nickname, created_at, created_by, updated_at, updated_by) "
        "SELECT ?, lab_id, id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM instruments WHERE id = ?"_s,
        {uidText(newUid()), statusOf(entry.event), entry.atUs,
         entry.reason.isEmpty() ? QVariant(QMetaType::fromType<QString>()) : entry.reason,
         entry.event, entry.fault, entry.attempt, entry.station, entry.nickname, now, session.user,
         now, session.user, instrument});
}

Result<QList<InstrumentHistoryEntry>>
instrumentHistory(Connection &connection, const Session &session, const QString &station,
                  const QString &nickname, qint64 sinceUs, int limit)
{
    const Visibility visible = visibleRows(placeRule(u"instrument_status"_s), session, u"t"_s);
    QList<InstrumentHistoryEntry> entries;
    const Status read = connection.select(
        u"SELECT t.at, t.event, t.fault, t.attempt, t.error_message, t.station, t.nickname, "
        "i.serial_number FROM instrument_status t JOIN instruments i ON i.id = t.instrument_id "
        "WHERE t.station = ? AND t.nickname = ? AND t.at >= ? AND t.trashed_at IS NULL"_s +
            (visible.sql.isEmpty() ? QString() : u" AND "_s + visible.sql) +
            u" ORDER BY t.at DESC, t.id DESC LIMIT ?"_s,
        QVariantList{station, nickname, sinceUs} + visible.values + QVariantList{limit},
        [&entries](const SqlRow &row) {
            entries.append({row.integer(0), row.text(1), row.text(2), int(row.integer(3)),
                            row.text(4), row.text(5), row.text(6), row.text(7)});
        });
    if (!read)
        return read.error();
    return entries;
}

} // namespace birch
