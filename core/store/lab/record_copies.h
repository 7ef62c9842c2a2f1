#pragma once

#include "core/store/entity/entity_record.h"
#include "core/store/session.h"

namespace birch {

enum class OwnedLines : quint8 { LeftOut, Copied };

/// A new record like the one with \a key: a counted id is the next one, a name or a code that must
/// be unique gets a number, and what the store fills in is filled in anew. With its lines (the
/// precursors of a sample, the equipment of a procedure) where asked. One transaction.
Result<EntityRecord> duplicateRecord(Connection &connection, const Session &session,
                                     const QString &table, const QString &key, OwnedLines lines);

/// A template \a name that prefills what the record with \a key holds, but for its id.
Result<EntityRecord> saveAsTemplate(Connection &connection, const Session &session,
                                    const QString &table, const QString &key, const QString &name);
/// A new record of \a table from a template; \a changes come on top.
/// Errors: BadInput - the template is for something else.
Result<EntityRecord> addFromTemplate(Connection &connection, const Session &session,
                                     const QString &table, const QString &templateKey,
                                     const QVariantMap &changes);

/// Pins or unpins \a object for the session's user. Errors: NotFound - the user is not registered.
Status setPinned(Connection &connection, const Session &session, const QString &object,
                 bool isPinned);
/// "samples:S-1" …, newest first.
Result<QStringList> pinsOf(Connection &connection, const Session &session);

} // namespace birch
