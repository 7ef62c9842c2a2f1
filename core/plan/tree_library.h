#pragma once

#include <QJsonObject>
#include <QMap>
#include <QString>
#include <QStringList>

namespace birch {

/// Trees that are kept by name, e.g. in a database, as they were when somebody looked. A value.
struct TreeLibrary {
    struct Entry {
        QString version;                         ///< "3": the newest
        QJsonObject tree;                        ///< a scan document
        QMap<QString, QJsonObject> earlier = {}; ///< by version

        /// Null: there is no such version.
        const QJsonObject *find(const QString &wanted) const;
        /// Oldest first, the newest among them.
        QStringList versions() const;
        bool operator==(const Entry &) const = default;
    };
    QMap<QString, Entry> entries; ///< by name
    /// Why there are none where some were to be expected, one sentence; else "".
    QString absence = {};

    bool operator==(const TreeLibrary &) const = default;
};

} // namespace birch
