#include "core/base/post_event.h"

#include <QCoreApplication>

#ifdef __SANITIZE_THREAD__
extern "C" {
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
}
#endif

namespace birch {

void postEvent(QObject *receiver, QEvent *event)
{
#ifdef __SANITIZE_THREAD__
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    QCoreApplication::postEvent(receiver, event);
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
#else
    QCoreApplication::postEvent(receiver, event);
#endif
}

} // namespace birch
