#include "core/data/run_recorder.h"

#include "core/data/chunk_codec.h"
#include "core/data/reply_relay.h"
#include "core/data/store_worker.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace birch {

namespace {

QString text(const char *source)
{
    return QCoreApplication::translate("RunRecorder", source);
}

QByteArray cursorBytes(const QJsonObject &cursor)
{
    return cursor.isEmpty() ? QByteArray() : QJsonDocument(cursor).toJson(QJsonDocument::Compact);
}

Status checkSchemas(const QList<TableSchema> &objects)
{
    for (const TableSchema &schema : objects) {
        for (const ColumnSpec &column : schema.columns) {
            if (!isStorable(column)) {
                return Error{ErrorCode::BadInput,
                             text("Column \"%1\" of \"%2\" has an impossible shape: correct the "
                                  "instrument's definition")
                                 .arg(column.name, schema.name)};
            }
        }
    }
    return ok();
}

} // namespace

Result<std::unique_ptr<RunRecorder>> RunRecorder::open(StoreThread &store, const OpenedScan &scan,
                                                       const QString &station,
                                                       const QByteArray &planHash,
                                                       const QList<TableSchema> &objects)
{
    StoreWorker &worker = *store.m_worker;
    std::shared_ptr<SpoolLock> lock = worker.takeClaim(scan.uid);
    if (!lock) {
        return Error{
            ErrorCode::Internal,
            text("Scan %1 was not created through this program's store thread").arg(scan.scanId)};
    }
    if (Status checked = checkSchemas(objects); !checked)
        return checked.error();
    OpenedScan opened = scan;
    opened.rowsStored.resize(objects.size());
    const SpoolHeader header{
        opened.databaseUid, opened.uid, opened.scanId,    opened.epoch, station,
        planHash,           objects,    opened.rowsStored};
    auto spool = SpoolWriter::open(lock, worker.settings(), header, worker.disk());
    if (!spool)
        return spool.error();
    auto backlog = std::make_shared<ScanBacklog>(opened, header, lock, worker.settings());
    worker.attach(backlog);
    return std::unique_ptr<RunRecorder>(
        new RunRecorder(store, opened, std::move(spool).value(), std::move(backlog)));
}

RunRecorder::RunRecorder(StoreThread &store, OpenedScan scan, std::unique_ptr<SpoolWriter> spool,
                         std::shared_ptr<ScanBacklog> backlog)
    : m_store(store)
    , m_scan(std::move(scan))
    , m_spool(std::move(spool))
    , m_backlog(std::move(backlog))
    , m_nextRow(m_scan.rowsStored)
    , m_logSequence(qint64(m_scan.epoch) << 32)
{
}

RunRecorder::~RunRecorder()
{
    if (m_backlog->isFinished())
        return;
    m_backlog->abandon();
    m_store.m_worker->wake();
}

/// With \a done: it is the ending.
Status RunRecorder::write(QByteArray frame, qint64 rows,
                          std::function<void(const FinishOutcome &)> done)
{
    if (m_backlog->isFinished())
        return Error{ErrorCode::Internal, text("Scan %1 has ended already").arg(m_scan.scanId)};
    if (m_backlog->takeSegmentFault())
        m_spool->abandonSegment();
    const auto position = m_spool->append(frame, m_nextRow, rows > 0);
    if (!position)
        return position.error();
    const qint64 size = frame.size();
    ScanBacklog::Record record{position.value(), rows, size, std::move(frame), {}};
    if (done)
        m_backlog->pushEnding(std::move(record), m_spool->segment(), std::move(done));
    else
        m_backlog->push(std::move(record), m_spool->segment());
    return ok();
}

Status RunRecorder::append(const PointBatch &batch, const QJsonObject &cursor)
{
    if (Status checked = checkBatch(batch); !checked)
        return checked;
    const qint64 rows = batch.rowCount();
    if (Status written = write(encodeFrame(batch, cursorBytes(cursor)), rows); !written)
        return written;
    m_nextRow[batch.object] += rows;
    return ok();
}

Status RunRecorder::checkBatch(const PointBatch &batch) const
{
    const auto &objects = m_backlog->objects();
    const auto misfit = [](const QString &what) {
        return Error{ErrorCode::BadInput,
                     text("A batch of points does not fit its table: %1").arg(what)};
    };
    if (batch.object < 0 || batch.object >= objects.size())
        return misfit(text("object %1").arg(batch.object));
    const TableSchema &schema = objects.at(batch.object);
    if (qsizetype(batch.columns.size()) != schema.columns.size())
        return misfit(text("%1 columns in \"%2\"").arg(batch.columns.size()).arg(schema.name));
    if (batch.firstRow != m_nextRow.at(batch.object))
        return misfit(text("row %1 in \"%2\"").arg(batch.firstRow).arg(schema.name));
    qint64 bytes = 0;
    for (qsizetype i = 0; i < schema.columns.size(); ++i) {
        const ColumnSpec &spec = schema.columns.at(i);
        const ColumnValues &values = batch.columns[size_t(i)];
        if (values.type() != spec.type || values.valuesPerRow() != spec.valuesPerRow() ||
            values.valueCount() != batch.rowCount() * spec.valuesPerRow())
            return misfit(text("column \"%1\"").arg(spec.name));
        bytes += qint64(values.bytes().size() + values.flags().size()) + 8;
    }
    if (bytes > kMaxPayload - (1 << 20))
        return misfit(text("%1 bytes in one batch").arg(bytes));
    return ok();
}

Status RunRecorder::setCursor(const QJsonObject &cursor)
{
    return cursor.isEmpty() ? ok() : write(encodeFrame(CursorRecord{cursorBytes(cursor)}), 0);
}

Status RunRecorder::setTiming(const ScanTiming &timing)
{
    return write(encodeFrame(TimingRecord{timing}), 0);
}

Status RunRecorder::log(const ScanLogEntry &entry)
{
    if (Status written = write(encodeFrame(LogRecord{m_logSequence, entry}), 0); !written)
        return written;
    ++m_logSequence;
    return ok();
}

Status RunRecorder::setEndSettings(const QJsonObject &settings)
{
    return write(encodeFrame(EndSettingsRecord{settings}), 0);
}

Status RunRecorder::setState(ScanState state)
{
    const bool isLive = state == ScanState::Paused || state == ScanState::Running;
    if (!isLive || (state != m_state && !isAllowed(m_state, state))) {
        return Error{ErrorCode::Internal, text("A scan that is %1 can not become %2")
                                              .arg(scanStateName(m_state), scanStateName(state))};
    }
    if (Status written = write(encodeFrame(StateRecord{state}), 0); !written)
        return written;
    m_state = state;
    return ok();
}

Status RunRecorder::finish(ScanState state, const QString &reason, qint64 endedUs, QObject *context,
                           std::function<void(const FinishOutcome &)> done)
{
    if (!isAllowed(m_state, state) || state == ScanState::Running || state == ScanState::Paused) {
        return Error{ErrorCode::Internal, text("A scan that is %1 can not end as %2")
                                              .arg(scanStateName(m_state), scanStateName(state))};
    }
    auto answer = onThreadOf<FinishOutcome>(context, std::move(done));
    Status written = write(encodeFrame(EndRecord{state, reason, endedUs}), 0,
                           [answer](const FinishOutcome &outcome) { answer(outcome); });
    if (!written)
        return written;
    m_state = state;
    m_store.m_worker->wake();
    return ok();
}

const OpenedScan &RunRecorder::scan() const
{
    return m_scan;
}

qint64 RunRecorder::nextRow(int object) const
{
    return m_nextRow.at(object);
}

} // namespace birch
