#include "core/base/file_io.h"
#include "core/engine/queue_file.h"
#include "core/plan/scan_file.h"
#include "tests/core/plan/plan_fixture.h"

#include <QDir>
#include <QTest>

using namespace birch;
using namespace birch::test;

namespace {

QString examples()
{
    return qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/resources/examples"_s;
}

/// What the demo bench offers, with the times its simulators take.
BenchSpecs demoSpecs()
{
    InstrumentSpec smu;
    smu.movements = {movementSpec(u"bias"_s, u"V"_s, {-10, 10})};
    smu.measurements = {measurementSpec(
        u"iv"_s, {valueColumn(u"voltage"_s, u"V"_s), valueColumn(u"current"_s, u"A"_s)})};
    InstrumentSpec stage;
    for (const QString &name : {u"x"_s, u"y"_s}) {
        MovementSpec axis = movementSpec(name, u"mm"_s, {0, 100});
        axis.rampRate = 200;
        axis.settle.poll = std::chrono::milliseconds(5);
        stage.movements.append(axis);
    }
    InstrumentSpec heater;
    heater.movements = {movementSpec(u"temperature"_s, u"K"_s, {4, 400})};
    heater.movements[0].rampRate = 100;
    InstrumentSpec spectrometer;
    spectrometer.measurements = {measurementSpec(
        u"spectrum"_s, {valueColumn(u"intensity"_s, u"counts"_s, ColumnType::Float64, {1024})})};
    spectrometer.measurements[0].readTime = std::chrono::milliseconds(2);
    return {{u"smu"_s, smu},
            {u"stage"_s, stage},
            {u"heater"_s, heater},
            {u"spectrometer"_s, spectrometer}};
}

} // namespace

class TestExampleScans : public QObject
{
    Q_OBJECT

    const NodeRegistry m_registry = standardNodes();

private slots:
    void areWrittenAsTheProgramWritesThem();
    void compileForTheDemoBench();
};

void TestExampleScans::areWrittenAsTheProgramWritesThem()
{
    const QStringList files = QDir(examples()).entryList({u"*.scan.json"_s});
    QVERIFY(files.size() >= 3);
    for (const QString &file : files) {
        const QString path = examples() + u'/' + file;
        const ReadTree read = readTreeFile(path, m_registry);
        QVERIFY2(read.tree, qPrintable(file + read.problems.value(0).message));
        if (qEnvironmentVariableIsSet("BIRCH_REWRITE_EXAMPLES"))
            QVERIFY(writeTreeFile(*read.tree, path));
        const auto text = readFile(path);
        QVERIFY(text);
        QCOMPARE(QString::fromUtf8(text.value()), QString::fromUtf8(treeToText(*read.tree)));
    }
    const QString path = examples() + u"/demo.queue.json"_s;
    const ReadQueue read = readQueueFile(path, m_registry);
    QVERIFY2(read.queue, qPrintable(read.problems.value(0).message));
    if (qEnvironmentVariableIsSet("BIRCH_REWRITE_EXAMPLES"))
        QVERIFY(writeQueueFile(*read.queue, path));
    const auto text = readFile(path);
    QVERIFY(text);
    QCOMPARE(QString::fromUtf8(text.value()), QString::fromUtf8(queueToText(*read.queue)));
}

void TestExampleScans::compileForTheDemoBench()
{
    const ReadQueue read = readQueueFile(examples() + u"/demo.queue.json"_s, m_registry);
    QVERIFY(read.queue);
    QCOMPARE(read.queue->items.size(), 3U);
    Nanoseconds duration{};
    for (const QueueFileItem &item : read.queue->items) {
        const CompiledPlan compiled = compilePlan(item.tree, demoSpecs(), m_registry);
        QVERIFY2(compiled.plan, qPrintable(compiled.problems.value(0).message));
        duration += compiled.plan->duration;
    }
    const double seconds = std::chrono::duration<double>(duration).count();
    qInfo("the demo queue should take %.1f s", seconds);
    QVERIFY(seconds > 5);
    QVERIFY(seconds < 15);
}

QTEST_APPLESS_MAIN(TestExampleScans)
#include "tst_example_scans.moc"
