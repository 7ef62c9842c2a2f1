#pragma once

#include "core/store/entity/entity_hooks.h"
#include "core/store/entity/object_key.h"

namespace birch {

/// A location is in no other that is in it, and stays while something is there.
EntityHooks locationHooks();
/// Whatever is placed leaves where it was.
EntityHooks placementHooks();
/// A sample is made from no other that is made from it.
EntityHooks sampleHooks();
EntityHooks sampleParentHooks();

/// Puts \a object ("samples:S-1") at the location with \a locationKey, as of now; where it was
/// before stays as history. Returns the placement.
Result<EntityRecord> placeObject(Connection &connection, const Session &session,
                                 const QString &object, const QString &locationKey,
                                 const QString &notes = {});
/// Newest first; the first one without an end is where it is.
Result<QList<EntityRecord>> placementHistory(Connection &connection, const Session &session,
                                             const QString &object);
/// What is at a location now, and in all that are in it, newest first.
Result<QList<EntityRecord>> contentsOf(Connection &connection, const Session &session,
                                       const QString &locationKey);

/// One relative of a sample.
struct SampleRelative {
    QString sampleId;
    QString uid;
    QString relation;   ///< how it was made: "derived" "piece" "combined" "copy"
    int generation = 0; ///< 1: parent or child
    QVariant amount;    ///< of the nearest step, in unit
    QString unit;
};
struct SampleFamily {
    QList<SampleRelative> ancestors;
    QList<SampleRelative> descendants;
};
Result<SampleFamily> sampleFamily(Connection &connection, const Session &session,
                                  const QString &key);

} // namespace birch
