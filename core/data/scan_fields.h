#pragma once

#include <QMap>
#include <QString>

namespace birch {

/// The lab's own fields that a scan begins with, by name: those of its queue lie over those that
/// the file of its tree has, and under what was said about the scan itself. \a own: all that the
/// scan has so far, the tree's among them; what is different there from \a ofTree was said about
/// the scan, and so was what is missing.
inline QMap<QString, QString> fieldsInQueue(const QMap<QString, QString> &ofTree,
                                            const QMap<QString, QString> &ofQueue,
                                            QMap<QString, QString> own)
{
    for (auto field = ofQueue.begin(); field != ofQueue.end(); ++field) {
        const QString &name = field.key();
        if (own.contains(name) == ofTree.contains(name) && own.value(name) == ofTree.value(name))
            own.insert(name, field.value());
    }
    return own;
}

} // namespace birch
