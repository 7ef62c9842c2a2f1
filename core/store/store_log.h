#pragma once

#include <QLoggingCategory>

namespace birch {

Q_DECLARE_LOGGING_CATEGORY(storeLog)

} // namespace birch
