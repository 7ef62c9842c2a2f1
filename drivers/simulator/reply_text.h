#pragma once

#include "drivers/definition/definition.h"

#include <span>

namespace birch {

/// A number as SCPI instruments print it: the shortest digits that read back to the same double;
/// 9.91E37 for no number, ±9.9E37 for an overload.
QByteArray numberReply(double value);

/// \a values in the form that \a format asks for.
/// \a text, a reply of \a format, with \a value in the place of its value; \a text as it is where
/// the format does not fit it.
QByteArray withValue(const ReplyFormat &format, const QByteArray &text, const QByteArray &value);

QByteArray replyIn(const ReplyFormat &format, std::span<const double> values);

} // namespace birch
