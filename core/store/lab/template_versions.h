#pragma once

#include "core/store/entity/entity_hooks.h"

namespace birch {

/// A stored tree as it once was. Numbers count from 1; the highest is the one that is in use.
struct TemplateVersion {
    qint64 templateRow = 0;
    qint64 version = 0;
    QJsonObject tree;
    qint64 storedUs = 0; ///< microseconds UTC
    QString storedBy;
};

/// Those of the scan template \a row, oldest first; 0: of all templates. The caller has seen to it
/// that the session may see them.
Result<QList<TemplateVersion>> templateVersions(Connection &connection, qint64 row = 0);

/// A scan template's version counts its trees, and every one of them is kept.
EntityHooks scanTemplateHooks();

} // namespace birch
