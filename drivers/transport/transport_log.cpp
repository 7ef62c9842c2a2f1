#include "drivers/transport/transport_log.h"

Q_LOGGING_CATEGORY(lcTransport, "birch.transport")
