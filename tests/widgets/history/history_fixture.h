#pragma once

#include "core/base/id.h"
#include "core/data/chunk_codec.h"
#include "core/store/database.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/scan_repository.h"
#include "core/store/sql_run_store.h"
#include "core/store/store_reader.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

namespace birch::test {

using namespace Qt::StringLiterals;

/// A SQLite file with scans in it, and the reader that a window has.
class HistoryFixture
{
public:
    static constexpr qint64 kStart = 1'800'000'000'000'000; // 2027-01-15, microseconds UTC

    HistoryFixture()
        : database(value(
              Database::open(DatabaseUrl::sqliteFile(folder.filePath(u"history.db"_s)), u"ada"_s)))
        , store(value(SqlRunStore::open(*database, u"ada"_s, u"bench"_s)))
        , connection(value(database->connect()))
        , session(value(openSession(*connection, u"ada"_s)))
        , reader(*database, u"ada"_s)
    {
    }

    template<typename T>
    static T value(Result<T> result)
    {
        if (!result)
            qFatal("%s", qPrintable(result.error().message));
        return std::move(result).value();
    }

    QString addSample(const QString &id)
    {
        return value(EntityRepository(*connection, sampleSpec())
                         .insert(session, {{u"sample_id"_s, id}}))
            .uid;
    }

    /// A current-voltage curve; each scan starts a minute after the one before.
    NewScan newIv(const QString &title)
    {
        NewScan scan;
        scan.uid = newUid();
        scan.station = u"bench"_s;
        scan.details.name = u"IV curve"_s;
        scan.details.title = title;
        scan.details.operatorName = u"Ada"_s;
        scan.tree = {{u"kind"_s, u"sequence"_s}, {u"label"_s, title}};
        TableSchema iv{newUid(), u"iv"_s, {}};
        iv.columns = {{u"smu.bias"_s, u"V"_s, ColumnType::Float64, {}, {}, ColumnRole::Setpoint},
                      {u"smu.current"_s, u"A"_s, ColumnType::Float64, {}, {}, ColumnRole::Value}};
        scan.objects = {iv};
        scan.pointsPlanned = 201;
        scan.startedUs = kStart + 60'000'000 * m_scans++;
        scan.softwareVersion = u"0.1.0"_s;
        return scan;
    }

    OpenedScan add(const NewScan &scan, ScanState state, qint64 rows = 201,
                   const QString &reason = {})
    {
        OpenedScan opened = value(store->createScan(scan));
        ScanCommit commit;
        commit.scan = opened.uid;
        commit.epoch = opened.epoch;
        commit.rowsBefore = opened.rowsStored;
        commit.rowsAfter = {rows};
        ChunkEncoder encoder;
        ColumnValues bias;
        ColumnValues current;
        for (qint64 row = 0; row < rows; ++row) {
            const double volts = -0.4 + 0.005 * double(row % 201);
            bias.appendDouble(volts);
            current.appendDouble(1e-9 * (std::exp(volts / 0.05) - 1));
        }
        if (rows > 0) {
            commit.chunks.push_back(encoder.encode(0, 0, 0, bias));
            commit.chunks.push_back(encoder.encode(0, 1, 0, current));
        }
        commit.log = {{scan.startedUs * 1000, u"info"_s, u"Started on station bench"_s},
                      {scan.startedUs * 1000 + 9'000'000'000, u"safe"_s,
                       u"smu.bias -> 0 V, read back 0 V"_s}};
        commit.logSequence = 1;
        commit.state = state;
        commit.reason = reason;
        commit.endedUs = scan.startedUs + 34'500'000;
        value(store->commit(commit));
        return opened;
    }

    /// \a count scans without data, as copies of \a like, in one statement.
    void addCopies(const NewScan &like, int count)
    {
        value(connection->execute(
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            "INSERT INTO scans (uid, scan_id, lab_id, station_id, epoch, state, name, title, "
            "operator, plan_hash, points_planned, started_at, ended_at, software_version, "
            "created_at, created_by, updated_at, updated_by) "
            "SELECT printf('00000000-0000-7000-8000-%012d', i), printf('copy-%06d', i), lab_id, "
            "station_id, 1, CASE i % 5 WHEN 0 THEN 'failed' ELSE 'completed' END, name, "
            "printf('Run %d', i), operator, plan_hash, 0, started_at - i * 60000000, "
            "started_at - i * 60000000 + 1000000, '0.1.0', 1, 'ada', 1, 'ada' "
            "FROM scans, n WHERE uid = ?"_s,
            {count, uidText(like.uid)}));
    }

    ScanRecord find(const QUuid &scan)
    {
        return value(ScanRepository(*connection).find(session, uidText(scan)));
    }

    QTemporaryDir folder;
    std::unique_ptr<Database> database;
    std::unique_ptr<SqlRunStore> store;
    std::unique_ptr<Connection> connection;
    Session session;
    StoreReader reader;

private:
    int m_scans = 0;
};

} // namespace birch::test
