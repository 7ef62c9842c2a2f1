#include "core/store/instruments/instrument_history.h"
#include "core/store/instruments/instrument_registry.h"
#include "core/store/lab/record_rules.h"
#include "tests/core/store/lab_fixture.h"

#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;

/// Which rows come of instruments that stations connect, move and replace.
class InstrumentRecordsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase_data() { test::StoreFixture::addEngines(); }
    void init()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        m_lab.open(m_fixture, isPostgres);
    }
    void cleanup() { m_lab.close(); }

    void sameInstrumentElsewhere()
    {
        const qint64 row = enter(meter());
        QVERIFY(row > 0);
        QCOMPARE(enter(meter()), row);
        InstrumentAtStation moved = meter();
        moved.address = u"ASRL/dev/ttyUSB0::INSTR"_s;
        moved.nickname = u"dmm"_s;
        moved.manufacturer = u"keithley"_s; // another firmware writes it otherwise
        QCOMPARE(enter(moved, 17), row);
        EntityRecord binding = bindings().first();
        QCOMPARE(bindings().size(), 1);
        QCOMPARE(binding.text(u"address"_s), moved.address);
        QCOMPARE(binding.text(u"adapter_type"_s), u"serial"_s);
        QCOMPARE(binding.text(u"nickname"_s), u"dmm"_s);
        QCOMPARE(binding.text(u"definition"_s), u"keithley-2000"_s);
        QCOMPARE(binding.values[u"last_connected_at"_s].toLongLong(), 17);
        moved.station = u"LAB2"_s;
        QCOMPARE(enter(moved), row);
        QCOMPARE(bindings().size(), 2);
        QCOMPARE(instruments().size(), 1);
        QCOMPARE(instruments().first().text(u"serial_number"_s), u"123"_s);
    }

    void replacedInstrument()
    {
        const qint64 first = enter(meter());
        InstrumentAtStation other = meter();
        other.serialNumber = u"124"_s;
        const qint64 second = enter(other);
        QVERIFY(second != first);
        QMap<QString, bool> usual; // instrument -> whether it is what is called so now
        for (const EntityRecord &binding : bindings())
            usual.insert(binding.text(u"instrument"_s), binding.values[u"is_primary"_s].toBool());
        QCOMPARE(usual, (QMap<QString, bool>{{u"2000 123"_s, false}, {u"2000 124"_s, true}}));
        QCOMPARE(enter(meter()), first); // it comes back
        QCOMPARE(instruments().size(), 2);
    }

    /// What never answered is known by its name at the station, until it does.
    void withoutSerialNumber()
    {
        InstrumentAtStation silent = meter();
        silent.serialNumber.clear();
        const qint64 row = enter(silent);
        QCOMPARE(enter(silent), row);
        QCOMPARE(instruments().first().text(u"name"_s), u"2000 meter"_s);
        QCOMPARE(enter(meter()), row); // it was this one
        QCOMPARE(instruments().first().text(u"name"_s), u"2000 123"_s);
        QCOMPARE(enter(silent), row); // off again
        InstrumentAtStation other = meter();
        other.serialNumber = u"124"_s;
        QVERIFY(enter(other) != row);
        InstrumentAtStation elsewhere = silent;
        elsewhere.station = u"LAB2"_s;
        QVERIFY(enter(elsewhere) != row);
    }

    void twoStationsAtOnce()
    {
        std::vector<std::thread> threads;
        std::vector<qint64> rows(4);
        for (size_t i = 0; i < rows.size(); ++i) {
            threads.emplace_back([this, i, &row = rows[i]] {
                const auto connection = m_lab.database().connect().value();
                InstrumentAtStation here = meter();
                here.station = u"LAB%1"_s.arg(i);
                const auto entered =
                    InstrumentRegistry(*connection, m_lab.session()).enter(here, 0);
                row = entered ? entered.value() : -1;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        for (const qint64 row : rows)
            QCOMPARE(row, rows.front());
        QVERIFY(rows.front() > 0);
        QCOMPARE(instruments().size(), 1);
    }

    void settingsItWasLeftWith()
    {
        InstrumentRegistry registry(m_lab.connection(), m_lab.session());
        const QJsonObject settings{{u"settings"_s, QJsonObject{{u"nplc"_s, 0.1}}}};
        BIRCH_VERIFY(registry.keepSettings(meter(), settings, 1234));
        BIRCH_VERIFY(registry.keepSettings(meter(), settings, 1235));
        const EntityRecord binding = bindings().first();
        QCOMPARE(binding.values[u"last_settings"_s].toJsonValue().toObject(), settings);
        QCOMPARE(binding.values[u"last_settings_at"_s].toLongLong(), 1235);
    }

    void history()
    {
        const qint64 row = enter(meter());
        InstrumentHistoryEntry entry{10, u"ready"_s, u"none"_s, 0, {}, u"LAB"_s, u"meter"_s};
        BIRCH_VERIFY(addInstrumentHistory(m_lab.connection(), m_lab.session(), row, entry));
        InstrumentHistoryEntry fault{20,        u"fault"_s, u"wrong_identity"_s, 3,
                                     u"Who?"_s, u"LAB"_s,   u"meter"_s};
        BIRCH_VERIFY(addInstrumentHistory(m_lab.connection(), m_lab.session(), row, fault));
        const auto read = [this](const QString &nickname, qint64 since, int limit) {
            return instrumentHistory(m_lab.connection(), m_lab.session(), u"LAB"_s, nickname, since,
                                     limit)
                .value();
        };
        entry.serialNumber = fault.serialNumber = u"123"_s;
        QCOMPARE(read(u"meter"_s, 0, 10), (QList{fault, entry}));
        QCOMPARE(read(u"meter"_s, 11, 10), QList{fault});
        QCOMPARE(read(u"meter"_s, 0, 1), QList{fault});
        QVERIFY(read(u"dmm"_s, 0, 10).isEmpty());
        const auto words = m_lab.repository(u"instrument_status"_s).list(m_lab.session(), {});
        QCOMPARE(words.value().total, 2);
        QStringList states;
        for (const EntityRecord &one : words.value().records)
            states << one.text(u"status"_s);
        states.sort();
        QCOMPARE(states, (QStringList{u"connected"_s, u"error"_s}));
        fault.event = u"asleep"_s;
        QVERIFY(!addInstrumentHistory(m_lab.connection(), m_lab.session(), row, fault));
    }

private:
    static InstrumentAtStation meter()
    {
        return {u"KEITHLEY"_s,     u"2000"_s,  u"123"_s,
                u"LAB"_s,          u"meter"_s, u"TCPIP0::192.0.2.7::5025::SOCKET"_s,
                u"keithley-2000"_s};
    }
    qint64 enter(const InstrumentAtStation &instrument, qint64 connectedUs = 0)
    {
        const auto row =
            InstrumentRegistry(m_lab.connection(), m_lab.session()).enter(instrument, connectedUs);
        if (!row)
            qWarning().noquote() << row.error().message;
        return row ? row.value() : -1;
    }
    QList<EntityRecord> instruments()
    {
        return m_lab.repository(u"instruments"_s).list(m_lab.session(), {}).value().records;
    }
    QList<EntityRecord> bindings()
    {
        return m_lab.repository(u"instrument_bindings"_s).list(m_lab.session(), {}).value().records;
    }

    test::StoreFixture m_fixture;
    test::LabFixture m_lab;
};

QTEST_GUILESS_MAIN(InstrumentRecordsTest)
#include "tst_instrument_records.moc"
