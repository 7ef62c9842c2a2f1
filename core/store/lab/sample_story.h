#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/lab/places.h"
#include "core/store/session.h"

namespace birch {

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
    SampleFamily family;
    QList<StoryEntry> entries;

    /// {"relatives":[…],"timeline":[…]}
    QJsonObject toJson() const;
};

/// A fixed number of statements, however long the story is. What lies in the trash is left out.
Result<SampleStory> sampleStory(Connection &connection, const Session &session,
                                const EntityRecord &sample);

} // namespace birch
