#pragma once

#include <QString>
#include <QUuid>

#include <chrono>

namespace birch {

/// How points travel from the engine to the database. Sizes in bytes.
struct RecorderSettings {
    using Milliseconds = std::chrono::milliseconds;

    QString spoolDir;                       ///< made when missing; one folder per scan in it
    qint64 segmentBytes = qint64(64) << 20; ///< preallocated; a larger single record grows it
    qint64 reserveBytes = qint64(16) << 20; ///< freed on a full disk so that scans can be closed
    Milliseconds syncInterval{200};         ///< what a power cut may cost
    qint64 flushRows = 4096;                ///< whichever of these three comes first …
    qint64 flushBytes = qint64(256) << 10;
    Milliseconds flushInterval{1000};
    qint64 maxRowsPerCommit = 16384; ///< … and never more than this in one transaction
    qint64 memoryBytes = qint64(64)
                         << 20;      ///< backlog held in memory; beyond it the spool is re-read
    Milliseconds retryMin{200};      ///< database gone: first retry …
    Milliseconds retryMax{5000};     ///< … doubling to this
    Milliseconds giveUpAfter{30000}; ///< a finished scan that can not be stored for so long
                                     ///< is reported as left to recovery
    bool compress = true;
    QUuid database; ///< under whose identity scans begin while it is away; null: not known yet
};

} // namespace birch
