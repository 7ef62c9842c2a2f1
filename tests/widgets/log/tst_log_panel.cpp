#include "widgets/log/log_model.h"
#include "widgets/log/log_panel.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
LogLine line(const QString &level, const QString &message)
{
    return {{1'800'000'000'000'000'000, level, message}, u"queue"_s};
}
} // namespace

class LogPanelTest : public QObject
{
    Q_OBJECT
private slots:
    void modelKeepsTheNewest();
    void filtersByTextAndLevel();
    void staysWhereTheReaderScrolled();
};

void LogPanelTest::modelKeepsTheNewest()
{
    LogModel model(nullptr, 3);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    for (const auto &text : {u"one"_s, u"two"_s, u"three"_s, u"four"_s})
        model.append(line(u"info"_s, text));
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.index(0, LogModel::MessageColumn).data().toString(), u"two"_s);
    QCOMPARE(model.index(2, LogModel::MessageColumn).data().toString(), u"four"_s);
    model.clear();
    QCOMPARE(model.rowCount(), 0);
}

void LogPanelTest::filtersByTextAndLevel()
{
    LogPanel panel;
    panel.append(line(u"info"_s, u"scan started"_s));
    panel.append(line(u"error"_s, u"stage.x did not arrive"_s));
    panel.append(line(u"safe"_s, u"smu.bias -> 0 V, read back 0 V"_s));
    QCOMPARE(panel.view()->model()->rowCount(), 3);
    QTest::keyClicks(panel.findChild<QLineEdit *>(), u"STAGE"_s);
    QCOMPARE(panel.view()->model()->rowCount(), 1);
    panel.findChild<QLineEdit *>()->clear();
    panel.findChild<QComboBox *>()->setCurrentIndex(2);
    QCOMPARE(panel.view()->model()->rowCount(), 1);
    QVERIFY(panel.view()
                ->model()
                ->index(0, LogModel::MessageColumn)
                .data()
                .toString()
                .startsWith(u"smu"));
}

void LogPanelTest::staysWhereTheReaderScrolled()
{
    LogPanel panel;
    panel.resize(600, 300);
    panel.show();
    for (int i = 0; i < 100; ++i)
        panel.append(line(u"info"_s, QString::number(i)));
    auto *bar = panel.view()->verticalScrollBar();
    QTRY_COMPARE(bar->value(), bar->maximum());
    bar->setValue(10);
    panel.append(line(u"info"_s, u"new"_s));
    QCoreApplication::processEvents();
    QCOMPARE(bar->value(), 10);
}

QTEST_MAIN(LogPanelTest)
#include "tst_log_panel.moc"
