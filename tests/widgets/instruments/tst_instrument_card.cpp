#include "app/window_bench.h"
#include "core/instrument/bench.h"
#include "tests/widgets/shell/window_fixture.h"
#include "widgets/instruments/instruments_panel.h"
#include "widgets/instruments/parameter_table.h"

#include <QComboBox>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

/// Settings and console of an instrument, against a simulator on a real socket.
class InstrumentCardTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void changesAreStagedAndAppliedTogether();
    void badValueIsRefusedAndNothingSent();
    void wheelChangesNothing();
    void refusedSettingStaysStaged();
    /// No answer is on its way from the test before.
    void init() { QTRY_VERIFY(!m_smu || m_smu->leaseOwner().isEmpty()); }
    void consoleSendsAndShowsAnswers();
    void consoleRecallsWhatWasTyped();
    void consoleAsksForErrors();
    void presetIsStagedAndShownFirst();
    void leftSettingsAreStaged();
    void historyFollowsTheConnection();
    void twoMovementsShareTheLease();
    void actionAsksFirst();
    void heldInstrumentIsReadOnly();
    void cleanupTestCase();

private:
    template<typename Widget>
    Widget *find(const QString &name)
    {
        return visible<Widget>(*m_panel, name);
    }
    /// Once it is there, e.g. after what was told by another thread.
    void press(const QString &button)
    {
        QTRY_VERIFY2(find<QPushButton>(button) && find<QPushButton>(button)->isEnabled(),
                     qPrintable(button));
        click(find<QPushButton>(button));
    }
    ParameterTable *table() { return find<ParameterTable>(u"Settings of smu"_s); }
    int rowOf(const QString &label)
    {
        for (int row = 0; row < table()->rowCount(); ++row) {
            if (table()->item(row, 0)->text() == label)
                return row;
        }
        return -1;
    }
    QString now(const QString &label) { return table()->item(rowOf(label), 1)->text(); }
    void enter(const QString &label, const QString &text)
    {
        table()->item(rowOf(label), 2)->setText(text); // as the cell's editor ends
    }
    QString consoleText() { return find<QPlainTextEdit>(u"Console of smu"_s)->toPlainText(); }
    void command(const QString &text)
    {
        auto *input = find<QLineEdit>(u"Command to smu"_s);
        QTRY_VERIFY(input && input->isEnabled());
        QTest::keyClicks(input, text);
        QTest::keyClick(input, Qt::Key_Return);
    }

    /// Chooses from the menu of presets as a person does.
    void choosePreset(const QString &text)
    {
        click(find<QPushButton>(u"Presets of smu"_s));
        QTRY_VERIFY(find<QMenu>(u"Presets of smu"_s));
        auto *menu = find<QMenu>(u"Presets of smu"_s);
        for (QAction *action : menu->actions()) {
            if (action->text() == text)
                QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(action).center());
        }
        QTRY_VERIFY(!find<QMenu>(u"Presets of smu"_s));
    }
    QString staged(const QString &label) { return table()->item(rowOf(label), 2)->text(); }
    void applyNow(const QString &label, const QString &text)
    {
        enter(label, text);
        QTRY_VERIFY(find<QPushButton>(u"Apply the settings of smu"_s)->isEnabled());
        click(find<QPushButton>(u"Apply the settings of smu"_s));
        QTRY_COMPARE(now(label), text);
    }

    std::unique_ptr<StationFixture> m_station;
    std::unique_ptr<WindowBench> m_port;
    std::unique_ptr<InstrumentsPanel> m_panel;
    InstrumentHost *m_smu = nullptr;
};

void InstrumentCardTest::initTestCase()
{
    m_station = std::make_unique<StationFixture>();
    QVERIFY2(m_station->isReady(), qPrintable(m_station->problem()));
    m_station->openWindow();
    Bench &bench = m_station->station().bench().bench();
    m_smu = bench.find(u"smu"_s);
    QVERIFY(m_smu);
    m_port = std::make_unique<WindowBench>(m_station->station(), m_station->reader());
    m_panel = std::make_unique<InstrumentsPanel>(bench, *m_port);
    m_panel->resize(1200, 800);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    press(u"Connect smu"_s);
    QTRY_COMPARE(m_smu->connectionState(), ConnectionState::Open);
    click(find<QPushButton>(u"Settings smu"_s));
    click(find<QPushButton>(u"Console smu"_s));
    QTRY_VERIFY(table() && find<QLineEdit>(u"Command to smu"_s));
    QTRY_VERIFY(now(u"Current limit"_s) != u"–"_s);
    QVERIFY(find<QPushButton>(u"Presets of smu"_s)->isEnabled());
}

void InstrumentCardTest::cleanupTestCase()
{
    m_panel.reset();
    m_station.reset();
}

void InstrumentCardTest::changesAreStagedAndAppliedTogether()
{
    auto *apply = find<QPushButton>(u"Apply the settings of smu"_s);
    QVERIFY(!apply->isEnabled());
    const QString limit = now(u"Current limit"_s);
    enter(u"Current limit"_s, u"20 mA"_s);
    enter(u"Integration time"_s, u"2"_s);
    QCOMPARE(table()->staged().size(), 2);
    QCOMPARE(now(u"Current limit"_s), limit); // nothing was sent
    QVERIFY(apply->isEnabled());
    QSignalSpy done(m_panel.get(), &InstrumentsPanel::done);
    click(apply);
    QTRY_COMPARE(done.size(), 1);
    QTRY_COMPARE(now(u"Current limit"_s), u"0.02"_s);
    QCOMPARE(now(u"Integration time"_s), u"2"_s);
    QVERIFY(table()->staged().isEmpty());
    QVERIFY(m_smu->leaseOwner().isEmpty());

    enter(u"Current limit"_s, u"50 mA"_s);
    click(find<QPushButton>(u"Discard the settings of smu"_s));
    QVERIFY(table()->staged().isEmpty());
    QVERIFY(table()->item(rowOf(u"Current limit"_s), 2)->text().isEmpty());
    enter(u"Current limit"_s, u"20 mA"_s); // as it is
    QVERIFY(table()->staged().isEmpty());
}

void InstrumentCardTest::badValueIsRefusedAndNothingSent()
{
    QSignalSpy failed(m_panel.get(), &InstrumentsPanel::failed);
    enter(u"Current limit"_s, u"100 A"_s);
    QCOMPARE(failed.size(), 1);
    enter(u"Current limit"_s, u"3 V"_s);
    QCOMPARE(failed.size(), 2);
    QVERIFY(table()->staged().isEmpty());
    QCOMPARE(now(u"Current limit"_s), u"0.02"_s);
}

void InstrumentCardTest::wheelChangesNothing()
{
    auto *output = qobject_cast<QComboBox *>(table()->cellWidget(rowOf(u"Output"_s), 2));
    QVERIFY(output);
    const QPointF at = output->rect().center();
    QWheelEvent wheel(at, output->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(output, &wheel);
    QCOMPARE(output->currentIndex(), 0);
    QVERIFY(table()->staged().isEmpty());
}

void InstrumentCardTest::refusedSettingStaysStaged()
{
    enter(u"Current limit"_s, u"30 mA"_s);
    QVERIFY(m_smu->acquireLease(u"scan 7"_s));
    QTRY_VERIFY(!find<QPushButton>(u"Apply the settings of smu"_s)->isEnabled());
    QCOMPARE(table()->staged().size(), 1);
    m_smu->releaseLease(u"scan 7"_s);
    QTRY_VERIFY(find<QPushButton>(u"Apply the settings of smu"_s)->isEnabled());
    click(find<QPushButton>(u"Apply the settings of smu"_s));
    QTRY_COMPARE(now(u"Current limit"_s), u"0.03"_s);
}

void InstrumentCardTest::consoleSendsAndShowsAnswers()
{
    command(u"*IDN?"_s);
    QTRY_VERIFY2(consoleText().contains(u"BIRCH,DEMO-SMU"_s), qPrintable(consoleText()));
    QVERIFY(consoleText().contains(u"> *IDN?"_s));
    QVERIFY(m_smu->leaseOwner().isEmpty());
    command(u"voltage in °C?"_s);
    QTRY_VERIFY(consoleText().contains(u"ASCII"_s));
    find<QLineEdit>(u"Command to smu"_s)->clear();
}

void InstrumentCardTest::consoleRecallsWhatWasTyped()
{
    command(u"*OPC?"_s);
    QTRY_VERIFY(consoleText().contains(u"> *OPC?"_s));
    auto *input = find<QLineEdit>(u"Command to smu"_s);
    QTest::keyClick(input, Qt::Key_Up);
    QCOMPARE(input->text(), u"*OPC?"_s);
    QTest::keyClick(input, Qt::Key_Up);
    QCOMPARE(input->text(), u"*IDN?"_s);
    QTest::keyClick(input, Qt::Key_Up); // there is nothing before
    QCOMPARE(input->text(), u"*IDN?"_s);
    QTest::keyClick(input, Qt::Key_Down);
    QTest::keyClick(input, Qt::Key_Down);
    QVERIFY(input->text().isEmpty());
}

void InstrumentCardTest::consoleAsksForErrors()
{
    command(u"NO:SUCH 1"_s);
    QTRY_VERIFY(consoleText().contains(u"> NO:SUCH 1"_s));
    const auto before = consoleText().count(u"SYST:ERR?"_s);
    click(find<QPushButton>(u"Errors of smu"_s));
    QTRY_COMPARE(consoleText().count(u"SYST:ERR?"_s), before + 2); // the error, then none
    QTRY_VERIFY2(consoleText().contains(u"-113"_s), qPrintable(consoleText()));
}

void InstrumentCardTest::presetIsStagedAndShownFirst()
{
    applyNow(u"Current limit"_s, u"0.01"_s);
    choosePreset(u"Save as preset…"_s);
    QTRY_VERIFY(find<QInputDialog>(u"preset-name"_s));
    auto *dialog = find<QInputDialog>(u"preset-name"_s);
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"careful"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    applyNow(u"Current limit"_s, u"0.05"_s);
    QTRY_VERIFY(m_smu->leaseOwner().isEmpty());
    choosePreset(u"careful"_s);
    QTRY_COMPARE(staged(u"Current limit"_s), u"0.01"_s);
    QCOMPARE(now(u"Current limit"_s), u"0.05"_s); // nothing was sent
    QCOMPARE(table()->staged().size(), 1);
    QTRY_VERIFY(find<QPushButton>(u"Apply the settings of smu"_s)->isEnabled());
    click(find<QPushButton>(u"Apply the settings of smu"_s));
    QTRY_COMPARE(now(u"Current limit"_s), u"0.01"_s);
    // The same name again asks first.
    choosePreset(u"Save as preset…"_s);
    QTRY_VERIFY(find<QInputDialog>(u"preset-name"_s));
    dialog = find<QInputDialog>(u"preset-name"_s);
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"careful"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_VERIFY(find<QMessageBox>(u"preset-replace"_s));
    click(find<QMessageBox>(u"preset-replace"_s)->button(QMessageBox::Cancel));
}

void InstrumentCardTest::leftSettingsAreStaged()
{
    applyNow(u"Current limit"_s, u"0.03"_s);
    QTRY_VERIFY(m_smu->leaseOwner().isEmpty());
    press(u"Disconnect smu"_s);
    QTRY_COMPARE(m_smu->connectionState(), ConnectionState::Closed);
    press(u"Connect smu"_s);
    QTRY_COMPARE(m_smu->connectionState(), ConnectionState::Open);
    applyNow(u"Current limit"_s, u"0.02"_s);
    QTRY_VERIFY(m_smu->leaseOwner().isEmpty());
    choosePreset(u"As it was left"_s);
    QTRY_COMPARE(staged(u"Current limit"_s), u"0.03"_s);
    QCOMPARE(now(u"Current limit"_s), u"0.02"_s);
    click(find<QPushButton>(u"Discard the settings of smu"_s));
    QCOMPARE(staged(u"Current limit"_s), QString());
}

void InstrumentCardTest::historyFollowsTheConnection()
{
    click(find<QPushButton>(u"History smu"_s));
    auto *history = find<QTableWidget>(u"Connection history of smu"_s);
    QVERIFY(history);
    QTRY_VERIFY(history->rowCount() > 0 && history->item(0, 1)->text() == u"ready"_s);
    const int before = history->rowCount();
    QTRY_VERIFY(m_smu->leaseOwner().isEmpty());
    press(u"Disconnect smu"_s);
    QTRY_VERIFY(history->rowCount() > before && history->item(0, 1)->text() == u"offline"_s);
    press(u"Connect smu"_s);
    QTRY_COMPARE(m_smu->connectionState(), ConnectionState::Open);
    QTRY_COMPARE(history->item(0, 1)->text(), u"ready"_s);
}

void InstrumentCardTest::twoMovementsShareTheLease()
{
    InstrumentHost *stage = m_station->station().bench().bench().find(u"stage"_s);
    press(u"Connect stage"_s);
    QTRY_COMPARE(stage->connectionState(), ConnectionState::Open);
    QTRY_VERIFY(find<QPushButton>(u"Set stage.x"_s)->isEnabled());
    QSignalSpy lease(stage, &InstrumentHost::leaseChanged);
    QSignalSpy done(m_panel.get(), &InstrumentsPanel::done);
    for (const QString &axis : {u"x"_s, u"y"_s}) {
        type(find<QLineEdit>(u"New value of stage."_s + axis), u"95 mm"_s);
        QVERIFY(find<QPushButton>(u"Set stage."_s + axis)->isEnabled());
        click(find<QPushButton>(u"Set stage."_s + axis));
    }
    QTRY_COMPARE(done.size(), 2);
    QTRY_COMPARE(lease.size(), 2); // taken once, and given back when both have arrived
    QVERIFY(stage->leaseOwner().isEmpty());
    QTRY_VERIFY(find<QPushButton>(u"Set stage.x"_s)->isEnabled());
}

void InstrumentCardTest::actionAsksFirst()
{
    InstrumentHost *stage = m_station->station().bench().bench().find(u"stage"_s);
    QSignalSpy done(m_panel.get(), &InstrumentsPanel::done);
    const auto question = [this] { return m_panel->findChild<QMessageBox *>(); };
    press(u"Home X stage"_s);
    QTRY_VERIFY(question() && question()->isVisible());
    QVERIFY(question()->text().contains(u"travels to 0"_s));
    click(qobject_cast<QPushButton *>(question()->button(QMessageBox::Cancel)));
    QTRY_VERIFY(!question());
    QVERIFY(stage->leaseOwner().isEmpty());

    press(u"Home X stage"_s);
    QTRY_VERIFY(question() && question()->isVisible());
    for (QAbstractButton *button : question()->buttons()) {
        if (button->text() == u"Home X")
            click(qobject_cast<QPushButton *>(button));
    }
    QTRY_COMPARE(done.size(), 1);
    QCOMPARE(done[0][0].toString(), u"stage: Home X done"_s);
    std::optional<double> at;
    stage->state(Priority::Panel, 0, std::chrono::seconds(5), this,
                 [&](const auto &state) { at = state ? state.value().readback : qQNaN(); });
    QTRY_VERIFY(at.has_value());
    QCOMPARE(*at, 0.0);
    QVERIFY(stage->leaseOwner().isEmpty());

    QVERIFY(stage->acquireLease(u"scan 7"_s));
    QTRY_VERIFY(!find<QPushButton>(u"Home X stage"_s)->isEnabled());
    stage->releaseLease(u"scan 7"_s);
}

void InstrumentCardTest::heldInstrumentIsReadOnly()
{
    QVERIFY(m_smu->acquireLease(u"scan 7"_s));
    auto *input = find<QLineEdit>(u"Command to smu"_s);
    QTRY_VERIFY(!input->isEnabled());
    QVERIFY(input->placeholderText().contains(u"scan 7"_s));
    QVERIFY(!table()->cellWidget(rowOf(u"Output"_s), 2)->isEnabled());
    QVERIFY(!consoleText().isEmpty()); // and can be read
    m_smu->releaseLease(u"scan 7"_s);
    QTRY_VERIFY(input->isEnabled());
}

QTEST_MAIN(InstrumentCardTest)
#include "tst_instrument_card.moc"
