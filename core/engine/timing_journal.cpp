#include "core/engine/timing_journal.h"

#include <algorithm>

namespace birch {

namespace {
constexpr int kLongestSilence = 60; // seconds
}

TimingJournal::TimingJournal(const ScanTimer &timer, RunWriter &writer)
    : m_timer(timer)
    , m_writer(writer)
{
    connect(&m_second, &QTimer::timeout, this, &TimingJournal::tick);
    m_second.start(std::chrono::seconds(1));
}

void TimingJournal::tick()
{
    const bool isNew = m_timer.stretches() != m_stretches;
    if (!isNew && ++m_quietSeconds < m_patience)
        return;
    m_patience = isNew ? 1 : std::min(2 * m_patience, kLongestSilence);
    write();
}

void TimingJournal::write()
{
    m_stretches = m_timer.stretches();
    m_quietSeconds = 0;
    (void)m_writer.setTiming(m_timer.timing());
}

} // namespace birch
