#pragma once

#include "drivers/definition/definition.h"

#include <span>

namespace birch {

/// A number as SCPI instruments print it: the shortest digits that read back to the same double;
/// 9.91E37 for no number, ±9.9E37 for an overload.
QByteArray numberReply(double value);

/// \a values in the form that \a format asks for.
QByteArray replyIn(const ReplyFormat &format, std::span<const double> values);

} // namespace birch
