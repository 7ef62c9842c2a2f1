#include "core/instrument/call_watch.h"

#include "core/base/log.h"

using namespace Qt::StringLiterals;

namespace birch {

namespace {
double milliseconds(Nanoseconds duration)
{
    return std::chrono::duration<double, std::milli>(duration).count();
}
} // namespace

CallWatch::CallWatch(QString whose)
    : m_whose(std::move(whose))
{
}

CallWatch::~CallWatch()
{
    qCDebug(lcInstrument, "%ls: %llu calls, the latest came back %.3f ms after its deadline%ls",
            qUtf16Printable(m_whose), static_cast<unsigned long long>(m_calls),
            milliseconds(m_latest),
            qUtf16Printable(m_latestCall.isEmpty() ? QString() : u" ("_s + m_latestCall + u')'));
}

void CallWatch::noteLatest(Nanoseconds late, const QString &name)
{
    m_latest = late;
    m_latestCall = name;
    if (late > kDeadlineMargin)
        qCWarning(lcInstrument,
                  "%ls: \"%ls\" came back %.0f ms after its deadline: whoever waits for it, a stop "
                  "too, waited that much longer",
                  qUtf16Printable(m_whose), qUtf16Printable(name), milliseconds(late));
}

} // namespace birch
