#include "bench/history_data.h"

#include "core/base/id.h"
#include "core/data/chunk_codec.h"
#include "core/data/table_schema_json.h"
#include "core/store/chunk_reader.h"
#include "core/store/search/object_text.h"
#include "core/store/store_json.h"
#include "core/store/stored_scan.h"
#include "core/store/write_transaction.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace birch::bench {

namespace {
constexpr qint64 kBatch = 50'000;
constexpr int kCurves = 64;
constexpr qint64 kFirstUs = 1'640'995'200'000'000; // 2022-01-01
constexpr qint64 kEveryUs = 120'000'000;
constexpr qint64 kLab = 1;

TableSchema schema()
{
    TableSchema table{QUuid(u"01910000-0000-7000-8000-00000000beef"_s), u"iv"_s, {}};
    table.columns << ColumnSpec{u"x"_s, u"V"_s, ColumnType::Float64, {}, {}, ColumnRole::Value};
    return table;
}

Chunk curve(int number)
{
    ColumnValues values(ColumnType::Float64, 1);
    for (qint64 row = 0; row < kRowsPerScan; ++row)
        values.appendDouble(std::sin(double(row) * 0.1 + number) * 1e-6);
    return ChunkEncoder().encode(0, 0, 0, values);
}

/// SQL that differs between the engines, with $i for the number of a row.
struct Words {
    bool isPostgres;

    QString uid(int kind) const
    {
        const QString sql =
            isPostgres
                ? u"lpad(to_hex(26214400 + $i / 1000), 8, '0') || '-' || "
                  "lpad(to_hex($i % 1000), 4, '0') || '-7%1-8000-' || lpad(to_hex($i), 12, '0')"_s
                : u"printf('§08x-§04x-7%1-8000-§012x', 26214400 + $i / 1000, $i § 1000, $i)"_s;
        return QString(sql).replace(u"%1"_s, QString::number(kind).rightJustified(3, u'0'));
    }
    QString day() const
    {
        return isPostgres ? u"to_char(to_timestamp(($t) / 1000000) AT TIME ZONE 'UTC', 'YYMMDD')"_s
                          : u"substr(strftime('%Y%m%d', ($t) / 1000000, 'unixepoch'), 3)"_s;
    }
    QString padded(const QString &number, int digits) const
    {
        return isPostgres ? u"lpad((%1)::text, %2, '0')"_s.arg(number).arg(digits)
                          : u"substr('000000' || (%1), -%2)"_s.arg(number).arg(digits);
    }
    QString choice(const QString &number, const QStringList &words) const
    {
        QString sql = u"CASE (%1) % %2"_s.arg(number).arg(words.size());
        for (qsizetype i = 0; i < words.size(); ++i)
            sql += u" WHEN %1 THEN '%2'"_s.arg(i).arg(words[i]);
        return sql + u" END"_s;
    }
};

QString numbers(qint64 from, qint64 to)
{
    return u"WITH RECURSIVE n(i) AS (SELECT CAST(%1 AS BIGINT) UNION ALL SELECT i + 1 FROM n "
           "WHERE i < %2) "_s.arg(from)
               .arg(to);
}

/// §: a percent sign that is none of QString::arg().
QString filled(QString sql)
{
    sql.replace(u'§', u'%');
    sql.replace(u"$t"_s, u"%1 + $i * %2"_s.arg(kFirstUs).arg(kEveryUs));
    return sql.replace(u"$i"_s, u"n.i"_s);
}

class Filler
{
public:
    Filler(Connection &connection, const HistorySize &size)
        : m_connection(connection)
        , m_size(size)
        , m_words{connection.dialect().isPostgres()}
    {
    }

    Status run()
    {
        for (Status (Filler::*step)() :
             {&Filler::prepare, &Filler::samples, &Filler::scans, &Filler::finish}) {
            if (Status done = (this->*step)(); !done)
                return done;
        }
        return ok();
    }

private:
    Status batches(qint64 count, const std::function<QStringList(qint64, qint64)> &statements)
    {
        for (qint64 from = 1; from <= count; from += kBatch) {
            auto transaction = WriteTransaction::begin(m_connection);
            if (!transaction)
                return transaction.error();
            for (const QString &sql : statements(from, std::min(count, from + kBatch - 1))) {
                if (Status done = m_connection.script(sql); !done)
                    return done.error().within(sql.left(60));
            }
            if (Status done = transaction.value().commit(); !done)
                return done;
        }
        return ok();
    }

    Status prepare()
    {
        // The server makes rows of `objects` one by one in triggers: here they are made at once.
        const QString engine = m_words.isPostgres
                                   ? u"ALTER TABLE scans DISABLE TRIGGER USER; ALTER TABLE samples "
                                     u"DISABLE TRIGGER USER;"
                                     "DROP INDEX objects_search; SET synchronous_commit = off;"_s
                                   : u"PRAGMA synchronous = OFF; PRAGMA cache_size = -400000;"_s;
        if (Status done = m_connection.script(engine); !done)
            return done;
        const QString sql =
            u"CREATE TEMPORARY TABLE curves (number {int}, codec {int}, low {bytes}, high {bytes}, "
            "payload {bytes});"
            "INSERT INTO stations (uid, lab_id, name, created_at, created_by, updated_at, "
            "updated_by) VALUES ('g1', 1, 'gen1', 1, 'g', 1, 'g'), ('g2', 1, 'gen2', 1, 'g', 1, "
            "'g');"
            "INSERT INTO projects (uid, lab_id, name, created_at, created_by, updated_at, "
            "updated_by) "_s +
            filled(numbers(1, 40) + u"SELECT 'gp' || $i, 1, 'Project ' || $i, $i, 'g', $i, 'g' "
                                    "FROM n"_s);
        if (Status done = m_connection.script(m_connection.dialect().fillTypes(sql)); !done)
            return done;
        for (int i = 0; i < kCurves; ++i) {
            const Chunk chunk = curve(i);
            if (Status done = m_connection.execute(
                    u"INSERT INTO curves VALUES (?, ?, ?, ?, ?)"_s,
                    {i, int(chunk.codec), chunk.minimum, chunk.maximum, chunk.payload});
                !done)
                return done;
        }
        return ok();
    }

    Status samples()
    {
        const QString material =
            m_words.choice(u"$i"_s, {u"Silicon"_s, u"Graphene"_s, u"GaAs"_s, u"MoS2"_s});
        return batches(m_size.samples, [&](qint64 from, qint64 to) {
            QStringList sql{filled(
                u"INSERT INTO samples (uid, lab_id, project_id, sample_id, name, material, "
                "created_at, created_by, updated_at, updated_by) "_s +
                numbers(from, to) +
                u"SELECT %1, 1, 1 + $i % 40, 'S-2024-' || %2, 'Wafer ' || $i, %3, $t, 'g', $t, 'g' "
                "FROM n"_s.arg(m_words.uid(1), m_words.padded(u"$i"_s, 6), material))};
            sql << objects(u"samples"_s, from, to, u"s.sample_id"_s,
                           u"s.sample_id || ' ' || s.name || ' ' || s.material"_s, u"samples s"_s);
            return sql;
        });
    }

    /// Title and text of rows, as describeObject() would write them: plain letters only.
    QString objects(const QString &kind, qint64 from, qint64 to, const QString &title,
                    const QString &text, const QString &tables) const
    {
        const QString range = u"s.id BETWEEN %1 AND %2"_s.arg(from).arg(to);
        if (m_words.isPostgres)
            return u"INSERT INTO objects (kind, row_id, uid, lab_id, title, search_text, "
                   "trashed_at) SELECT '%1', s.id, s.uid, s.lab_id, %2, lower(%3), s.trashed_at "
                   "FROM %4 WHERE %5 ORDER BY s.id"_s.arg(kind, title, text, tables, range);
        return u"UPDATE objects SET title = x.title, search_text = x.body FROM (SELECT s.id AS "
               u"row, "
               "%2 AS title, lower(%3) AS body FROM %4 WHERE %5) x "
               "WHERE kind = '%1' AND row_id = x.row"_s.arg(kind, title, text, tables, range);
    }

    QString scanRows(qint64 from, qint64 to) const
    {
        const QString hash = u"($i * 7919)"_s;
        const QString comment =
            m_words.choice(u"$i"_s, {u"diode"_s, u"laser"_s, u"diode at room temperature"_s,
                                     u"transport after cooling"_s}) +
            u" || CASE WHEN $i % 5000 = 77 THEN ' rarefied' ELSE '' END"_s;
        const QString state =
            u"CASE WHEN $i % 20 = 3 THEN 'failed' WHEN $i % 20 = 4 THEN 'aborted' "
            "ELSE 'completed' END"_s;
        return filled(
            u"INSERT INTO scans (uid, scan_id, lab_id, station_id, project_id, sample_id, epoch, "
            "state, name, title, scan_type, operator, comment, plan_hash, points, "
            "points_planned, started_at, ended_at, software_version, created_at, created_by, "
            "updated_at, updated_by) "_s +
            numbers(from, to) +
            u"SELECT %1, 'gen' || (1 + $i % 2) || '-' || %2 || '-' || %3, 1, %4 + $i % 2, "
            "1 + $i % 40, 1 + %5 % %6, 1, %7, %8, 'Run ' || $i, 'iv', %9, "_s
                .arg(m_words.uid(2), m_words.day(), m_words.padded(u"$i % 720"_s, 3), station(),
                     hash)
                .arg(m_size.samples)
                .arg(
                    state,
                    m_words.choice(u"$i / 7"_s, {u"IV map"_s, u"Cooling curve"_s, u"Gate sweep"_s}),
                    m_words.choice(u"$i / 3"_s, {u"Ada"_s, u"Grace"_s, u"Lise"_s})) +
            comment +
            u", %1, 100, 100, $t, $t + 60000000, '0.1.0', $t, 'g', $t, 'g' FROM n"_s.arg(
                m_words.isPostgres ? u"'\\x00ff'::bytea"_s : u"x'00ff'"_s));
    }

    QString station() const { return u"(SELECT min(id) FROM stations WHERE created_by = 'g')"_s; }

    Status scans()
    {
        const QString columns = jsonText(tableSchemaToJson(schema()));
        const QString node = uidText(schema().nodeId);
        return batches(m_size.scans, [&](qint64 from, qint64 to) {
            const QString range = u"s.id BETWEEN %1 AND %2"_s.arg(from).arg(to);
            QStringList sql{scanRows(from, to)};
            sql << objects(
                u"scans"_s, from, to, u"s.scan_id"_s,
                u"s.scan_id || ' ' || s.name || ' ' || s.title || ' ' || s.scan_type || ' ' || "
                "s.operator || ' ' || s.comment || ' ' || sa.sample_id || ' ' || sa.name || ' ' || "
                "p.name || ' ' || st.name"_s,
                u"scans s JOIN samples sa ON sa.id = s.sample_id JOIN projects p ON p.id = "
                "s.project_id JOIN stations st ON st.id = s.station_id"_s);
            sql << u"INSERT INTO scan_documents (scan_id, tree, settings, instruments) SELECT "
                   u"s.id, "
                   "'{\"kind\":\"sequence\",\"children\":[{\"kind\":\"measure\"}]}', '{}', '{}' "
                   "FROM scans s WHERE "_s +
                       range;
            sql << filled(
                u"INSERT INTO measurement_objects (uid, scan_id, lab_id, position, node_uid, "
                "name, columns, rows_stored) "_s +
                numbers(from, to) +
                u"SELECT %1, $i, 1, 0, '%2', 'iv', '%3', 100 FROM n"_s.arg(m_words.uid(3), node,
                                                                           columns));
            sql << u"INSERT INTO data_chunks (measurement_object_id, column_index, first_row, "
                   u"lab_id, "
                   "row_count, codec, min_value, max_value, flagged_count, payload) "
                   "SELECT s.id, 0, 0, 1, 100, c.codec, c.low, c.high, 0, c.payload "
                   "FROM measurement_objects s JOIN curves c ON c.number = s.id % %1 WHERE "_s.arg(
                       kCurves) +
                       range;
            return sql;
        });
    }

    Status finish()
    {
        return m_connection.script(
            m_words.isPostgres
                ? u"ALTER TABLE scans ENABLE TRIGGER USER; ALTER TABLE samples ENABLE TRIGGER USER;"
                  "SET maintenance_work_mem = '512MB';"
                  "CREATE INDEX objects_search ON objects USING gin ((' ' || search_text) "
                  "gin_trgm_ops)"_s
                : u"PRAGMA wal_checkpoint(TRUNCATE); ANALYZE; PRAGMA synchronous = FULL"_s);
    }

    Connection &m_connection;
    HistorySize m_size;
    Words m_words;
};

Status differs(const QString &what)
{
    return Error{ErrorCode::Internal, u"The generated history is not as it should be: "_s + what};
}

Result<QVariantList> row(Connection &connection, const QString &sql, const QVariantList &values)
{
    auto found = connection.firstRow(sql, values);
    if (!found)
        return found.error();
    if (!found.value())
        return Error{ErrorCode::NotFound, sql};
    return *found.value();
}
} // namespace

Status fillHistory(Connection &connection, const HistorySize &size)
{
    return Filler(connection, size).run();
}

Status checkHistory(Connection &connection, const HistorySize &size, qint64 scanRow)
{
    const QString text =
        u"SELECT title, search_text FROM objects WHERE kind = 'scans' AND row_id = ?"_s;
    const auto before = row(connection, text, {scanRow});
    if (!before)
        return before.error();
    if (Status done = describeScan(connection, scanRow); !done)
        return done;
    const auto after = row(connection, text, {scanRow});
    if (!after || after.value() != before.value())
        return differs(u"texts"_s);
    const auto counts = row(connection,
                            u"SELECT (SELECT sum(kept) FROM object_counts WHERE kind = 'scans'), "
                            "(SELECT sum(kept) FROM object_counts WHERE kind = 'samples'), "
                            "(SELECT count(*) FROM data_chunks)"_s,
                            {});
    if (!counts || counts.value().at(0).toLongLong() != size.scans ||
        counts.value().at(1).toLongLong() != size.samples ||
        counts.value().at(2).toLongLong() != size.scans)
        return differs(u"counts"_s);
    const auto objects = loadObjects(connection, scanRow);
    if (!objects)
        return objects.error();
    ChunkReader reader(connection);
    const auto values = reader.read(objects.value().at(0), 0, 0, kRowsPerScan);
    if (!values)
        return values.error();
    const double expected = std::sin(7 * 0.1 + double(scanRow % kCurves)) * 1e-6;
    return values.value().rowCount() == kRowsPerScan && values.value().doubleAt(7) == expected
               ? ok()
               : differs(u"values"_s);
}

} // namespace birch::bench
