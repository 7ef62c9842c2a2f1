#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace birch::scpi {

/// The text inside "..." or '...', where a doubled quote stands for one. Latin-1, as IEEE 488.2 has
/// it. Errors: Protocol - not quoted, or something behind the closing quote.
Result<QString> parseQuoted(QByteArrayView reply);

/// \a text as a string of a command: "...", quotes inside doubled.
QByteArray quoted(const QString &text);

/// The answer to *IDN?.
struct Identity {
    QString manufacturer;
    QString model;
    QString serial;
    QString firmware; ///< with any further fields, as they came

    bool operator==(const Identity &) const = default;
};

/// Four fields between commas, blanks around them taken off; fields at the end may be missing.
/// Errors: Protocol - empty, or not even manufacturer and model.
Result<Identity> parseIdentity(QByteArrayView reply);

} // namespace birch::scpi
