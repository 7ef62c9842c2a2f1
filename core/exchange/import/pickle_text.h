#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace birch {

/// UTF-8 as Python writes it, lone surrogates included; nothing for what is none.
std::optional<QString> pickleText(QByteArrayView utf8);

/// A Python literal with its quotes, e.g. 'a\'b\x41'; nothing for what is none.
std::optional<QByteArray> unquoted(QByteArrayView literal);

/// Python's raw-unicode-escape: Latin-1 with \uXXXX and \UXXXXXXXX.
std::optional<QString> rawUnicodeUnescaped(QByteArrayView text);

/// An optional sign and digits.
bool isDecimalInteger(QByteArrayView text);

} // namespace birch
