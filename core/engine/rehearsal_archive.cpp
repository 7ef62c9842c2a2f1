#include "core/engine/rehearsal_archive.h"

#include "core/base/id.h"

#include <QCoreApplication>
#include <QMetaObject>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
class RehearsalWriter final : public RunWriter
{
public:
    RehearsalWriter(const NewScan &scan, int number)
    {
        m_opened.uid = scan.uid;
        m_opened.scanId = u"rehearsal-%1"_s.arg(number);
        for (qsizetype i = 0; i < scan.objects.size(); ++i)
            m_opened.rowsStored.append(0);
        m_rows = m_opened.rowsStored;
    }

    const OpenedScan &opened() const override { return m_opened; }
    qint64 nextRow(int object) const override { return m_rows[object]; }
    Status append(const PointBatch &rows, const QJsonObject &) override
    {
        m_rows[rows.object] += rows.rowCount();
        return ok();
    }
    Status log(const ScanLogEntry &) override { return ok(); }
    Status setEndSettings(const QJsonObject &) override { return ok(); }
    Status setTiming(const ScanTiming &) override { return ok(); }
    Status setState(ScanState) override { return ok(); }
    Status finish(ScanState, const QString &, qint64, QObject *context,
                  std::function<void(const FinishOutcome &)> stored) override
    {
        QMetaObject::invokeMethod(
            context, [stored = std::move(stored)] { stored({.isStored = true, .message = {}}); },
            Qt::QueuedConnection);
        return ok();
    }

private:
    OpenedScan m_opened;
    QList<qint64> m_rows;
};

template<typename Reply, typename Value>
void answer(QObject *context, Reply reply, Value value)
{
    QMetaObject::invokeMethod(
        context,
        [reply = std::move(reply), value = std::move(value)]() mutable { reply(std::move(value)); },
        Qt::QueuedConnection);
}
} // namespace

void RehearsalArchive::create(const NewScan &scan, QObject *context,
                              Reply<std::shared_ptr<RunWriter>> reply)
{
    answer(context, std::move(reply),
           Result<std::shared_ptr<RunWriter>>(std::make_shared<RehearsalWriter>(scan, ++m_count)));
}

void RehearsalArchive::resume(const NewScan &, QObject *context,
                              Reply<std::shared_ptr<RunWriter>> reply)
{
    answer(context, std::move(reply),
           Result<std::shared_ptr<RunWriter>>(Error{
               ErrorCode::NotFound,
               QCoreApplication::translate("RehearsalArchive",
                                           "A rehearsal can not be continued: start it again.")}));
}

void RehearsalArchive::createQueue(const QString &, QObject *context, Reply<QUuid> reply)
{
    answer(context, std::move(reply), Result<QUuid>(newUid()));
}

void RehearsalArchive::setQueueState(const QUuid &, QueueState) {}

void RehearsalArchive::watchFaults(QObject *, std::function<void(const QUuid &, const QString &)>)
{
}

} // namespace birch
