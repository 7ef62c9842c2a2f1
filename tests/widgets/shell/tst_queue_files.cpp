#include "core/plan/standard_nodes.h"
#include "tests/widgets/shell/window_fixture.h"
#include "widgets/models/queue_model.h"
#include "widgets/queue/queue_settings_dialog.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/models/problem_text.h"
#include "widgets/shell/queue_files.h"

#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QSignalSpy>
#include <QSpinBox>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

namespace {
constexpr int kLongMs = 30'000;

QJsonObject documentIn(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject();
}
} // namespace

/// The queue of a window survives its window, and goes to and comes from files.
class QueueFilesTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_station.reset(); }
    void whatWaitsComesBackAfterADeath();
    void repeatsThatAreLeftComeBack();
    void fileThatHasItAllIsNotKeptTwice();
    void anotherWindowKeepsItsOwn();
    void whatDoesNotFitStaysInItsFile();
    void fullDiskIsSaidOnce();
    void savedQueueOpensAgain();
    void startTellsWhichScansShareInstruments();
    void killedProgramBringsItBack();

private:
    static QString demo()
    {
        return qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/resources/examples/demo.queue.json"_s;
    }
    QStringList kept() const
    {
        const QDir folder(m_station->path(u"state"_s));
        QStringList paths;
        for (const QString &name : folder.entryList({u"waiting-*.queue.json"_s}))
            paths << folder.filePath(name);
        return paths;
    }
    /// Scans in the only file there is; -1: there is none, or more than one.
    qsizetype keptScans() const
    {
        const QStringList paths = kept();
        return paths.size() == 1 ? documentIn(paths.first())[u"items"_s].toArray().size() : -1;
    }
    QueueEngine &engine() { return m_station->station().engine(); }
    void openDemo();
    void setPriority(int row, int priority);
    QString noticeText() const;

    std::unique_ptr<StationFixture> m_station;
};

void QueueFilesTest::init()
{
    m_station = std::make_unique<StationFixture>();
    QVERIFY2(m_station->isReady(), qPrintable(m_station->problem()));
    m_station->openWindow();
}

void QueueFilesTest::openDemo()
{
    QVERIFY(m_station->window().queueFiles().open(demo()));
    QTRY_COMPARE(engine().items().size(), 3);
}

void QueueFilesTest::setPriority(int row, int priority)
{
    ItemTurn turn = engine().items().at(row).turn;
    turn.priority = priority;
    engine().setTurn(engine().items().at(row).id, turn);
    QTRY_COMPARE(engine().items().at(row).turn.priority, priority);
}

QString QueueFilesTest::noticeText() const
{
    QStringList texts;
    for (const auto *label : m_station->window().notices().findChildren<QLabel *>())
        texts << label->text();
    return texts.join(u'\n');
}

void QueueFilesTest::whatWaitsComesBackAfterADeath()
{
    openDemo();
    setPriority(2, 7);
    QTRY_COMPARE(keptScans(), 3);
    const QString first = kept().value(0);
    const QList<QueueItem> before = engine().items();

    m_station->openWindow(); // the one before dies as by a kill
    QVERIFY(engine().items().isEmpty());
    m_station->window().queueFiles().restore();
    QTRY_COMPARE(engine().items().size(), 3);
    for (int row = 0; row < 3; ++row) {
        const QueueItem &item = engine().items().at(row);
        QCOMPARE(item.name, before[row].name);
        QCOMPARE(item.plan->hash, before[row].plan->hash);
        QCOMPARE(item.turn, before[row].turn);
        QVERIFY(item.details.operatorName == before[row].details.operatorName);
        QCOMPARE(item.state, ScanState::Queued);
    }
    QCOMPARE(engine().state(), QueueState::Idle); // nobody has started them
    QTRY_VERIFY(!QFile::exists(first));
    QTRY_COMPARE(keptScans(), 3);
    m_station->window().queueFiles().restore(); // once is enough
    QTRY_VERIFY(noticeText().contains(u"again"_s));
    QCOMPARE(engine().items().size(), 3);
}

void QueueFilesTest::repeatsThatAreLeftComeBack()
{
    openDemo();
    ItemTurn turn;
    turn.repeats = 1000;
    engine().setTurn(engine().items().first().id, turn);
    engine().remove(engine().items().at(1).id);
    QTRY_COMPARE(engine().items().size(), 2);
    engine().start();
    QTRY_VERIFY_WITH_TIMEOUT(engine().items().first().turn.repeatsDone >= 2, kLongMs);
    const auto keptRepeats = [this] {
        const QString path = kept().value(0);
        return path.isEmpty() ? -1 : documentIn(path)[u"items"_s][0][u"repeats"_s].toInt();
    };
    // While one runs: neither that one, which is continued, nor those that are done.
    QTRY_VERIFY_WITH_TIMEOUT(engine().items().first().state == ScanState::Running &&
                                 keptRepeats() == 999 - engine().items().first().turn.repeatsDone,
                             kLongMs);
    m_station->openWindow();
    const int left = keptRepeats();
    QVERIFY(left > 900 && left < 998);
    m_station->window().queueFiles().restore();
    QTRY_COMPARE(engine().items().size(), 2);
    QCOMPARE(engine().items().first().turn.repeats, left);
    QCOMPARE(engine().items().first().turn.repeatsDone, 0);
}

void QueueFilesTest::fileThatHasItAllIsNotKeptTwice()
{
    openDemo();
    QTRY_COMPARE(m_station->window().acquire().queue().rowCount(), 3);
    QCOMPARE(kept().size(), 0);
    setPriority(0, 3);
    QTRY_COMPARE(keptScans(), 3);
    setPriority(0, 0);
    QTRY_COMPARE(kept().size(), 0); // as in the file again
}

void QueueFilesTest::anotherWindowKeepsItsOwn()
{
    openDemo();
    setPriority(0, 3);
    QTRY_COMPARE(keptScans(), 3);
    const QueueKeeper other(engine(), m_station->path(u"state"_s));
    QVERIFY(other.orphans().isEmpty());
}

void QueueFilesTest::whatDoesNotFitStaysInItsFile()
{
    const QString path = m_station->path(u"state/waiting-old.queue.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"format": "birch.queue", "version": 1, "items": [{"scan": {"format":
        "birch.scan", "version": 1, "name": "lost", "root": {"kind": "sequence", "children":
        [{"kind": "measure", "signals": ["gone.iv"]}]}}}]})");
    file.close();
    m_station->window().queueFiles().restore();
    QTRY_VERIFY2(noticeText().contains(u"waiting-old.queue.json"_s), qPrintable(noticeText()));
    QVERIFY(QFile::exists(path));
    QVERIFY(engine().items().isEmpty());
}

void QueueFilesTest::fullDiskIsSaidOnce()
{
    openDemo();
    QFile blocked(m_station->path(u"blocked"_s));
    QVERIFY(blocked.open(QIODevice::WriteOnly)); // a file where the folder should be
    QueueKeeper keeper(engine(), m_station->path(u"blocked/state"_s));
    QSignalSpy failed(&keeper, &QueueKeeper::failed);
    setPriority(0, 1);
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(failed.first().first().toString().contains(u"Save queue"_s));
    setPriority(0, 2);
    setPriority(0, 3);
    QCOMPARE(failed.size(), 1);
}

void QueueFilesTest::savedQueueOpensAgain()
{
    openDemo();
    ActionSet &actions = m_station->window().actions();
    actions[u"queue-settings"_s]->trigger();
    QTRY_VERIFY(m_station->window().findChild<QueueSettingsDialog *>());
    auto *settings = m_station->window().findChild<QueueSettingsDialog *>();
    QVERIFY(!settings->isModal());
    type(visible<QLineEdit>(*settings, u"Name of the queue"_s), u"night"_s);
    visible<QComboBox>(*settings, u"After a failed scan"_s)->setCurrentIndex(2);
    type(visible<QSpinBox>(*settings, u"Scans at once"_s), u"2"_s);
    QTest::keyClick(settings, Qt::Key_Return);
    setPriority(1, 9);

    actions[u"queue-save"_s]->trigger();
    QTRY_VERIFY(m_station->window().findChild<QFileDialog *>());
    auto *dialog = m_station->window().findChild<QFileDialog *>();
    const QString path = m_station->path(u"night.queue.json"_s);
    dialog->setDirectory(QFileInfo(path).path());
    auto *name = dialog->findChild<QLineEdit *>();
    name->setText(path);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(QFile::exists(path));

    const ReadQueue read = readQueueFile(path, standardNodes());
    QVERIFY2(read.queue, qPrintable(problemText(read.problems)));
    QCOMPARE(read.queue->name, u"night"_s);
    QCOMPARE(read.queue->settings, (QueueSettings{FailedScan::Retry, 2}));
    QCOMPARE(read.queue->items.size(), 3U);
    QCOMPARE(read.queue->items[1].turn.priority, 9);
    m_station->openWindow();
    QVERIFY(m_station->window().queueFiles().open(path));
    QTRY_COMPARE(engine().items().size(), 3);
    QCOMPARE(engine().items().at(1).turn.priority, 9);
}

void QueueFilesTest::startTellsWhichScansShareInstruments()
{
    openDemo();
    QVERIFY(m_station->window().queueFiles().leaseNotes(engine().items()).isEmpty()); // in order
    const ReadQueue read = readQueueFile(demo(), standardNodes());
    QVERIFY(read.queue);
    QueueDocument queue = *read.queue;
    queue.settings.parallel = 2;
    for (QueueFileItem &item : queue.items)
        item.path.clear();
    const QString path = m_station->path(u"parallel.queue.json"_s);
    QVERIFY(writeQueueFile(queue, path));
    m_station->openWindow();
    QVERIFY(m_station->window().queueFiles().open(path));
    QTRY_COMPARE(engine().items().size(), 3);
    m_station->window().actions()[u"start"_s]->trigger();
    const QStringList notes = m_station->window().queueFiles().leaseNotes(engine().items());
    QVERIFY(!notes.isEmpty() && notes.join(u'\n').contains(u"smu"_s));
    QCOMPARE(engine().items().size(), 3);
}

/// The program itself, killed twice: no start loses or doubles what waits.
void QueueFilesTest::killedProgramBringsItBack()
{
    m_station->openWindow();
    const QString home = m_station->path(u"home"_s);
    const QString state = home + u"/.config/birch"_s;
    QVERIFY(QDir().mkpath(state));
    QVERIFY(QDir().mkpath(home + u"/run"_s));
    QVERIFY(QFile::copy(demo(), m_station->path(u"source.queue.json"_s)));
    const ReadQueue read = readQueueFile(demo(), standardNodes());
    QVERIFY(read.queue);
    QueueDocument queue = *read.queue;
    for (QueueFileItem &item : queue.items)
        item.path.clear();
    QVERIFY(writeQueueFile(queue, state + u"/waiting-0.queue.json"_s));

    const QDir folder(state);
    const auto files = [&folder] { return folder.entryList({u"waiting-*.queue.json"_s}); };
    QString last = u"waiting-0.queue.json"_s;
    for (int start = 0; start < 2; ++start) {
        QProcess birch;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"HOME"_s, home);
        environment.insert(u"XDG_CONFIG_HOME"_s, home + u"/.config"_s);
        environment.insert(u"XDG_DATA_HOME"_s, home + u"/.local/share"_s);
        environment.insert(u"XDG_RUNTIME_DIR"_s, home + u"/run"_s);
        environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        birch.setProcessEnvironment(environment);
        birch.setProcessChannelMode(QProcess::ForwardedChannels);
        birch.start(qEnvironmentVariable("BIRCH_BINARY_DIR") + u"/bin/birch"_s, QStringList());
        QVERIFY(birch.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(files().size() == 1 && files().first() != last, kLongMs);
        last = files().first();
        QCOMPARE(documentIn(folder.filePath(last))[u"items"_s].toArray().size(), 3);
        birch.kill();
        QVERIFY(birch.waitForFinished());
    }
}

QTEST_MAIN(QueueFilesTest)
#include "tst_queue_files.moc"
