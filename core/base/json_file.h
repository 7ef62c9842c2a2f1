#pragma once

#include "core/base/json_lines.h"
#include "core/base/problem.h"

#include <QByteArray>
#include <QJsonObject>

#include <optional>

namespace birch {

/// One JSON file of ours as read: an object at the top, and where its values stand.
struct JsonFile {
    QString path;
    QJsonObject root;
    JsonLines lines;
};

/// Errors go to \a problems with \a path and line: what is no JSON, a key that stands twice, a top
/// level that is no object.
std::optional<JsonFile> parseJson(const QByteArray &text, const QString &path, Problems *problems);
/// The same from the disk; a file that can not be read is a problem too.
std::optional<JsonFile> readJsonFile(const QString &path, Problems *problems);

/// The bytes to hash: compact UTF-8, keys sorted, shortest numbers. Equal objects give equal bytes.
QByteArray canonicalJson(const QJsonObject &object);

} // namespace birch
