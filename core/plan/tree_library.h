#pragma once

#include <QJsonObject>
#include <QMap>
#include <QString>

namespace birch {

/// Trees that are kept by name, e.g. in a database, as they were when somebody looked. A value.
struct TreeLibrary {
    struct Entry {
        QString version;  ///< "3"
        QJsonObject tree; ///< a scan document

        bool operator==(const Entry &) const = default;
    };
    QMap<QString, Entry> entries; ///< by name
    /// Why there are none where some were to be expected, one sentence; else "".
    QString absence = {};

    bool operator==(const TreeLibrary &) const = default;
};

} // namespace birch
