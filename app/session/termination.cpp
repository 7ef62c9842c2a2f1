#include "app/session/termination.h"

#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace birch {

namespace {

// A signal handler can reach nothing but statics.
std::atomic<int> s_writeEnd{-1};

void handle(int number)
{
    const char byte = char(number);
    // A full pipe means that a request waits already.
    [[maybe_unused]] const ssize_t written = ::write(s_writeEnd.load(), &byte, 1);
}

constexpr int kSignals[] = {SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGUSR2};

} // namespace

Termination::Termination(QObject *parent)
    : QObject(parent)
{
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
        return; // no pipe: signals keep their default effect
    m_readEnd = ends[0];
    s_writeEnd = ends[1];
    m_notifier = std::make_unique<QSocketNotifier>(m_readEnd, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] {
        char number = 0;
        while (::read(m_readEnd, &number, 1) == 1)
            number == SIGUSR1   ? emit pauseRequested()
            : number == SIGUSR2 ? emit resumeRequested()
                                : emit requested(number);
    });
    for (const int number : kSignals)
        std::signal(number, handle);
}

Termination::~Termination()
{
    for (const int number : kSignals)
        std::signal(number, SIG_DFL);
    m_notifier.reset();
    ::close(s_writeEnd.exchange(-1));
    ::close(m_readEnd);
}

} // namespace birch
