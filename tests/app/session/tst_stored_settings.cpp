#include "app/session/settings_apply.h"
#include "core/store/instruments/instrument_registry.h"
#include "tests/app/session/small_instrument.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Presets of a model, and how they come back to an instrument.
class StoredSettingsTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_station = std::make_unique<test::SmallStation>(); }
    void cleanup() { m_station.reset(); }

    void presetsHaveNames()
    {
        QVERIFY(save(u"fine"_s, {{u"nplc"_s, 10}}));
        QVERIFY(save(u"fast"_s, {{u"nplc"_s, 0.1}, {u"mode"_s, u"fast"_s}}));
        auto other = preset(u"fast"_s, {{u"nplc"_s, 2}});
        other.definition = u"keithley-2000"_s;
        QVERIFY(savePreset(connection(), session(), other, false));
        const auto listed = settingsPresets(connection(), session(), u"probe"_s);
        QCOMPARE(listed.value().size(), 2);
        QCOMPARE(listed.value()[0].name, u"fast"_s);
        QCOMPARE(listed.value()[0].settings.values[u"nplc"_s].toDouble(), 0.1);
        QCOMPARE(settingsPresets(connection(), session(), {}).value().size(), 3);

        const auto taken = save(u"fast"_s, {{u"nplc"_s, 1}});
        QVERIFY(!taken && taken.error().code == ErrorCode::Conflict);
        QVERIFY(savePreset(connection(), session(), preset(u"fast"_s, {{u"nplc"_s, 1}}), true));
        QCOMPARE(findPreset(connection(), session(), u"probe"_s, u"fast"_s).value().settings.values,
                 (QJsonObject{{u"nplc"_s, 1}}));

        remove(u"fast"_s);
        const auto gone = findPreset(connection(), session(), u"probe"_s, u"fast"_s);
        QVERIFY(!gone && gone.error().code == ErrorCode::NotFound);
        QVERIFY2(gone.error().message.contains(u"fine"_s), qPrintable(gone.error().message));
        QVERIFY(save(u"fast"_s, {{u"nplc"_s, 3}})); // its name is free again
        remove(u"fast"_s);

        QVERIFY(!save(u" "_s, {{u"nplc"_s, 3}}));
        QVERIFY(!save(u"empty"_s, {}));
    }

    void viewersSaveNothing()
    {
        Session viewer = session();
        viewer.role = Role::Viewer;
        const auto saved =
            savePreset(connection(), viewer, preset(u"a"_s, {{u"nplc"_s, 1}}), false);
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::Denied);
    }

    /// Shown first, then set in the definition's order, each read back.
    void applied()
    {
        SettingsApply apply(m_station->bench->bench(), u"probe"_s, u"me"_s);
        const auto found = compare(apply, {{u"mode"_s, u"slow"_s}, {u"nplc"_s, 0.5}});
        QVERIFY2(found, found ? "" : qPrintable(found.error().message));
        QCOMPARE(found.value().size(), 2);
        QCOMPARE(found.value()[0].text(), u"probe.nplc: was 0.5 s, is 1 s"_s);
        QVERIFY(found.value()[0].isSettable && found.value()[1].isSettable);
        QCOMPARE(sets(), QByteArrayList()); // nothing yet
        const Status done = set(apply);
        QVERIFY2(done, done ? "" : qPrintable(done.error().message));
        QCOMPARE(sets(), (QByteArrayList{"NPLC 0.5", "MODE 1"}));
        QCOMPARE(compare(apply, {{u"mode"_s, u"slow"_s}, {u"nplc"_s, 0.5}}).value().size(), 0);
    }

    void whatIsEqualIsLeftAlone()
    {
        SettingsApply apply(m_station->bench->bench(), u"probe"_s, u"me"_s);
        QCOMPARE(compare(apply, {{u"nplc"_s, 1}, {u"mode"_s, u"slow"_s}}).value().size(), 1);
        QVERIFY(set(apply));
        QCOMPARE(sets(), QByteArrayList{"MODE 1"});
    }

    void refused_data()
    {
        QTest::addColumn<QJsonObject>("values");
        QTest::addColumn<QString>("said");
        QTest::newRow("beyond the limits")
            << QJsonObject{{u"mode"_s, u"slow"_s}, {u"nplc"_s, 11}} << u"nplc = 11 s"_s;
        QTest::newRow("no such choice") << QJsonObject{{u"mode"_s, u"quick"_s}} << u"quick"_s;
        QTest::newRow("no number") << QJsonObject{{u"nplc"_s, u"1"_s}} << u"nplc"_s;
    }
    void refused()
    {
        QFETCH(QJsonObject, values);
        QFETCH(QString, said);
        SettingsApply apply(m_station->bench->bench(), u"probe"_s, u"me"_s);
        const auto found = compare(apply, values);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::BadInput);
        QVERIFY2(found.error().message.contains(said), qPrintable(found.error().message));
        QCOMPARE(sets(), QByteArrayList());
    }

    void whileAScanHoldsIt()
    {
        InstrumentHost &host = m_station->host();
        QVERIFY(host.acquireLease(u"scan TEST-1"_s));
        {
            SettingsApply apply(m_station->bench->bench(), u"probe"_s, u"me"_s);
            const auto found = compare(apply, {{u"nplc"_s, 2}});
            QVERIFY(!found);
            QCOMPARE(found.error().code, ErrorCode::Conflict);
            QVERIFY(found.error().message.contains(u"scan TEST-1"_s));
        }
        QCOMPARE(host.leaseOwner(), u"scan TEST-1"_s);
        host.releaseLease(u"scan TEST-1"_s);
        {
            SettingsApply apply(m_station->bench->bench(), u"probe"_s, u"me"_s);
            QVERIFY(compare(apply, {{u"nplc"_s, 2}}));
            QCOMPARE(host.leaseOwner(), u"me"_s); // what is shown is what is there
        }
        QCOMPARE(host.leaseOwner(), QString());
    }

    void whatTheModelDoesNotKnow()
    {
        SettingsApply apply(m_station->bench->bench(), u"probe"_s, u"me"_s);
        const auto found = compare(apply, {{u"gone"_s, 3}, {u"nplc"_s, 2}});
        QVERIFY(found);
        QCOMPARE(found.value().size(), 2);
        int settable = 0;
        for (const SettingDifference &one : found.value())
            settable += one.isSettable ? 1 : 0;
        QCOMPARE(settable, 1);
        QVERIFY(set(apply));
        QCOMPARE(sets(), QByteArrayList{"NPLC 2"});
    }

    void presentSettingsCanBeSetAgain()
    {
        const StoredSettings present = presentSettings(
            m_station->host().spec(), {{u"nplc"_s, 1.0},
                                       {u"serial"_s, u"x"_s},
                                       {u"_errors"_s, QStringList{u"mode: no answer"_s}}});
        QCOMPARE(present.values, (QJsonObject{{u"nplc"_s, 1.0}}));
        const StoredSettings back = StoredSettings::fromJson(present.toJson());
        QCOMPARE(back.values, present.values);
        QCOMPARE(back.facts, present.facts);
    }

private:
    Connection &connection() { return m_station->data->connection(); }
    const Session &session() { return m_station->data->session(); }
    static SettingsPreset preset(const QString &name, const QJsonObject &values)
    {
        SettingsPreset preset;
        preset.name = name;
        preset.definition = u"probe"_s;
        preset.settings.values = values;
        return preset;
    }
    Result<SettingsPreset> save(const QString &name, const QJsonObject &values)
    {
        return savePreset(connection(), session(), preset(name, values), false);
    }
    void remove(const QString &name)
    {
        const Status gone = deletePreset(connection(), session(), u"probe"_s, name);
        QVERIFY2(gone, gone ? "" : qPrintable(gone.error().message));
    }
    static SettingsApply::Differences compare(SettingsApply &apply, const QJsonObject &values)
    {
        std::optional<SettingsApply::Differences> found;
        apply.compare(StoredSettings{values, {}},
                      [&](SettingsApply::Differences answer) { found = std::move(answer); });
        if (!QTest::qWaitFor([&] { return found.has_value(); }))
            return Error{ErrorCode::Timeout, u"no answer"_s};
        return *std::move(found);
    }
    static Status set(SettingsApply &apply)
    {
        std::optional<Status> done;
        apply.apply([&](Status answer) { done = std::move(answer); });
        if (!QTest::qWaitFor([&] { return done.has_value(); }))
            return Error{ErrorCode::Timeout, u"no answer"_s};
        return *std::move(done);
    }
    /// What was set.
    QByteArrayList sets() const
    {
        QByteArrayList sets;
        for (const QByteArray &line : m_station->instrument.sent) {
            if (!line.endsWith('?'))
                sets << line;
        }
        return sets;
    }

    std::unique_ptr<test::SmallStation> m_station;
};

QTEST_GUILESS_MAIN(StoredSettingsTest)
#include "tst_stored_settings.moc"
