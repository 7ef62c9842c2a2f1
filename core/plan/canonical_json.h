#pragma once

#include <QByteArray>
#include <QJsonValue>

namespace birch {

/// One text per value: keys in the order people read them, two spaces of indentation, on one line
/// what fits in 100 columns; equal values give equal bytes. Ends with a newline.
QByteArray canonicalJson(const QJsonValue &value);

} // namespace birch
