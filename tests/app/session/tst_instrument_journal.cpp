#include "app/session/instrument_journal.h"
#include "app/session/stored_settings.h"
#include "app/session/workstation.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/write_transaction.h"
#include "tests/app/session/small_instrument.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// What the database knows of instruments that are switched off, swapped, and come back.
class InstrumentJournalTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_station = std::make_unique<test::SmallStation>();
        follow(20ms);
    }
    void cleanup()
    {
        m_journal.reset();
        m_station.reset();
    }

    /// Nobody asks anything of it: that it is gone, and back, is noticed all the same.
    void switchedOffAndOn()
    {
        open();
        m_station->instrument.switchOff();
        QTRY_COMPARE(host().connectionState(), ConnectionState::Lost);
        m_station->instrument.switchOn();
        QTRY_COMPARE(host().connectionState(), ConnectionState::Open);
        m_journal.reset();
        const QList<InstrumentHistoryEntry> all = history();
        QStringList steps;
        for (const InstrumentHistoryEntry &entry : all) {
            if (entry.event != u"reconnecting" && entry.fault != u"refused")
                steps << entry.event + u' ' + entry.fault;
            QCOMPARE(entry.station, u"TEST"_s);
            QCOMPARE(entry.serialNumber, u"4711"_s); // also what came before it answered
        }
        QCOMPARE(steps.first(3),
                 (QStringList{u"connecting none"_s, u"ready none"_s, u"fault closed"_s}));
        QCOMPARE(all.last().event, u"offline"_s);
        QVERIFY(all.last().reason.contains(u"program"_s));
        QCOMPARE(all[all.size() - 2].event, u"back"_s);
        QVERIFY(all[all.size() - 2].attempt > 0);
        QVERIFY(all[all.size() - 2].atUs > all[2].atUs);
        QVERIFY(all.size() < 20); // changes only
    }

    void changesOnly()
    {
        open();
        m_station->instrument.sent.clear();
        QTRY_VERIFY(m_station->instrument.sent.size() > 10);
        QCOMPARE(m_station->instrument.sent.count("*IDN?"), m_station->instrument.sent.size());
        m_journal.reset();
        QCOMPARE(history().size(), 3); // connecting, ready, offline
    }

    void notWhileSomebodyHoldsIt()
    {
        open();
        QTRY_VERIFY(m_station->instrument.sent.count("*IDN?") > 3);
        QVERIFY(host().acquireLease(u"scan"_s));
        const auto isAnswered = [this] {
            bool isDone = false;
            host().poll(1s, this, [&](const auto &) { isDone = true; });
            return QTest::qWaitFor([&] { return isDone; });
        };
        QVERIFY(isAnswered()); // after one that was asked already
        const qsizetype before = m_station->instrument.sent.size();
        for (int i = 0; i < 5; ++i)
            QVERIFY(isAnswered());
        QCOMPARE(m_station->instrument.sent.size(), before);
        host().releaseLease(u"scan"_s);
        QTRY_VERIFY(m_station->instrument.sent.size() > before);
    }

    void anotherOneInItsPlace()
    {
        open();
        m_station->instrument.switchOff();
        QTRY_COMPARE(host().connectionState(), ConnectionState::Lost);
        m_station->instrument.identity = "PROBE,P1,4712,1";
        m_station->instrument.switchOn();
        QTRY_VERIFY(m_told.contains(u"fault wrong_identity"_s));
        m_journal.reset();
        QVERIFY(history().size() >= 4);
        const auto instruments = records(u"instruments"_s);
        QCOMPARE(instruments.size(), 1); // it was not taken for it
        // Connected on purpose it is a row of its own.
        m_station->openBench();
        follow(0ms);
        open();
        m_journal.reset();
        QCOMPARE(records(u"instruments"_s).size(), 2);
        QCOMPARE(records(u"instrument_bindings"_s).size(), 2);
    }

    void registersWhoAnswers()
    {
        QSignalSpy written(m_journal.get(), &InstrumentJournal::written);
        open();
        QTRY_VERIFY(!written.isEmpty() && records(u"instrument_bindings"_s).size() == 1);
        const EntityRecord instrument = records(u"instruments"_s).first();
        QCOMPARE(instrument.text(u"manufacturer"_s), u"PROBE"_s);
        QCOMPARE(instrument.text(u"model"_s), u"P1"_s);
        QTRY_COMPARE(records(u"instruments"_s).first().text(u"serial_number"_s), u"4711"_s);
        const EntityRecord binding = records(u"instrument_bindings"_s).first();
        QCOMPARE(binding.text(u"nickname"_s), u"probe"_s);
        QCOMPARE(binding.text(u"station"_s), u"TEST"_s);
        QCOMPARE(binding.text(u"definition"_s), u"probe"_s);
        QVERIFY(binding.text(u"address"_s).startsWith(u"TCPIP0::127.0.0.1::"_s));
    }

    void settingsAtDisconnect()
    {
        open();
        m_station->instrument.values["NPLC"] = "0.25";
        m_journal->disconnectInstrument(host());
        QTRY_COMPARE(host().connectionState(), ConnectionState::Closed);
        const InstrumentAtStation who = m_journal->instrument(u"probe"_s);
        QCOMPARE(who.serialNumber, u"4711"_s);
        m_journal.reset();
        auto last = lastSettings(m_station->data->connection(), m_station->data->session(), who);
        QVERIFY2(last, last ? "" : qPrintable(last.error().message));
        QCOMPARE(last.value().settings.values,
                 (QJsonObject{{u"nplc"_s, 0.25}, {u"mode"_s, u"fast"_s}})); // not what is read-only
        InstrumentAtStation other = who;
        other.serialNumber = u"4712"_s;
        QVERIFY(!lastSettings(m_station->data->connection(), m_station->data->session(), other));
    }

    void leavesTheBench()
    {
        open();
        QVERIFY(m_station->bench->bench().retire({u"probe"_s}));
        m_journal.reset();
        const QList<InstrumentHistoryEntry> all = history();
        QCOMPARE(all.size(), 3); // once
        QCOMPARE(all.last().event, u"offline"_s);
        QVERIFY2(all.last().reason.contains(u"left the bench"_s), qPrintable(all.last().reason));
    }

    /// The database takes nothing for a while, and the program ends meanwhile: the next one brings
    /// it in. No instrument waits for that.
    void databaseAway()
    {
        const auto other = m_station->data->database().connect().value();
        {
            auto busy = WriteTransaction::begin(*other);
            QVERIFY(busy);
            QElapsedTimer timer;
            timer.start();
            open();
            QVERIFY(timer.elapsed() < 2000);
            m_station->instrument.switchOff();
            QTRY_COMPARE(host().connectionState(), ConnectionState::Lost);
            QSignalSpy problem(m_journal.get(), &InstrumentJournal::problemChanged);
            QVERIFY(problem.wait(15'000));
            m_journal.reset();
            QCOMPARE(history().size(), 0);
        }
        QVERIFY(QFile::exists(place().file));
        follow(0ms);
        QSignalSpy written(m_journal.get(), &InstrumentJournal::written);
        QVERIFY(written.count() > 0 || written.wait());
        m_journal.reset();
        QVERIFY(!QFile::exists(place().file));
        QStringList steps;
        for (const InstrumentHistoryEntry &entry : history())
            steps << entry.event;
        QCOMPARE(steps.first(3), (QStringList{u"connecting"_s, u"ready"_s, u"fault"_s}));
        QVERIFY(steps.contains(u"offline"_s));
    }

    void entriesAsText()
    {
        JournalEntry entry;
        entry.instrument = {u"A"_s, u"B"_s, u"1"_s, u"S"_s, u"n"_s, u"ASRL1"_s, u"d"_s};
        entry.change = {17, u"fault"_s, u"timeout"_s, 3, u"ä\n\"x"_s, u"S"_s, u"n"_s};
        JournalEntry settings = entry;
        settings.settings = {{u"settings"_s, QJsonObject{{u"x"_s, 0.1}}}};
        const QByteArray text = journalText({entry, settings});
        QCOMPARE(journalFromText("garbage\n{}\n" + text + "{\"nickname"),
                 (QList<JournalEntry>{entry, settings}));
        const QByteArray odd = QByteArray(text).replace("timeout", "sabotage");
        QCOMPARE(journalFromText(odd).first().change.fault, u"none"_s);
    }

private:
    InstrumentHost &host() { return m_station->host(); }
    JournalWriter::Place place() { return journalPlace(*m_station->data, u"TEST"_s); }
    void follow(std::chrono::milliseconds interval)
    {
        m_told.clear();
        m_journal = std::make_unique<InstrumentJournal>(*m_station->bench, place(), interval);
        connect(m_journal.get(), &InstrumentJournal::changed, this,
                [this](const QString &, const ConnectionEvent &event) {
                    m_told << connectionStepName(event.step) + u' ' +
                                  connectionFaultName(event.fault);
                });
    }
    void open()
    {
        std::optional<Status> opened;
        host().open(2s, this, [&](const Status &done) { opened = done; });
        QTRY_VERIFY(opened.has_value());
        QVERIFY2(*opened, *opened ? "" : qPrintable(opened->error().message));
    }
    /// Oldest first.
    QList<InstrumentHistoryEntry> history()
    {
        auto entries = instrumentHistory(m_station->data->connection(), m_station->data->session(),
                                         u"TEST"_s, u"probe"_s)
                           .value();
        std::reverse(entries.begin(), entries.end());
        return entries;
    }
    QList<EntityRecord> records(const QString &table)
    {
        return EntityRepository(m_station->data->connection(), *entityByTable(table))
            .list(m_station->data->session(), {})
            .value()
            .records;
    }

    std::unique_ptr<test::SmallStation> m_station;
    std::unique_ptr<InstrumentJournal> m_journal;
    QStringList m_told;
};

QTEST_GUILESS_MAIN(InstrumentJournalTest)
#include "tst_instrument_journal.moc"
