#include "core/notify/notify_log.h"

namespace birch {

Q_LOGGING_CATEGORY(notifyLog, "birch.notify")

} // namespace birch
