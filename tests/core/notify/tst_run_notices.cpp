#include "core/notify/run_notices.h"

#include "core/base/id.h"
#include "core/data/point_batch.h"

#include <QDateTime>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class RunNoticesTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_told.clear();
        m_scan.uid = m_opened.uid = newUid();
        m_opened.scanId = u"BENCH-261121-001"_s;
        m_scan.details.title = u"IV"_s;
        m_scan.details.project = u"Diodes"_s;
        m_scan.details.operatorName = u"ada"_s;
        m_scan.pointsPlanned = 400;
        m_scan.startedUs = QDateTime::currentMSecsSinceEpoch() * 1000;
        m_notices.started(m_opened, m_scan);
    }

    void endings_data()
    {
        QTest::addColumn<ScanState>("state");
        QTest::addColumn<NoticeEvent>("event");
        QTest::newRow("completed") << ScanState::Completed << NoticeEvent::ScanCompleted;
        QTest::newRow("failed") << ScanState::Failed << NoticeEvent::ScanFailed;
        QTest::newRow("aborted") << ScanState::Aborted << NoticeEvent::ScanAborted;
        QTest::newRow("interrupted") << ScanState::Interrupted << NoticeEvent::ScanInterrupted;
    }
    void endings()
    {
        QFETCH(ScanState, state);
        QFETCH(NoticeEvent, event);
        m_notices.ended(m_scan.uid, state, u"smu.bias: no answer"_s);
        QCOMPARE(m_told.size(), 1);
        const Notice &notice = m_told.first();
        QCOMPARE(notice.event, event);
        QCOMPARE(notice.scan, m_scan.uid);
        QCOMPARE(notice.project, u"Diodes"_s);
        QCOMPARE(notice.operatorName, u"ada"_s);
        QVERIFY2(notice.subject.startsWith(u"BENCH: BENCH-261121-001 – IV "_s),
                 qPrintable(notice.subject));
        QVERIFY(notice.body.startsWith(u"smu.bias: no answer\n"_s));
        QVERIFY(notice.body.contains(u"0 of 400"_s));
        m_notices.ended(m_scan.uid, state, {}); // it has ended already
        QCOMPARE(m_told.size(), 1);
    }

    void pausesByHandAreNoNews()
    {
        m_notices.paused(m_scan.uid);
        QVERIFY(m_told.isEmpty());
        m_notices.log(m_scan.uid, {nowNs(), u"info"_s, u"something usual"_s});
        m_notices.paused(m_scan.uid);
        QVERIFY(m_told.isEmpty());
        m_notices.log(m_scan.uid, {nowNs() - 60'000'000'000, u"warning"_s, u"tried again"_s});
        m_notices.paused(m_scan.uid);
        QVERIFY(m_told.isEmpty());
    }

    void pausesWithAReasonAreTold()
    {
        m_notices.log(m_scan.uid, {nowNs(), u"warning"_s, u"Guard: pressure over 1e-5 mbar"_s});
        m_notices.paused(m_scan.uid);
        QCOMPARE(m_told.size(), 1);
        QCOMPARE(m_told.first().event, NoticeEvent::ScanPaused);
        QVERIFY(m_told.first().body.startsWith(u"Guard: pressure over 1e-5 mbar\n"_s));
        m_notices.resumed(m_scan.uid);
        m_notices.paused(m_scan.uid); // by hand this time
        QCOMPARE(m_told.size(), 1);
    }

    void strangersAreLeftOut()
    {
        m_notices.ended(newUid(), ScanState::Failed, {});
        m_notices.paused(newUid());
        m_notices.log({}, {nowNs(), u"error"_s, u"of the queue"_s});
        QVERIFY(m_told.isEmpty());
    }

private:
    static qint64 nowNs() { return QDateTime::currentMSecsSinceEpoch() * 1'000'000; }

    QList<Notice> m_told;
    RunNotices m_notices{u"BENCH"_s, [this](const Notice &notice) { m_told << notice; }};
    NewScan m_scan;
    OpenedScan m_opened;
};

QTEST_GUILESS_MAIN(RunNoticesTest)
#include "tst_run_notices.moc"
