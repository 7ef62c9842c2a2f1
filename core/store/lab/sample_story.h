#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/session.h"

namespace birch {

/// Another sample that this one has to do with.
struct SampleRelative {
    QString sampleId;
    QString uid;
    QString name;
    QString relation; ///< "made from", "piece" … as stored; "parent" | "child" for the main line
    bool isAncestor = false;
    int generations = 1; ///< 1: directly
};

/// One thing that happened to a sample, or with it.
struct StoryEntry {
    qint64 us = 0; ///< microseconds UTC
    QString kind;  ///< table: "fabrication_runs" "placements" "scans" "analyses" "attachments"
    QString id;    ///< what people call it
    QString uid;
    QString text; ///< state, procedure, place, file name
};

/// A sample's relatives and its one time line, oldest first.
struct SampleStory {
    QList<SampleRelative> relatives;
    QList<StoryEntry> entries;

    /// {"relatives":[…],"timeline":[…]}
    QJsonObject toJson() const;
};

/// Two statements, however long the story is. What lies in the trash is left out.
Result<SampleStory> sampleStory(Connection &connection, const Session &session, qint64 sampleRow);

} // namespace birch
