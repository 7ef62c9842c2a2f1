#include "core/data/pause_interval.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;

/// Pauses as they are read from the log of a scan.
class PauseIntervalTest : public QObject
{
    Q_OBJECT
private slots:
    void fromLog_data()
    {
        QTest::addColumn<QString>("levels"); // p paused, r resumed, i anything else; 1 s apart
        QTest::addColumn<int>("endedS");     // -1: it runs
        QTest::addColumn<QString>("expected");
        QTest::newRow("none") << u"iii"_s << 5 << u""_s;
        QTest::newRow("one") << u"ipiri"_s << 9 << u"1-3"_s;
        QTest::newRow("two") << u"prpr"_s << 9 << u"0-1 2-3"_s;
        QTest::newRow("still paused") << u"ip"_s << -1 << u"1-?"_s;
        QTest::newRow("ended while paused") << u"ip"_s << 4 << u"1-4"_s;
        QTest::newRow("killed while paused, continued, paused again")
            << u"iprpr"_s << 9 << u"1-2 3-4"_s;
        QTest::newRow("stays paused: told twice") << u"ippr"_s << 9 << u"1-3"_s;
        QTest::newRow("continued without a pause") << u"iri"_s << 9 << u""_s;
    }
    void fromLog()
    {
        QFETCH(QString, levels);
        QFETCH(int, endedS);
        QList<ScanLogEntry> log;
        for (const QChar level : levels)
            log.append({log.size() * 1'000'000'000,
                        level == u'p'   ? QString(kPauseLevel)
                        : level == u'r' ? QString(kResumeLevel)
                                        : u"info"_s,
                        {}});
        QStringList found;
        for (const PauseInterval &pause :
             pausesOf(log, endedS < 0 ? std::nullopt : std::optional(qint64(endedS) * 1'000'000)))
            found.append(u"%1-%2"_s.arg(
                QString::number(pause.beganNs / 1'000'000'000),
                pause.endedNs ? QString::number(*pause.endedNs / 1'000'000'000) : u"?"_s));
        QTEST(found.join(u' '), "expected");
    }

    void asJson()
    {
        const QJsonArray json = pausesJson({{1'500'000'000, {}, u"why"_s}});
        QCOMPARE(json[0][u"from"_s].toString(), u"1970-01-01T00:00:01.500000Z"_s);
        QVERIFY(json[0][u"to"_s].isNull());
        QCOMPARE(json[0][u"reason"_s].toString(), u"why"_s);
    }
};

QTEST_GUILESS_MAIN(PauseIntervalTest)
#include "tst_pause_interval.moc"
