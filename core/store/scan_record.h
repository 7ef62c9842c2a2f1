#pragma once

#include "core/store/stored_scan.h"

#include <QJsonObject>

namespace birch {

/// One scan as history shows it.
struct ScanRecord {
    qint64 id = 0; ///< in this database only
    QUuid uid;
    QString scanId; ///< human id
    ScanDetails details;
    QString sample; ///< the sample's human id; "" for none
    QString station;
    QUuid queueUid; ///< null: not from a queue
    int queuePosition = 0;
    int epoch = 0;
    ScanState state = ScanState::Queued;
    QString reason;
    qint64 points = 0; ///< rows stored over all measurements
    qint64 pointsPlanned = 0;
    qint64 startedUs = 0; ///< microseconds UTC
    std::optional<qint64> endedUs;
    QString softwareVersion;
    qint64 revision = 0; ///< for optimistic locking of edits
    qint64 createdUs = 0;
    QString createdBy;
    qint64 updatedUs = 0;
    QString updatedBy;
    bool isTrashed = false;
    std::vector<StoredObject> objects;

    /// 0 to 1.
    double progress() const;
    /// Nothing for an unknown name.
    const StoredObject *object(const QString &name) const;
    /// The SCAN of our command line and REST.
    QJsonObject toJson() const;
};

/// Everything about one scan.
struct ScanReport {
    ScanRecord scan;
    QList<ScanLogEntry> log;
    QList<TimedRun> timings;
    QJsonObject tree;
    QJsonObject settings;    ///< at the start: nickname -> {parameter: value}
    QJsonObject endSettings; ///< at the end; empty: not read
    QJsonObject bench;       ///< the file it ran on: {file, version, text}; empty: not recorded
    QJsonObject instruments;
    QJsonObject cursor;
    QByteArray planHash;

    /// SCAN with logs, times, settings, instruments and tree.
    QJsonObject toJson() const;
};

} // namespace birch
