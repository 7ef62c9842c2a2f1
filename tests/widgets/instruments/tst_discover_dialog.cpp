#include "app/session/resource_paths.h"
#include "app/session/simulator_process.h"
#include "app/window_bench.h"
#include "tests/widgets/shell/window_fixture.h"
#include "widgets/instruments/discover_dialog.h"
#include "widgets/instruments/instrument_card.h"
#include "widgets/instruments/instruments_panel.h"
#include "widgets/instruments/trend_view.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

/// Finding, adding, moving and reloading instruments in the window, with simulated ones that are
/// reached over real sockets by the addresses of a bench file that knows no simulation.
class DiscoverDialogTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void foundInstrumentJoinsWithOneClick();
    void badNicknameIsRefusedAndNothingWritten();
    void offlineInstrumentIsRepointed();
    void rangeThatIsNoneIsRefused();
    void reloadTakesOverWhatAnEditorWrote();
    void brokenFileChangesNothing();
    void heldInstrumentKeepsItsPlace();
    void trafficAndTrendOfOneInstrument();
    void entryIsEdited();
    void wrongEntryIsRefusedAndNothingWritten_data();
    void wrongEntryIsRefusedAndNothingWritten();
    void instrumentIsRemovedAfterAQuestion();

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
    QString benchText() const
    {
        QFile file(m_file);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    void write(const QByteArray &text)
    {
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    QByteArray entry(const QByteArray &nickname, const QByteArray &definition,
                     const QString &address) const
    {
        return "  " + nickname + ":\n    definition: " + definition +
               "\n    address: " + address.toLatin1() + "\n";
    }
    /// Opens the dialog by its button and looks at 127.0.0.1; returns once it has ended.
    void search()
    {
        click(find<QPushButton>(u"Find instruments…"_s));
        QTRY_VERIFY(find<QLineEdit>(u"Addresses to ask one by one"_s));
        QSignalSpy ended(m_port.get(), &BenchPort::searchEnded);
        if (find<QPushButton>(u"Stop"_s)) { // it looks for those that announce themselves
            click(find<QPushButton>(u"Stop"_s));
            QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>(u"Search"_s), 10'000);
        }
        type(find<QLineEdit>(u"Addresses to ask one by one"_s), u"127.0.0.1"_s);
        ended.clear();
        click(find<QPushButton>(u"Search"_s));
        QTRY_VERIFY_WITH_TIMEOUT(!ended.isEmpty(), 20'000);
    }
    QString note() { return find<QLabel>(u"What came of the search"_s)->text(); }
    InstrumentHost *host(const QString &nickname)
    {
        return m_station->bench().bench().find(nickname);
    }

    QTemporaryDir m_folder;
    QString m_file;
    SimulatorProcess m_simulator;
    QMap<QString, QString> m_addresses;
    std::unique_ptr<StationData> m_data;
    std::unique_ptr<Workstation> m_station;
    std::unique_ptr<StoreReader> m_reader;
    std::unique_ptr<WindowBench> m_port;
    std::unique_ptr<InstrumentsPanel> m_panel;
};

void DiscoverDialogTest::initTestCase()
{
    auto started = m_simulator.start(exampleFile(u"demo.bench.yaml"_s),
                                     Call::within(std::chrono::seconds(20)));
    QVERIFY2(started, started ? "" : qPrintable(started.error().message));
    m_addresses = started.value();
}

void DiscoverDialogTest::init()
{
    m_file = m_folder.filePath(u"lab.bench.yaml"_s);
    write("# written by hand\nname: Lab\ninstruments:\n" +
          entry("smu", "demo-smu", m_addresses[u"smu"_s]));
    const StationOptions options{m_folder.filePath(u"birch.db"_s),
                                 m_file,
                                 u"ada"_s,
                                 {{u"spool.path"_s, m_folder.filePath(u"spool"_s)}}};
    Problems problems;
    auto data = StationData::open(options, StationData::readSettings(options, &problems));
    QVERIFY2(data, data ? "" : qPrintable(data.error().message));
    m_data = std::move(data).value();
    auto bench = StationBench::open(m_file, &problems);
    QVERIFY2(bench, qPrintable(problems.value(0).message));
    m_station = std::make_unique<Workstation>(*m_data, std::move(bench));
    DiscoveryOptions discovery;
    discovery.limit = std::chrono::seconds(1);
    DiscoveryPlaces &places = discovery.places;
    places.mdns = QList<QHostAddress>{};
    places.broadcasts = QList<QHostAddress>{};
    places.serial = {m_folder.path(), m_folder.path(), m_folder.path()};
    places.socketPorts.clear();
    for (const QString &name : {u"smu"_s, u"spectrometer"_s})
        places.socketPorts.append(m_addresses[name].section(u"::"_s, 2, 2).toUShort());
    m_reader = std::make_unique<StoreReader>(m_data->database(), m_data->user());
    m_port = std::make_unique<WindowBench>(*m_station, *m_reader, discovery);
    m_panel = std::make_unique<InstrumentsPanel>(m_station->bench().bench(), *m_port);
    m_panel->resize(1300, 900);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void DiscoverDialogTest::cleanup()
{
    m_panel.reset();
    m_port.reset();
    m_reader.reset();
    m_station.reset();
    m_data.reset();
}

void DiscoverDialogTest::foundInstrumentJoinsWithOneClick()
{
    host(u"smu"_s)->open(std::chrono::seconds(10), this, [](Result<std::monostate>) {});
    QTRY_COMPARE(host(u"smu"_s)->connectionState(), ConnectionState::Open);
    search();
    const QString address = m_addresses[u"spectrometer"_s];
    auto *table = find<QTableWidget>(u"Found instruments"_s);
    QCOMPARE(table->rowCount(), 2);
    QCOMPARE(find<QComboBox>(u"Definition for "_s + address)->currentText(),
             u"demo-spectrometer"_s);
    type(find<QLineEdit>(u"Nickname for "_s + address), u"light"_s);
    click(find<QPushButton>(u"Add "_s + address));
    QTRY_VERIFY(host(u"light"_s));
    QVERIFY(benchText().startsWith(u"# written by hand\n"_s));
    QVERIFY(benchText().contains(address));
    QTRY_VERIFY(find<InstrumentCard>(u"Instrument light"_s));
    QCOMPARE(host(u"smu"_s)->connectionState(), ConnectionState::Open); // nobody was disturbed
    QVERIFY(m_station->bench().specs().contains(u"light"_s));
    press(u"Connect light"_s);
    QTRY_COMPARE(host(u"light"_s)->connectionState(), ConnectionState::Open);
    click(find<QPushButton>(u"History light"_s)); // it is remembered like the others
    auto *history = find<QTableWidget>(u"Connection history of light"_s);
    QTRY_VERIFY(history && history->rowCount() > 0 && history->item(0, 1) &&
                history->item(0, 1)->text() == u"ready"_s);
}

void DiscoverDialogTest::badNicknameIsRefusedAndNothingWritten()
{
    const QString before = benchText();
    search();
    const QString address = m_addresses[u"spectrometer"_s];
    for (const QString &bad : {u"smu"_s, u"no such name"_s, QString()}) {
        type(find<QLineEdit>(u"Nickname for "_s + address), bad);
        if (bad.isEmpty())
            QTest::keyClick(find<QLineEdit>(u"Nickname for "_s + address), Qt::Key_Backspace);
        QSignalSpy changed(m_port.get(), &BenchPort::benchChanged);
        const QString told = note();
        click(find<QPushButton>(u"Add "_s + address));
        QTRY_VERIFY2(note() != told, qPrintable(bad));
        QCOMPARE(benchText(), before);
        QVERIFY(changed.isEmpty());
    }
    QCOMPARE(m_station->bench().bench().hosts().size(), 1);
}

void DiscoverDialogTest::offlineInstrumentIsRepointed()
{
    write("name: Lab\ninstruments:\n" +
          entry("spec", "demo-spectrometer", u"TCPIP0::127.0.0.1::1::SOCKET"_s));
    QVERIFY(m_port->reload().isEmpty());
    search();
    click(find<QPushButton>(u"This is spec"_s));
    QTRY_COMPARE(m_station->bench().addresses().value(u"spec"_s), m_addresses[u"spectrometer"_s]);
    QTRY_VERIFY(find<QPushButton>(u"Connect spec"_s));
    press(u"Connect spec"_s);
    QTRY_COMPARE(host(u"spec"_s)->connectionState(), ConnectionState::Open);
}

void DiscoverDialogTest::rangeThatIsNoneIsRefused()
{
    search();
    type(find<QLineEdit>(u"Addresses to ask one by one"_s), u"here and there"_s);
    click(find<QPushButton>(u"Search"_s));
    QVERIFY2(note().contains(u"here and there"_s), qPrintable(note()));
    QVERIFY(find<QPushButton>(u"Search"_s));
}

void DiscoverDialogTest::reloadTakesOverWhatAnEditorWrote()
{
    InstrumentHost *const smu = host(u"smu"_s);
    write("name: Lab 2\ninstruments:\n" + entry("smu", "demo-smu", m_addresses[u"smu"_s]) +
          entry("spec", "demo-spectrometer", m_addresses[u"spectrometer"_s]));
    click(find<QPushButton>(u"Reload bench"_s));
    QCOMPARE(host(u"smu"_s), smu);
    QVERIFY(host(u"spec"_s));
    QCOMPARE(m_station->bench().bench().record().text, benchText().toUtf8());
    write("name: Lab 3\ninstruments:\n" +
          entry("spec", "demo-spectrometer", m_addresses[u"spectrometer"_s]));
    click(find<QPushButton>(u"Reload bench"_s));
    QVERIFY(!host(u"smu"_s));
    QTRY_VERIFY(!find<InstrumentCard>(u"Instrument smu"_s));
}

void DiscoverDialogTest::brokenFileChangesNothing()
{
    const QByteArray record = m_station->bench().bench().record().text;
    write("name: Lab\ninstruments:\n  smu:\n    definition: nothing-like-it\n");
    QSignalSpy failed(m_panel.get(), &InstrumentsPanel::failed);
    click(find<QPushButton>(u"Reload bench"_s));
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed[0][0].toString().contains(u"lab.bench.yaml:"_s));
    QVERIFY(host(u"smu"_s));
    QCOMPARE(m_station->bench().bench().record().text, record);
}

void DiscoverDialogTest::heldInstrumentKeepsItsPlace()
{
    QVERIFY(host(u"smu"_s)->acquireLease(u"scan \"night\""_s));
    InstrumentHost *const smu = host(u"smu"_s);
    write("name: Lab\ninstruments:\n" +
          entry("smu", "demo-smu", u"TCPIP0::127.0.0.1::1::SOCKET"_s) +
          entry("spec", "demo-spectrometer", m_addresses[u"spectrometer"_s]));
    QSignalSpy failed(m_panel.get(), &InstrumentsPanel::failed);
    click(find<QPushButton>(u"Reload bench"_s));
    QCOMPARE(failed.size(), 1);
    QVERIFY2(failed[0][0].toString().contains(u"night"_s), qPrintable(failed[0][0].toString()));
    QCOMPARE(host(u"smu"_s), smu);
    QVERIFY(!host(u"spec"_s)); // all of it or nothing
    QCOMPARE(m_station->bench().addresses().value(u"smu"_s), m_addresses[u"smu"_s]);
    smu->releaseLease(u"scan \"night\""_s);
    click(find<QPushButton>(u"Reload bench"_s));
    QVERIFY(host(u"smu"_s) != smu);
    QVERIFY(host(u"spec"_s));
}

void DiscoverDialogTest::trafficAndTrendOfOneInstrument()
{
    press(u"Connect smu"_s);
    QTRY_COMPARE(host(u"smu"_s)->connectionState(), ConnectionState::Open);
    QVERIFY(host(u"smu"_s)->acquireLease(u"scan \"night\""_s)); // both only look
    click(find<QPushButton>(u"Traffic smu"_s));
    auto *lines = find<QPlainTextEdit>(u"Traffic of smu"_s);
    QVERIFY(lines);
    QVERIFY2(lines->toPlainText().contains(u"> \"*IDN?\\n\""_s), qPrintable(lines->toPlainText()));
    click(find<QPushButton>(u"Trend smu"_s));
    auto *trend = find<TrendView>(u"Trend of smu"_s);
    QVERIFY(trend);
    QTRY_VERIFY(trend->points() >= 2);
    const auto measured = lines->toPlainText().size();
    QTRY_VERIFY(lines->toPlainText().size() > measured);
    auto *hold = find<QCheckBox>(u"Hold traffic of smu"_s);
    hold->click();
    const QString held = lines->toPlainText();
    const qsizetype before = trend->points();
    QTRY_VERIFY(trend->points() > before);
    QCOMPARE(lines->toPlainText(), held);
    hold->click();
    QVERIFY(lines->toPlainText().size() > held.size());
    host(u"smu"_s)->releaseLease(u"scan \"night\""_s);
}

void DiscoverDialogTest::entryIsEdited()
{
    click(find<QPushButton>(u"Edit smu"_s));
    QTRY_VERIFY(find<QLineEdit>(u"Nickname"_s));
    type(find<QLineEdit>(u"Nickname"_s), u"source"_s);
    type(find<QLineEdit>(u"Highest Bias voltage"_s), u"500 mV"_s);
    type(find<QLineEdit>(u"Safe value of Bias voltage"_s), u"0.1"_s);
    type(find<QLineEdit>(u"Calibration of smu is due"_s), u"2031-05-31"_s);
    type(find<QLineEdit>(u"Factor of current"_s), u"1.01"_s);
    click(find<QPushButton>(u"Save"_s));
    QTRY_VERIFY(host(u"source"_s));
    const InstrumentSpec &spec = host(u"source"_s)->spec();
    const MovementSpec &bias = spec.movements[0];
    QCOMPARE(bias.limits.high, 0.5);
    QCOMPARE(bias.safeValue, std::optional(0.1));
    QVERIFY(bias.limits.low < 0); // the definition's own
    QCOMPARE(spec.calibrations.size(), 2);
    QVERIFY(!host(u"smu"_s));
    QTRY_VERIFY(!find<QLineEdit>(u"Nickname"_s));
    QVERIFY(benchText().startsWith(u"# written by hand\n"_s));
    // Emptied again, all of it is left to the definition.
    const auto defined = m_station->bench().file().entries[0].definition->spec.movements[0];
    click(find<QPushButton>(u"Edit source"_s));
    QTRY_VERIFY(find<QLineEdit>(u"Highest Bias voltage"_s));
    QCOMPARE(find<QLineEdit>(u"Factor of current"_s)->text(), u"1.01"_s);
    for (const QString &name : {u"Lowest Bias voltage"_s, u"Highest Bias voltage"_s,
                                u"Safe value of Bias voltage"_s, u"Factor of current"_s})
        find<QLineEdit>(name)->clear();
    click(find<QPushButton>(u"Save"_s));
    QTRY_VERIFY(!find<QLineEdit>(u"Nickname"_s));
    QCOMPARE(host(u"source"_s)->spec().movements[0].limits, defined.limits);
    QCOMPARE(host(u"source"_s)->spec().movements[0].safeValue, defined.safeValue);
    QCOMPARE(host(u"source"_s)->spec().calibrations.size(), 1);
}

void DiscoverDialogTest::wrongEntryIsRefusedAndNothingWritten_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("text");
    QTest::newRow("unit") << u"Highest Bias voltage"_s << u"3 mm"_s;
    QTest::newRow("no number") << u"Safe value of Bias voltage"_s << u"off"_s;
    QTest::newRow("wider than defined") << u"Highest Bias voltage"_s << u"1e6"_s;
    QTest::newRow("safe value outside") << u"Safe value of Bias voltage"_s << u"-1e5"_s;
    QTest::newRow("date") << u"Calibration date of smu"_s << u"last May"_s;
    QTest::newRow("address") << u"Address"_s << u"over there"_s;
    QTest::newRow("nickname") << u"Nickname"_s << u"my smu"_s;
}

void DiscoverDialogTest::wrongEntryIsRefusedAndNothingWritten()
{
    QFETCH(QString, field);
    QFETCH(QString, text);
    const QString before = benchText();
    InstrumentHost *const smu = host(u"smu"_s);
    click(find<QPushButton>(u"Edit smu"_s));
    QTRY_VERIFY(find<QLineEdit>(field));
    const QString told = find<QLabel>(u"What came of the change"_s)->text();
    type(find<QLineEdit>(field), text);
    click(find<QPushButton>(u"Save"_s));
    QTRY_VERIFY(find<QLabel>(u"What came of the change"_s)->text() != told);
    QCOMPARE(benchText(), before);
    QCOMPARE(host(u"smu"_s), smu);
    click(find<QPushButton>(u"Cancel"_s));
    QTRY_VERIFY(!find<QLineEdit>(u"Nickname"_s));
}

void DiscoverDialogTest::instrumentIsRemovedAfterAQuestion()
{
    click(find<QPushButton>(u"Edit smu"_s));
    QTRY_VERIFY(find<QPushButton>(u"Remove from bench…"_s));
    click(find<QPushButton>(u"Remove from bench…"_s));
    const auto question = [this] { return find<QMessageBox>(u"remove-question"_s); };
    QTRY_VERIFY(question());
    QVERIFY(host(u"smu"_s));
    click(question()->button(QMessageBox::Cancel));
    QTRY_VERIFY(!question());
    QVERIFY(host(u"smu"_s));
    click(find<QPushButton>(u"Remove from bench…"_s));
    QTRY_VERIFY(question());
    for (QAbstractButton *button : question()->buttons()) {
        if (button->text() == u"Remove"_s)
            click(button);
    }
    QTRY_VERIFY(!host(u"smu"_s));
    QVERIFY(!benchText().contains(u"smu"_s));
    QTRY_VERIFY(find<QPushButton>(u"Discover"_s)); // an empty bench says what to do
}

QTEST_MAIN(DiscoverDialogTest)
#include "tst_discover_dialog.moc"
