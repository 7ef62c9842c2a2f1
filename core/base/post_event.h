#pragma once

class QEvent;
class QObject;

namespace birch {

/// QCoreApplication::postEvent() for events that cross threads; takes \a event over. Thread-safe.
///
/// Qt keeps what is posted in lists behind locks of its own. Debian's Qt is built without the
/// thread sanitizer, which so sees the lists move in memory but not the locks: while Qt has the
/// event, it looks away.
void postEvent(QObject *receiver, QEvent *event);

} // namespace birch
