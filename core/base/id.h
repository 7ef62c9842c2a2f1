#pragma once

#include <QUuid>

namespace birch {

/// A new UUIDv7 (RFC 9562, section 5.7): sorts by time of making. Thread-safe.
QUuid newUid();

/// Lower case, without braces: how ids look in files, tables and JSON.
inline QString uidText(const QUuid &uid)
{
    return uid.toString(QUuid::WithoutBraces);
}

} // namespace birch
