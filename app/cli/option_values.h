#pragma once

#include "app/cli/command.h"

#include <optional>

namespace birch::cli {

/// A whole number from 1; \a otherwise when the option was not given. Errors: BadInput.
Result<int> countOption(const Invocation &invocation, const QString &option, int otherwise);

/// A date or a date with time in microseconds; without an offset it is UTC, as all times shown.
/// Nothing when the option was not given. Errors: BadInput.
Result<std::optional<qint64>> timeOption(const Invocation &invocation, const QString &option);

} // namespace birch::cli
