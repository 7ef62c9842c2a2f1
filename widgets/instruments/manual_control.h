#pragma once

#include <QString>

#include <chrono>

namespace birch {

/// Who holds the lease while a person sets something by hand.
inline const QString kManualControl = QStringLiteral("manual control");
inline constexpr std::chrono::seconds kManualExchange{5};

} // namespace birch
