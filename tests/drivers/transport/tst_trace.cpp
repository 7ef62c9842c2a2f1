#include "drivers/transport/trace_ring.h"
#include "drivers/transport/trace_text.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace Qt::StringLiterals;
using namespace birch;

class TraceTest : public QObject
{
    Q_OBJECT
private slots:
    void keepsWhatHappened();
    void makesRoom();
    void cutsWhatIsLong();
    void readWhileWritten();
    void text();
    void comesBack_data();
    void comesBack();
    void refused_data();
    void refused();
    void longTextIsCutAtTheFront();
};

namespace {
using Kind = TraceRecord::Kind;

TraceRecord record(Kind kind, const QByteArray &bytes = {}, qint64 total = -1)
{
    using std::chrono::nanoseconds;
    return {kind, nanoseconds(0), nanoseconds(1795285200123456789), bytes,
            total < 0 ? bytes.size() : total};
}

LinkTrace one(const QList<TraceRecord> &records)
{
    return {u"smu"_s, u"TCPIP0::192.0.2.7::5025::SOCKET"_s, 0, records};
}
} // namespace

void TraceTest::keepsWhatHappened()
{
    TraceRing ring;
    QVERIFY(ring.snapshot({}, {}).records.isEmpty());
    ring.add(Kind::Connect);
    ring.add(Kind::Send, "*IDN?\n");
    ring.add(Kind::Receive, QByteArray("a\0b\xff", 4));
    ring.add(Kind::Close);
    const LinkTrace trace = ring.snapshot(u"smu"_s, u"here"_s);
    QCOMPARE(trace.name, u"smu"_s);
    QCOMPARE(trace.dropped, 0);
    QCOMPARE(trace.records.size(), 4);
    QCOMPARE(trace.records[1].bytes, QByteArray("*IDN?\n"));
    QCOMPARE(trace.records[2].bytes, QByteArray("a\0b\xff", 4));
    QVERIFY(trace.records[2].isWhole());
    for (qsizetype i = 1; i < 4; ++i)
        QVERIFY(trace.records[i].steady >= trace.records[i - 1].steady);
    const auto now = QDateTime::currentMSecsSinceEpoch();
    const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(trace.records[0].wall);
    QVERIFY(std::abs(wall.count() - now) < 60000);
}

void TraceTest::makesRoom()
{
    TraceRing ring(10000);
    QByteArray last;
    for (int i = 0; i < 5000; ++i) { // of many lengths, so that every place is a seam once
        last = QByteArray(i % 97, char('a' + i % 26));
        ring.add(Kind::Send, last);
        if (i % 500 == 0 || i > 4990) {
            const LinkTrace trace = ring.snapshot({}, {});
            QCOMPARE(trace.dropped + trace.records.size(), i + 1);
            for (qsizetype k = 0; k < trace.records.size(); ++k) {
                const auto n = int(trace.dropped + k);
                QCOMPARE(trace.records[k].bytes, QByteArray(n % 97, char('a' + n % 26)));
            }
        }
    }
    QVERIFY(ring.snapshot({}, {}).records.size() > 80);
}

void TraceTest::cutsWhatIsLong()
{
    const QByteArray block(5'000'000, 'x');
    TraceRing usual;
    usual.add(Kind::Send, "CURV?\n");
    usual.add(Kind::Receive, block);
    LinkTrace trace = usual.snapshot({}, {});
    QCOMPARE(trace.records.size(), 2); // the block has not pushed the question out
    QCOMPARE(trace.records[1].total, block.size());
    QCOMPARE(trace.records[1].bytes, block.first(4096));
    QVERIFY(!trace.records[1].isWhole());
    TraceRing large(TraceRing::kLarge);
    large.add(Kind::Receive, block);
    QVERIFY(large.snapshot({}, {}).records[0].isWhole());
}

void TraceTest::readWhileWritten()
{
    TraceRing ring(20000);
    std::atomic<bool> isDone = false;
    std::jthread writer([&] {
        for (int i = 0; i < 20000; ++i)
            ring.add(Kind::Send, QByteArray(i % 50, char(i % 50)));
        isDone = true;
    });
    while (!isDone) {
        for (const TraceRecord &seen : ring.snapshot({}, {}).records)
            QVERIFY(seen.isWhole() &&
                    seen.bytes == QByteArray(seen.bytes.size(), char(seen.bytes.size())));
    }
}

void TraceTest::text()
{
    TraceRecord sent = record(Kind::Send, "V \"1\\2\"\r\n");
    sent.steady = std::chrono::nanoseconds(1'000'000'001);
    const QByteArray text =
        traceToText({one({record(Kind::Connect), sent, record(Kind::Receive, "\x01\xfe", 900),
                          record(Kind::Lost, "unplugged")})});
    QCOMPARE(text,
             QByteArray("birch trace 1\n"
                        "connection smu TCPIP0::192.0.2.7::5025::SOCKET\n"
                        "2026-11-21T18:20:00.123456789Z +0.000000000 connect\n"
                        "2026-11-21T18:20:00.123456789Z +1.000000001 > \"V \\\"1\\\\2\\\"\\r\\n\"\n"
                        "2026-11-21T18:20:00.123456789Z +0.000000000 < 900 \"\\x01\\xfe\"\n"
                        "2026-11-21T18:20:00.123456789Z +0.000000000 lost \"unplugged\"\n"));
}

void TraceTest::comesBack_data()
{
    QTest::addColumn<QList<TraceRecord>>("records");
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all += char(i);
    QTest::newRow("none") << QList<TraceRecord>();
    QTest::newRow("every kind") << QList<TraceRecord>{
        record(Kind::Connect),  record(Kind::Send, "a"),    record(Kind::Receive, "b"),
        record(Kind::End, "c"), record(Kind::Forget),       record(Kind::StatusByte, "\x40"),
        record(Kind::Clear),    record(Kind::Lost, "gone"), record(Kind::Close)};
    QTest::newRow("every byte") << QList<TraceRecord>{record(Kind::Send, all)};
    QTest::newRow("nothing in it") << QList<TraceRecord>{record(Kind::End, "")};
    QTest::newRow("cut") << QList<TraceRecord>{record(Kind::Receive, "a", 4'000'000'000)};
}

void TraceTest::comesBack()
{
    QFETCH(QList<TraceRecord>, records);
    LinkTrace named = one(records);
    named.dropped = 17;
    LinkTrace nameless = one(records);
    nameless.name.clear();
    const auto back = traceFromText(traceToText({named, nameless}));
    QVERIFY2(back, back ? "" : qPrintable(back.error().message));
    QCOMPARE(back.value().size(), 2);
    QVERIFY(back.value()[0] == named);
    QVERIFY(back.value()[1] == nameless);
}

void TraceTest::refused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    const QByteArray head = "birch trace 1\nconnection smu ASRL1\n";
    const QByteArray time = "2026-11-21T18:20:00.123456789Z +0.000000000 ";
    const auto row = [](const char *name, const QByteArray &text, int line) {
        QTest::newRow(name) << text << line;
    };
    row("nothing", "", 1);
    row("another file", "hello\n", 1);
    row("another version", "birch trace 2\n", 1);
    row("a record of no connection", "birch trace 1\n" + time + "connect\n", 2);
    row("a connection without address", "birch trace 1\nconnection smu\n", 2);
    row("unknown kind", head + time + "dance\n", 3);
    row("no time", head + "connect\n", 3);
    row("a day that is none", head + "2026-02-31T18:20:00.123456789Z +0.000000000 connect\n", 3);
    row("nanoseconds missing", head + "2026-11-21T18:20:00Z +0.000000000 connect\n", 3);
    row("time before itself", head + "2026-11-21T18:20:00.123456789Z -1.000000000 connect\n", 3);
    row("quote not closed", head + time + "> \"abc\n", 3);
    row("quote within", head + time + "> \"a\"b\"\n", 3);
    row("unknown escape", head + time + "> \"\\t\"\n", 3);
    row("half an escape", head + time + "> \"\\x0\"\n", 3);
    row("escape at the end", head + time + "> \"\\\"\n", 3);
    row("more than there was", head + time + "> 1 \"ab\"\n", 3);
    row("bytes of a connect", head + time + "connect \"a\"\n", 3);
    row("dropped in the middle", head + time + "connect\ndropped 4\n", 4);
}

void TraceTest::refused()
{
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    const auto traces = traceFromText(text);
    QVERIFY(!traces);
    QVERIFY2(traces.error().message.contains(u"Line %1 "_s.arg(line)),
             qPrintable(traces.error().message));
}

void TraceTest::longTextIsCutAtTheFront()
{
    QList<TraceRecord> records;
    for (int i = 0; i < 12; ++i)
        records.append(record(Kind::Receive, QByteArray(1'000'000, '\xff'))); // four times as text
    const QByteArray text = traceToText({one(records)});
    QVERIFY(text.size() < 33 * 1024 * 1024);
    const auto back = traceFromText(text);
    QVERIFY(back);
    QCOMPARE(back.value()[0].dropped + back.value()[0].records.size(), 12);
    QVERIFY(back.value()[0].records.size() >= 8);
}

QTEST_GUILESS_MAIN(TraceTest)
#include "tst_trace.moc"
