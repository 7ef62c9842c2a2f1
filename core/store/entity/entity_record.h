#pragma once

#include "core/store/entity/entity_spec.h"

#include <QJsonObject>
#include <QMap>
#include <QVariant>

#include <optional>

namespace birch {

/// One entity as stored. Values are of the field's type: QString (also dates, yyyy-MM-dd), qint64
/// (also times, microseconds UTC), double, bool, QJsonValue; a reference is the human id of what it
/// refers to, an object "kind:human id". Nothing given: not
/// in the map.
struct EntityRecord {
    qint64 id = 0; ///< in this database only
    QString uid;
    QVariantMap values;
    QMap<QString, QString> referenceUids; ///< field -> uid of what it refers to
    QJsonObject extraData;
    qint64 revision = 0;
    qint64 createdUs = 0; ///< microseconds UTC
    QString createdBy;
    qint64 updatedUs = 0;
    QString updatedBy;
    std::optional<qint64> archivedUs;
    std::optional<qint64> trashedUs;

    QString text(const QString &field) const { return values.value(field).toString(); }
    /// Fields, "<reference>_uid", uid and audit columns.
    QJsonObject toJson(const EntitySpec &spec) const;
};

/// \a value of \a field as JSON shows it: times as ISO 8601, null for nothing.
QJsonValue fieldJson(const EntityField &field, const QVariant &value);

/// Both ends belong to it; an empty one is open.
struct FilterRange {
    QString least;
    QString most;
};

/// Which rows: all conditions hold together. Values are as people type them.
struct EntityFilter {
    QMap<QString, QString> equal;      ///< field -> value; a reference by human id or uid
    QMap<QString, QStringList> oneOf;  ///< field -> one of these
    QMap<QString, FilterRange> ranges; ///< numbers, dates, times; also created_at, updated_at
    QStringList without;               ///< fields that hold nothing
    QStringList with;                  ///< fields that hold something
    QString search;                    ///< every word in a searchable field
    bool isTrashIncluded = false;
    bool isArchiveIncluded = true;
    QString sort; ///< a field, "created_at" or "updated_at"; "": newest first
    bool isDescending = false;
    QString anchor; ///< of an earlier page: rows added since do not shift the later ones
    int page = 1;
    int perPage = 50;
};

struct EntityPage {
    QList<EntityRecord> records;
    qint64 total = 0;
    int page = 1;
    int perPage = 0;
    QString anchor = {};      ///< for EntityFilter::anchor
    bool isTotalExact = true; ///< else there are at least so many

    /// {"<table>","total","total_is_exact","page","per_page","anchor"}
    QJsonObject toJson(const EntitySpec &spec) const;
};

} // namespace birch
