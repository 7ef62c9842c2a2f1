#include "core/engine/run_rows.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("RunRows", text);
}
} // namespace

RunRows::RunRows(const ScanPlan &plan, const RunHandles &handles, RunRecord &record)
    : m_record(record)
{
    for (int object = 0; object < plan.objects.size(); ++object) {
        m_tables.push_back(std::make_unique<PointTable>(object, plan.objects.at(object),
                                                        record.writer().nextRow(object)));
        m_readers.push_back(
            std::make_unique<PointReader>(handles.reads[size_t(object)], *m_tables.back()));
    }
}

void RunRows::begin(PointClock clock, qint64 lastTimeNs, Position position)
{
    m_time.emplace(std::move(clock));
    m_lastTimeNs = lastTimeNs;
    m_position = std::move(position);
}

Status RunRows::flush()
{
    if (!isPending())
        return ok();
    Status recorded = m_pending->isRectangular()
                          ? m_record.append(m_pending->batch(), m_position())
                          : Status(Error{ErrorCode::Internal,
                                         tr("An instrument's driver returned a torn row: report "
                                            "this with the log")});
    m_pending->clear();
    m_pending = nullptr;
    return recorded ? ok() : Status(recorded.error().within(tr("Saving the points")));
}

} // namespace birch
