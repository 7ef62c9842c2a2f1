#pragma once

#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace birch {

/// What happened to an object. New ones go to the end of the table in event.cpp too.
enum class EventAction : quint8 {
    Added,
    Changed,
    Archived,
    Unarchived,
    Trashed,
    Restored,
    Purged,
    Merged,
    Started,
    Continued,
    Completed,
    Stopped,
    Aborted,
    Failed,
    Interrupted,
    LoggedIn,
    LoginFailed,
    Granted,
    Revoked
};

QString eventActionName(EventAction action); ///< "added" …, as stored
/// Nothing for an unknown name.
std::optional<EventAction> eventActionFromName(const QString &name);
QStringList eventActionNames();

/// The chain of what belongs to no lab: users, settings, log-ins.
inline constexpr qint64 kDatabaseChain = 0;

/// One entry of the audit log before it has its place there.
struct Event {
    qint64 lab = kDatabaseChain; ///< row of the lab whose chain it joins
    EventAction action = EventAction::Changed;
    QString kind;             ///< table of the object: "samples"
    QString objectUid = {};   ///< "" for what has none, e.g. a setting
    QString title = {};       ///< what people call the object at that moment
    QJsonObject changes = {}; ///< {field: {"before", "after"}}, or counts; never a secret
    QString user = {};        ///< EventLog::record() fills this and the following
    QString station = {};
    qint64 atUs = 0; ///< microseconds UTC
};

} // namespace birch
