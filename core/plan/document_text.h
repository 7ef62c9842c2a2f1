#pragma once

#include "core/base/error.h"
#include "core/base/json_file.h"

#include <QJsonValue>

namespace birch {

/// One text per value: keys in the order people read them, two spaces of indentation, on one line
/// what fits in 100 columns; equal values give equal bytes. Ends with a newline.
QByteArray documentText(const QJsonValue &value);

/// Larger texts are refused unread.
inline constexpr qsizetype kMaxDocumentBytes = 64 * 1024 * 1024;

/// One object in valid JSON, no key twice, not larger than kMaxDocumentBytes.
std::optional<JsonFile> parseDocument(const QByteArray &text, const QString &file,
                                      Problems *problems);

/// The problem of a file that could not be read.
Problem unreadable(const QString &file, const Error &error);

} // namespace birch
