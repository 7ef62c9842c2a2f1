#pragma once

#include "core/data/run_recorder.h"
#include "core/data/store_thread.h"
#include "core/store/sql_run_store.h"
#include "tests/core/store/scan_fixture.h"

#include <QEventLoop>
#include <QTimer>

namespace birch::test {

/// A scan that the real recorder writes into a database on its own thread, a batch of rows at a
/// time, as fast as the event loop turns.
class Recording
{
public:
    Recording(const Database &database, const QString &spoolDir)
        : m_scan(newScan())
    {
        RecorderSettings settings;
        settings.spoolDir = spoolDir;
        settings.segmentBytes = 1 << 20;
        settings.reserveBytes = 64 * 1024;
        settings.flushRows = 64;
        m_store = std::make_unique<StoreThread>(
            [&database]() -> Result<std::unique_ptr<RunStore>> {
                auto store =
                    SqlRunStore::open(database, QStringLiteral("ada"), QStringLiteral("bench"));
                if (!store)
                    return store.error();
                return std::unique_ptr<RunStore>(std::move(store).value());
            },
            settings);
        QEventLoop loop;
        m_store->createScan(m_scan, &loop, [this, &loop](Result<OpenedScan> opened) {
            if (!opened)
                qFatal("%s", qPrintable(opened.error().message));
            m_opened = opened.value();
            loop.quit();
        });
        loop.exec();
        auto recorder =
            RunRecorder::open(*m_store, m_opened, m_scan.station, m_scan.planHash, m_scan.objects);
        if (!recorder)
            qFatal("%s", qPrintable(recorder.error().message));
        m_recorder = std::move(recorder).value();
        QObject::connect(&m_timer, &QTimer::timeout, [this] { append(); });
        m_timer.start(2);
    }

    QString scanId() const { return m_opened.scanId; }
    const NewScan &scan() const { return m_scan; }
    qint64 rows() const { return m_recorder->nextRow(0); }
    /// Blocks until all rows are in the database.
    void finish()
    {
        m_timer.stop();
        QEventLoop loop;
        const Status ended =
            m_recorder->finish(ScanState::Completed, {}, m_scan.startedUs + 1'000'000, &loop,
                               [&loop](const FinishOutcome &) { loop.quit(); });
        if (!ended)
            qFatal("%s", qPrintable(ended.error().message));
        loop.exec();
    }

private:
    void append()
    {
        for (int object = 0; object < int(m_scan.objects.size()); ++object) {
            PointBatch batch;
            batch.object = object;
            batch.firstRow = m_recorder->nextRow(object);
            batch.columns =
                rowsOf(m_scan.objects[object], batch.firstRow, batch.firstRow + kRowsPerBatch);
            if (const Status done = m_recorder->append(batch, {}); !done)
                qFatal("%s", qPrintable(done.error().message));
        }
    }

    static constexpr qint64 kRowsPerBatch = 16;
    NewScan m_scan;
    OpenedScan m_opened;
    std::unique_ptr<StoreThread> m_store;
    std::unique_ptr<RunRecorder> m_recorder;
    QTimer m_timer;
};

} // namespace birch::test
