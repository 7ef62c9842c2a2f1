#pragma once

#include "core/base/problem.h"
#include "core/base/result.h"

#include <QList>
#include <QString>

namespace birch {

/// One scalar of birch.yaml. Keys may be dotted or nested: "log.level: debug" or "log: {level: …}".
struct SettingsFileEntry {
    QString key;
    QString text;
    int line = 0;   ///< 1-based, of the value
    int column = 0; ///< 0-based, of the value
};

/// The entries of a settings file's text. What is no YAML, no mapping or stands twice goes to
/// \a problems; what could be read is returned all the same.
QList<SettingsFileEntry> parseSettingsFile(const QByteArray &text, const QString &path,
                                           Problems *problems);

/// \a text with \a key set to \a value; comments and everything else stay as they are.
/// Errors: BadInput - the text can not be edited by a program; the sentence says what to do.
Result<QByteArray> withSetting(const QByteArray &text, const QString &path, const QString &key,
                               const QString &value);

} // namespace birch
