#pragma once

#include "core/store/database.h"

#include <QJsonObject>
#include <QMap>

namespace birch {

struct MergeOptions {
    QString userName; ///< must administer the target
};

/// Something that both databases have, and not alike. The target's stays.
struct MergeConflict {
    enum class Kind : quint8 {
        Differs, ///< the same thing, changed on one side
        Mapped,  ///< another thing of the same name: taken for the target's
        Renamed  ///< another thing under the same number: came with a number of its own
    };
    struct Field {
        QString name;
        QString source;
        QString target;
    };
    Kind kind = Kind::Differs;
    QString table;
    QString id; ///< what people call it, else its uid
    QList<Field> fields;

    QJsonObject toJson() const;
    QString text() const; ///< a line for people
};

struct MergeReport {
    static constexpr qsizetype kMostTold = 1000; ///< conflicts that are kept

    QMap<QString, qint64> added; ///< rows by table; tables without any are left out
    QList<MergeConflict> conflicts;
    qint64 conflictCount = 0; ///< all of them

    qint64 rows() const;
    /// {"added":{table: rows},"rows","conflicts","conflict_count"}
    QJsonObject toJson() const;
};

/// Brings what only \a from has into \a to; things are the same when their uids are. \a from is not
/// changed. Everything comes in one transaction: stopped or killed, nothing has come, and the next
/// call does all of it; called again when it is done, it adds nothing. Both are taken exclusively;
/// \a to is closed.
///
/// A thing that both have and that differs stays as the target has it and is told as a conflict;
/// so are settings. Another thing with a name that must be unique in the target is taken for the
/// target's (labs, users, stations, projects, tags, …); one with the same counted id (samples,
/// scans, …) gets "-2", "-3" … behind it. Rows, logs and charts of a scan come with the scan, never
/// for a scan that is there. The audit log of \a from stays with it: one event tells of the merge.
///
/// Errors: Conflict - a scan of \a from is not over, or either is in use; Denied; NotFound; as
/// Connection.
Result<MergeReport> mergeDatabase(const DatabaseUrl &from, std::unique_ptr<Database> to,
                                  const MergeOptions &options);

} // namespace birch
