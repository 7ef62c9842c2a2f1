#include "tests/widgets/shell/window_fixture.h"
#include "widgets/models/tree_document.h"
#include "widgets/shell/acquire_page.h"
#include "widgets/shell/action_set.h"
#include "widgets/shell/notice_bar.h"
#include "widgets/tree/scan_tree_panel.h"

#include <QDir>
#include <QFileDialog>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

/// New, open, save, recent files, the unsaved question and what is restored after a crash.
class ScanFilesTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void questionHoldsNothingUp();
    void discardReplacesTheTree();
    void keepEditingKeepsIt();
    void fileThatCanNotBeReadLosesNothing();
    void saveGoesOn();
    void recentFilesAreOffered();
    void closingAsks();
    void crashedTreeComesBack();
    void cleanupTestCase() { m_station.reset(); }

private:
    QMessageBox *question() const;
    void answer(const QString &button);
    QString demo() const
    {
        return qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/resources/examples/map.scan.json"_s;
    }
    TreeDocument &document() { return m_station->window().document(); }
    void makeUnsaved();

    std::unique_ptr<StationFixture> m_station;
};

void ScanFilesTest::initTestCase()
{
    m_station = std::make_unique<StationFixture>();
    m_station->openWindow();
}

void ScanFilesTest::init()
{
    document().clear();
    QVERIFY(!question());
}

QMessageBox *ScanFilesTest::question() const
{
    for (auto *box : m_station->window().findChildren<QMessageBox *>()) {
        if (box->isVisible())
            return box;
    }
    return nullptr;
}

void ScanFilesTest::answer(const QString &button)
{
    QTRY_VERIFY(question());
    for (QAbstractButton *candidate : question()->buttons()) {
        if (candidate->text() == button)
            return click(candidate);
    }
    QFAIL(qPrintable(button));
}

void ScanFilesTest::makeUnsaved()
{
    m_station->window().acquire().treePanel()->addKind(u"wait"_s, false);
    QVERIFY(document().isModified());
}

void ScanFilesTest::questionHoldsNothingUp()
{
    makeUnsaved();
    m_station->window().openTree(demo());
    QTRY_VERIFY(question());
    QVERIFY(!question()->isModal()); // make safe stays in reach
    QVERIFY(document().isModified());
    answer(u"Keep editing"_s);
}

void ScanFilesTest::discardReplacesTheTree()
{
    makeUnsaved();
    m_station->window().openTree(demo());
    answer(u"Discard"_s);
    QTRY_COMPARE(document().path(), demo());
    QVERIFY(!document().isModified());
}

void ScanFilesTest::keepEditingKeepsIt()
{
    makeUnsaved();
    m_station->window().actions()[u"new"_s]->trigger();
    answer(u"Keep editing"_s);
    QTRY_VERIFY(!question());
    QVERIFY(document().isModified());
    QCOMPARE(document().tree().root()->childCount(), 1);
}

void ScanFilesTest::fileThatCanNotBeReadLosesNothing()
{
    makeUnsaved();
    const QByteArray before = document().text();
    m_station->window().openTree(m_station->path(u"none.scan.json"_s));
    answer(u"Discard"_s);
    QTRY_VERIFY(m_station->window().notices().text().contains(u"can not be read"_s));
    QCOMPARE(document().text(), before);
    QVERIFY(document().isModified()); // so that it is asked about again, and autosaved
    QVERIFY(document().undoStack().canUndo());
}

void ScanFilesTest::saveGoesOn()
{
    makeUnsaved();
    m_station->window().actions()[u"new"_s]->trigger();
    answer(u"Save"_s);
    QTRY_VERIFY(m_station->window().findChild<QFileDialog *>());
    auto *dialog = m_station->window().findChild<QFileDialog *>();
    QVERIFY(!dialog->isModal());
    const QString file = m_station->path(u"wait.scan.json"_s);
    dialog->setDirectory(QFileInfo(file).path());
    auto *name = dialog->findChild<QLineEdit *>();
    name->setText(file);
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(QFile::exists(file));
    QTRY_VERIFY(document().isEmpty()); // saved, then new
    m_station->window().openTree(file);
    QCOMPARE(document().tree().root()->childCount(), 1);
}

void ScanFilesTest::recentFilesAreOffered()
{
    m_station->window().openTree(demo());
    QMenu *recent = nullptr;
    for (auto *menu : m_station->window().findChildren<QMenu *>()) {
        if (menu->title() == u"Open recent"_s)
            recent = menu;
    }
    QVERIFY(recent);
    emit recent->aboutToShow();
    QCOMPARE(recent->actions().first()->text(), demo());
    document().clear();
    recent->actions().first()->trigger();
    QCOMPARE(document().path(), demo());
}

void ScanFilesTest::closingAsks()
{
    makeUnsaved();
    QSignalSpy left(&m_station->window(), &MainWindow::left);
    m_station->window().close();
    QTRY_VERIFY(question());
    QVERIFY(m_station->window().isVisible());
    answer(u"Keep editing"_s);
    QTRY_VERIFY(!question());
    m_station->window().close();
    answer(u"Discard"_s);
    QTRY_VERIFY(!left.isEmpty());
    QVERIFY(QDir(m_station->path(u"state"_s)).entryList({u"autosave-*"_s}).isEmpty());
    m_station->openWindow();
}

void ScanFilesTest::crashedTreeComesBack()
{
    makeUnsaved();
    const QByteArray text = document().text();
    const QString own =
        m_station->path(u"state/autosave-%1.json"_s.arg(QCoreApplication::applicationPid()));
    QTRY_VERIFY(QFile::exists(own)); // written by itself, a moment after the change
    document().clear();
    QVERIFY(m_station->closeWindow());
    // As a killed program leaves it: the file of a process that is no more.
    QFile::remove(own);
    QFile orphan(m_station->path(u"state/autosave-4194999.json"_s));
    QVERIFY(orphan.open(QIODevice::WriteOnly));
    orphan.write(QJsonDocument(QJsonObject{{u"path"_s, u"/somewhere/wait.scan.json"_s},
                                           {u"tree"_s, QString::fromUtf8(text)}})
                     .toJson());
    orphan.close();
    m_station->openWindow();
    QCOMPARE(document().text(), text);
    QCOMPARE(document().path(), u"/somewhere/wait.scan.json"_s);
    QVERIFY(document().isModified());
    QVERIFY(m_station->window().notices().text().contains(u"restored"_s));
}

QTEST_MAIN(ScanFilesTest)
#include "tst_scan_files.moc"
