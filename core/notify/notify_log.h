#pragma once

#include <QLoggingCategory>

namespace birch {

Q_DECLARE_LOGGING_CATEGORY(notifyLog)

} // namespace birch
