#include "core/store/store_log.h"

namespace birch {

Q_LOGGING_CATEGORY(storeLog, "birch.store")

} // namespace birch
