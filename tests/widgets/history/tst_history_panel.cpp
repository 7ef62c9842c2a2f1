#include "tests/widgets/history/history_fixture.h"
#include "widgets/chart/chart_panel.h"
#include "widgets/chart/chart_view.h"
#include "widgets/history/history_panel.h"
#include "widgets/history/interrupted_bar.h"
#include "widgets/models/history_model.h"
#include "widgets/theme/theme.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace birch;
using namespace Qt::StringLiterals;

/// History as an operator uses it, over a real SQLite file.
class HistoryPanelTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { applyTheme(*qApp, ThemeMode::Light); }
    void init();
    void cleanup();

    void saysWhatToPressWhenEmpty();
    void filters();
    void selectionSurvivesRefresh();
    void scrollsThroughThousands();
    void drawsTheSelectedScan();
    void editsComment();
    void refusesAStaleEdit();
    void keepsAnUnsavedEdit();
    void handsTheTreeOver();
    void exportsCsv();
    void tellsAFailedExport();
    void stopsAnExport();
    void fitsASmallScreen();
    void doubleClickOpensThePreview();
    void offersInterruptedScans();
    void continuesFromTheDetails();
    void pictures();

private:
    template<typename T>
    T *part(const char16_t *name) const
    {
        T *found = m_panel->findChild<T *>(QString::fromUtf16(name));
        Q_ASSERT(found);
        return found;
    }
    int rows() const { return m_panel->view()->model()->rowCount(); }
    void load(int expected)
    {
        m_panel->refresh();
        QTRY_COMPARE(rows(), expected);
    }
    void click(int row, int column = HistoryModel::NameColumn)
    {
        QTableView *view = m_panel->view();
        const QModelIndex index = view->model()->index(row, column);
        view->scrollTo(index);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(index).center());
    }
    /// The curve is the one bluish thing in the chart.
    bool hasTrace() const
    {
        const QImage image = m_panel->chart()->view()->grab().toImage();
        int pixels = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                pixels += qBlue(image.pixel(x, y)) > qRed(image.pixel(x, y)) + 60;
        }
        return pixels > 100;
    }
    QString cell(int row, int column) const
    {
        return m_panel->view()->model()->index(row, column).data().toString();
    }

    std::unique_ptr<test::HistoryFixture> m_fixture;
    std::unique_ptr<HistoryPanel> m_panel;
    std::unique_ptr<QAction> m_again;
};

void HistoryPanelTest::init()
{
    m_fixture = std::make_unique<test::HistoryFixture>();
    m_again = std::make_unique<QAction>(u"Edit again"_s);
    m_panel = std::make_unique<HistoryPanel>(m_fixture->reader, QList<QAction *>{m_again.get()});
    connect(m_again.get(), &QAction::triggered, m_panel.get(), &HistoryPanel::editSelected);
    m_panel->resize(1280, 780);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void HistoryPanelTest::cleanup()
{
    m_panel.reset();
    m_fixture.reset();
}

void HistoryPanelTest::saysWhatToPressWhenEmpty()
{
    m_panel->refresh();
    QTRY_VERIFY(m_panel->model()->wasLoaded());
    QTRY_VERIFY(!m_panel->view()->isVisible());
    QStringList texts;
    for (const QLabel *label : m_panel->findChildren<QLabel *>())
        texts << label->text();
    QVERIFY(texts.join(u' ').contains(u"F5"_s));
    // Nothing selected: the action says so.
    QSignalSpy notice(m_panel.get(), &HistoryPanel::notice);
    m_again->trigger();
    QCOMPARE(notice.size(), 1);
    QVERIFY(notice[0][0].toBool());
}

void HistoryPanelTest::filters()
{
    const QString sample = m_fixture->addSample(u"D-7"_s);
    NewScan scan = m_fixture->newIv(u"cold diode"_s);
    scan.details.sampleUid = sample;
    scan.details.project = u"Diodes"_s;
    m_fixture->add(scan, ScanState::Completed, 1);
    m_fixture->add(m_fixture->newIv(u"warm diode"_s), ScanState::Failed, 1);
    m_fixture->add(m_fixture->newIv(u"laser"_s), ScanState::Completed, 1);
    load(3);

    auto *text = part<QLineEdit>(u"history-text");
    QTest::keyClicks(text, u"diode"_s);
    QTRY_COMPARE(rows(), 2);
    auto *state = part<QComboBox>(u"history-state");
    state->setCurrentIndex(state->findData(int(ScanState::Failed)));
    QTRY_COMPARE(rows(), 1);
    QCOMPARE(cell(0, HistoryModel::NameColumn), u"warm diode"_s);
    QTest::keyClicks(text, u" nowhere"_s);
    QTRY_COMPARE(rows(), 0);
    QTRY_VERIFY(!m_panel->view()->isVisible());
    for (QPushButton *button : m_panel->findChildren<QPushButton *>()) {
        if (button->isVisible() && button->text() == u"Show all scans"_s)
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_COMPARE(rows(), 3);
    QVERIFY(text->text().isEmpty());

    auto *samples = part<QComboBox>(u"history-sample");
    QTRY_VERIFY(samples->findData(u"D-7"_s) > 0);
    samples->setCurrentIndex(samples->findData(u"D-7"_s));
    QTRY_COMPARE(rows(), 1);
    samples->setCurrentIndex(0);
    auto *projects = part<QComboBox>(u"history-project");
    QTRY_COMPARE(rows(), 3);
    projects->setCurrentIndex(projects->findData(u"Diodes"_s));
    QTRY_COMPARE(rows(), 1);
    projects->setCurrentIndex(0);
    QTRY_COMPARE(rows(), 3);
    // All are dated 2027: the clock of this machine decides whether that is the past.
    auto *since = part<QComboBox>(u"history-since");
    const bool isPast =
        QDateTime::currentSecsSinceEpoch() * 1'000'000 > test::HistoryFixture::kStart;
    since->setCurrentIndex(1);
    QTRY_COMPARE(rows(), isPast ? 0 : 3);
}

void HistoryPanelTest::selectionSurvivesRefresh()
{
    for (int i = 0; i < 3; ++i)
        m_fixture->add(m_fixture->newIv(u"scan %1"_s.arg(i)), ScanState::Completed, 1);
    load(3);
    click(1);
    const QUuid chosen = m_panel->selected();
    QVERIFY(!chosen.isNull());
    m_fixture->add(m_fixture->newIv(u"new"_s), ScanState::Completed, 1);
    load(4);
    QCOMPARE(m_panel->selected(), chosen);
    QCOMPARE(m_panel->view()->currentIndex().row(), 2);
}

void HistoryPanelTest::scrollsThroughThousands()
{
    const NewScan first = m_fixture->newIv(u"newest"_s);
    m_fixture->add(first, ScanState::Completed, 1);
    m_fixture->addCopies(first, 10'000);
    load(HistoryModel::kPage);
    QScrollBar *bar = m_panel->view()->verticalScrollBar();
    for (int page = 2; page <= 4; ++page) {
        bar->setValue(bar->maximum()); // as an operator who drags it down
        QTRY_COMPARE(rows(), page * HistoryModel::kPage);
    }
    QCOMPARE(m_panel->model()->total(), 10'001);
    QTRY_VERIFY([this] {
        for (const QLabel *label : m_panel->findChildren<QLabel *>()) {
            if (label->text().startsWith(u"10,001"_s))
                return true;
        }
        return false;
    }());
    // The page in the middle of a filter over all of them.
    QTest::keyClicks(part<QLineEdit>(u"history-text"), u"Run 77"_s);
    QTRY_VERIFY(m_panel->model()->total() < 1'000);
    for (int row = 0; row < rows(); ++row)
        QVERIFY(cell(row, HistoryModel::NameColumn).contains(u"77"_s));
}

void HistoryPanelTest::drawsTheSelectedScan()
{
    m_fixture->add(m_fixture->newIv(u"iv"_s), ScanState::Completed);
    load(1);
    const QImage before = m_panel->chart()->grab().toImage();
    click(0);
    QTRY_VERIFY(m_panel->chart()->view()->isVisible());
    QTRY_VERIFY(hasTrace());
    QVERIFY(before != m_panel->chart()->grab().toImage());
}

void HistoryPanelTest::editsComment()
{
    const NewScan scan = m_fixture->newIv(u"iv"_s);
    m_fixture->add(scan, ScanState::Completed, 1);
    load(1);
    click(0);
    auto *comment = part<QPlainTextEdit>(u"details-comment");
    QTRY_VERIFY(comment->isVisible());
    QVERIFY(!part<QPushButton>(u"details-save")->isVisible());
    QTest::keyClicks(comment, u"probe slipped"_s);
    QTRY_VERIFY(part<QPushButton>(u"details-save")->isVisible());
    auto *title = part<QLineEdit>(u"details-title");
    title->selectAll();
    QTest::keyClicks(title, u"IV, slipped"_s);
    QTest::mouseClick(part<QPushButton>(u"details-save"), Qt::LeftButton);
    QTRY_COMPARE(m_fixture->find(scan.uid).details.comment, u"probe slipped"_s);
    QTRY_COMPARE(cell(0, HistoryModel::NameColumn), u"IV, slipped"_s);
    QTRY_VERIFY(!part<QPushButton>(u"details-save")->isVisible());
    // Again, on the revision that came of it.
    QTest::keyClicks(comment, u"!"_s);
    QTest::mouseClick(part<QPushButton>(u"details-save"), Qt::LeftButton);
    QTRY_VERIFY(m_fixture->find(scan.uid).details.comment.contains(u'!'));
}

void HistoryPanelTest::refusesAStaleEdit()
{
    const NewScan scan = m_fixture->newIv(u"iv"_s);
    m_fixture->add(scan, ScanState::Completed, 1);
    load(1);
    click(0);
    auto *comment = part<QPlainTextEdit>(u"details-comment");
    QTRY_VERIFY(comment->isVisible());
    QTest::keyClicks(comment, u"mine"_s);
    const ScanRecord stored = m_fixture->find(scan.uid);
    ScanDetails theirs = stored.details;
    theirs.comment = u"theirs"_s;
    QVERIFY(bool(ScanRepository(*m_fixture->connection)
                     .editDetails(m_fixture->session, scan.uid, theirs, stored.revision)));
    m_panel->refresh(); // what is typed stays, and stays a change of what was read before
    QSignalSpy notice(m_panel.get(), &HistoryPanel::notice);
    QTest::mouseClick(part<QPushButton>(u"details-save"), Qt::LeftButton);
    QTRY_COMPARE(notice.size(), 1);
    QVERIFY(notice[0][0].toBool());
    QVERIFY(part<QLabel>(u"details-problem")->isVisible());
    QCOMPARE(m_fixture->find(scan.uid).details.comment, u"theirs"_s);
    QCOMPARE(comment->toPlainText(), u"mine"_s);
    QTest::mouseClick(part<QPushButton>(u"details-give-up"), Qt::LeftButton);
    QTRY_COMPARE(comment->toPlainText(), u"theirs"_s);
    QVERIFY(!part<QLabel>(u"details-problem")->isVisible());
}

void HistoryPanelTest::keepsAnUnsavedEdit()
{
    const NewScan older = m_fixture->newIv(u"older"_s);
    m_fixture->add(older, ScanState::Completed, 1);
    m_fixture->add(m_fixture->newIv(u"newer"_s), ScanState::Completed, 1);
    load(2);
    auto *comment = part<QPlainTextEdit>(u"details-comment");
    auto *title = part<QLineEdit>(u"details-title");
    click(1);
    QTRY_COMPARE(title->text(), u"older"_s);
    QTest::keyClicks(comment, u"not saved"_s);
    click(0);
    QTRY_COMPARE(title->text(), u"newer"_s);
    QVERIFY(comment->toPlainText().isEmpty());
    click(1);
    QTRY_COMPARE(comment->toPlainText(), u"not saved"_s);
    QVERIFY(m_fixture->find(older.uid).details.comment.isEmpty());
}

void HistoryPanelTest::handsTheTreeOver()
{
    const NewScan scan = m_fixture->newIv(u"iv"_s);
    m_fixture->add(scan, ScanState::Completed, 1);
    load(1);
    click(0);
    QSignalSpy again(m_panel.get(), &HistoryPanel::editAgain);
    m_again->trigger();
    QTRY_COMPARE(again.size(), 1);
    QCOMPARE(again[0][0].toJsonObject(), scan.tree);
    QCOMPARE(again[0][1].toString(), u"iv"_s);
}

void HistoryPanelTest::exportsCsv()
{
    const NewScan scan = m_fixture->newIv(u"iv"_s);
    m_fixture->add(scan, ScanState::Completed);
    const QString scanId = m_fixture->find(scan.uid).scanId;
    load(1);
    click(0);
    m_panel->exportSelected();
    auto *folder = part<QLineEdit>(u"export-folder");
    QVERIFY(folder->isVisible());
    folder->clear();
    QTest::keyClicks(folder, m_fixture->folder.path());
    QVERIFY(part<QLabel>(u"export-target")->text().contains(scanId + u".csv"_s));
    QSignalSpy notice(m_panel.get(), &HistoryPanel::notice);
    QTest::mouseClick(part<QPushButton>(u"export-start"), Qt::LeftButton);
    QTRY_COMPARE(notice.size(), 1);
    QVERIFY2(!notice[0][0].toBool(), qPrintable(notice[0][1].toString()));
    QFile file(m_fixture->folder.filePath(scanId + u".csv"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 202);
    QVERIFY(lines[0].contains("smu.bias (V)"));
    QVERIFY(!folder->isVisible());
    // Once more: it says that it replaces.
    m_panel->exportSelected();
    QVERIFY(part<QLabel>(u"export-target")->text().startsWith(u"replaces"_s));
    QTest::keyClick(folder, Qt::Key_Escape);
    QTRY_VERIFY(!folder->isVisible());
}

void HistoryPanelTest::tellsAFailedExport()
{
    m_fixture->add(m_fixture->newIv(u"iv"_s), ScanState::Completed);
    load(1);
    click(0);
    m_panel->exportSelected();
    part<QLineEdit>(u"export-folder")->setText(m_fixture->folder.filePath(u"not/there"_s));
    QSignalSpy notice(m_panel.get(), &HistoryPanel::notice);
    QTest::mouseClick(part<QPushButton>(u"export-start"), Qt::LeftButton);
    QTRY_COMPARE(notice.size(), 1);
    QVERIFY(notice[0][0].toBool());
    QVERIFY(part<QLineEdit>(u"export-folder")->isVisible()); // to be mended
    QVERIFY(part<QPushButton>(u"export-start")->isEnabled());
}

void HistoryPanelTest::stopsAnExport()
{
    const NewScan scan = m_fixture->newIv(u"long"_s);
    m_fixture->add(scan, ScanState::Completed, 1'000'000);
    const QString scanId = m_fixture->find(scan.uid).scanId;
    load(1);
    click(0);
    m_panel->exportSelected();
    part<QLineEdit>(u"export-folder")->setText(m_fixture->folder.path());
    QSignalSpy notice(m_panel.get(), &HistoryPanel::notice);
    QTest::mouseClick(part<QPushButton>(u"export-start"), Qt::LeftButton);
    QVERIFY(!part<QPushButton>(u"export-start")->isEnabled());
    QTest::mouseClick(part<QPushButton>(u"export-cancel"), Qt::LeftButton);
    QTRY_COMPARE(notice.size(), 1);
    QVERIFY(!notice[0][0].toBool()); // what was asked for is no error
    QVERIFY(!QFile::exists(m_fixture->folder.filePath(scanId + u".csv"_s)));
    QVERIFY(part<QPushButton>(u"export-start")->isEnabled());
}

void HistoryPanelTest::fitsASmallScreen()
{
    m_panel->exportSelected();
    QVERIFY2(m_panel->minimumSizeHint().width() <= 1024,
             qPrintable(QString::number(m_panel->minimumSizeHint().width())));
    QVERIFY2(m_panel->minimumSizeHint().height() <= 600,
             qPrintable(QString::number(m_panel->minimumSizeHint().height())));
}

void HistoryPanelTest::doubleClickOpensThePreview()
{
    m_fixture->add(m_fixture->newIv(u"iv"_s), ScanState::Completed);
    load(1);
    click(0);
    QTableView *view = m_panel->view();
    QTest::mouseDClick(view->viewport(), Qt::LeftButton, {},
                       view->visualRect(view->currentIndex()).center());
    QTRY_VERIFY(!view->isVisible());
    QVERIFY(m_panel->chart()->isVisible());
    QTest::mouseClick(part<QToolButton>(u"history-back"), Qt::LeftButton);
    QVERIFY(view->isVisible());
    QTest::keyClick(view, Qt::Key_Return);
    QTRY_VERIFY(!view->isVisible());
    QTest::keyClick(m_panel->chart(), Qt::Key_Escape);
    QTRY_VERIFY(view->isVisible());
}

void HistoryPanelTest::offersInterruptedScans()
{
    InterruptedBar bar(m_fixture->reader);
    QSignalSpy go(&bar, &InterruptedBar::continueWanted);
    QSignalSpy look(&bar, &InterruptedBar::showWanted);
    bar.refresh();
    const NewScan scan = m_fixture->newIv(u"iv"_s);
    m_fixture->add(scan, ScanState::Interrupted, 120);
    const QString key = m_fixture->find(scan.uid).scanId;
    bar.refresh();
    QTRY_VERIFY(bar.isVisible());
    QStringList texts;
    for (const QLabel *label : bar.findChildren<QLabel *>())
        texts << label->text();
    QVERIFY2(texts.join(u' ').contains(u"120 of 201"_s), qPrintable(texts.join(u' ')));
    const auto press = [&bar](const char16_t *name) {
        QTest::mouseClick(bar.findChild<QPushButton *>(QString::fromUtf16(name)), Qt::LeftButton);
    };
    press(u"continue");
    QCOMPARE(go.takeFirst()[0].toString(), key);
    press(u"show");
    QCOMPARE(look.takeFirst()[0].toString(), key);
    // Closing asks back; it can be left.
    press(u"close");
    QVERIFY(!bar.findChild<QPushButton *>(u"continue"_s)->isVisible());
    press(u"keep");
    QVERIFY(bar.findChild<QPushButton *>(u"continue"_s)->isVisible());
    QCOMPARE(m_fixture->find(scan.uid).state, ScanState::Interrupted);
    press(u"close");
    press(u"confirm");
    QTRY_COMPARE(m_fixture->find(scan.uid).state, ScanState::Aborted);
    QTRY_VERIFY(!bar.isVisible());
    QCOMPARE(m_fixture->find(scan.uid).points, 120);
}

void HistoryPanelTest::continuesFromTheDetails()
{
    const NewScan scan = m_fixture->newIv(u"iv"_s);
    m_fixture->add(scan, ScanState::Interrupted, 120, u"The program ended while it ran"_s);
    const QString key = m_fixture->find(scan.uid).scanId;
    QSignalSpy go(m_panel.get(), &HistoryPanel::continueWanted);
    m_panel->refresh();
    m_panel->showScan(key);
    auto *button = part<QPushButton>(u"details-continue");
    QTRY_VERIFY(button->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(go.takeFirst()[0].toString(), key);
    QTRY_COMPARE(m_panel->selected(), scan.uid);
}

/// Writes what history looks like beside the test, to be looked at by people.
void HistoryPanelTest::pictures()
{
    const QString sample = m_fixture->addSample(u"S-2026-014"_s);
    const ScanState states[] = {ScanState::Completed, ScanState::Failed, ScanState::Aborted,
                                ScanState::Interrupted, ScanState::Completed};
    for (int i = 0; i < 12; ++i) {
        NewScan scan = m_fixture->newIv(u"IV at %1 K"_s.arg(20 * (i + 1)));
        scan.details.sampleUid = sample;
        scan.details.project = u"Cold diodes"_s;
        scan.details.tags = {u"cold"_s, u"reference"_s};
        scan.details.comment = u"Second contact; the first one opened at 140 K."_s;
        const ScanState state = states[i % 5];
        m_fixture->add(scan, state, state == ScanState::Completed ? 201 : 120 + i,
                       state == ScanState::Failed
                           ? u"smu did not answer within 2 s: check its cable, then continue"_s
                           : QString());
    }
    load(12);
    InterruptedBar bar(m_fixture->reader);
    bar.resize(1280, 40);
    bar.refresh();
    QTRY_VERIFY(bar.isVisible());
    click(1);
    QTRY_COMPARE(part<QLineEdit>(u"details-title")->text(), u"IV at 220 K"_s);
    for (const ThemeMode mode : {ThemeMode::Light, ThemeMode::Dark}) {
        applyTheme(*qApp, mode);
        const QString name = mode == ThemeMode::Light ? u"light"_s : u"dark"_s;
        m_panel->exportSelected();
        QTRY_VERIFY(hasTrace());
        const QString folder = qEnvironmentVariable("BIRCH_BINARY_DIR", u"."_s);
        QVERIFY(m_panel->grab().save(folder + u"/history-%1.png"_s.arg(name)));
        QVERIFY(bar.grab().save(folder + u"/interrupted-%1.png"_s.arg(name)));
    }
    applyTheme(*qApp, ThemeMode::Light);
}

QTEST_MAIN(HistoryPanelTest)
#include "tst_history_panel.moc"
