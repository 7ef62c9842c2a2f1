#include "core/engine/setpoint_restore.h"

namespace birch {

namespace {
constexpr Nanoseconds kInlineCall = std::chrono::seconds(60);
}

SetpointRestore::SetpointRestore(const ScanPlan &plan, RunHandles &handles, Clock &clock)
    : m_plan(plan)
    , m_handles(handles)
    , m_clock(clock)
    , m_moves(handles.movements, clock)
{
}

void SetpointRestore::restore(QList<MoveTarget> setpoints, QList<int> reads,
                              std::function<void(const Status &)> done)
{
    m_setpoints = std::move(setpoints);
    m_reads = std::move(reads);
    m_done = std::move(done);
    m_position = 0;
    QMetaObject::invokeMethod(
        this,
        [this, run = ++m_run] {
            if (run == m_run)
                next();
        },
        Qt::QueuedConnection);
}

void SetpointRestore::drop()
{
    ++m_run;
    m_done = nullptr;
    m_moves.drop();
    if (m_reader)
        m_reader->drop();
}

void SetpointRestore::next()
{
    if (m_position == m_setpoints.size()) {
        m_position = 0;
        return readNext();
    }
    m_target = m_setpoints.at(m_position++);
    m_moves.move(std::span(&m_target, 1), {}, true, [this](const Status &moved) {
        if (!moved)
            return answer(moved);
        next();
    });
}

void SetpointRestore::readNext()
{
    while (m_position < m_reads.size()) {
        const int object = m_reads.at(m_position++);
        m_table = std::make_unique<PointTable>(object, m_plan.objects.at(object), 0);
        m_reader = std::make_unique<PointReader>(m_handles.reads[size_t(object)], *m_table);
        if (!m_reader->isInline()) {
            m_reader->read({}, true, [this](const Status &read) {
                if (!read)
                    return answer(read);
                // Not from here: the reader that calls us is replaced by the next one.
                QMetaObject::invokeMethod(
                    this,
                    [this, run = m_run] {
                        if (run == m_run)
                            readNext();
                    },
                    Qt::QueuedConnection);
            });
            return;
        }
        if (Status read = m_reader->readNow(Call::within(kInlineCall)); !read)
            return answer(read);
    }
    answer(ok());
}

void SetpointRestore::answer(const Status &status)
{
    ++m_run;
    const auto done = std::exchange(m_done, nullptr);
    if (done)
        done(status);
}

} // namespace birch
