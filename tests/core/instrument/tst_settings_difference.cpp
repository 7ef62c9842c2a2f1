#include "core/instrument/settings_difference.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

ParameterSpec parameter(const QString &key, double tolerance = 0)
{
    ParameterSpec spec;
    spec.key = key;
    spec.unit = u"A"_s;
    spec.tolerance = tolerance;
    return spec;
}

InstrumentSpec smu()
{
    InstrumentSpec spec;
    spec.definitionId = u"demo-smu"_s;
    spec.definitionVersion = u"abc"_s;
    spec.parameters = {parameter(u"range"_s), parameter(u"compliance"_s, 1e-3),
                       parameter(u"heat"_s), parameter(u"serial"_s), parameter(u"hidden"_s)};
    spec.parameters[2].isVolatile = true;
    spec.parameters[3].isReadOnly = true;
    spec.parameters[4].inSnapshot = false;
    return spec;
}

SettingsSnapshot snapshot(const QJsonObject &values, const InstrumentSpec &spec = smu(),
                          const QString &identity = u"SMU,1"_s)
{
    return {{{u"smu"_s, values}}, {{u"smu"_s, instrumentFacts(spec, identity)}}};
}

QStringList texts(const QList<SettingDifference> &differences)
{
    QStringList lines;
    for (const SettingDifference &one : differences)
        lines << one.text();
    return lines;
}

} // namespace

class SettingsDifferenceTest : public QObject
{
    Q_OBJECT
private slots:
    void same_data()
    {
        QTest::addColumn<QJsonValue>("a");
        QTest::addColumn<QJsonValue>("b");
        QTest::addColumn<double>("tolerance");
        QTest::addColumn<bool>("isSame");
        QTest::newRow("equal") << QJsonValue(0.1) << QJsonValue(0.1) << 0.0 << true;
        QTest::newRow("rounded") << QJsonValue(0.1) << QJsonValue(0.1 + 1e-12) << 0.0 << true;
        QTest::newRow("other") << QJsonValue(0.1) << QJsonValue(0.10001) << 0.0 << false;
        QTest::newRow("within tolerance") << QJsonValue(0.1) << QJsonValue(0.10001) << 1e-4 << true;
        QTest::newRow("signs") << QJsonValue(0.1) << QJsonValue(-0.1) << 0.0 << false;
        QTest::newRow("zero") << QJsonValue(0) << QJsonValue(1e-30) << 0.0 << false;
        QTest::newRow("minus zero") << QJsonValue(0.0) << QJsonValue(-0.0) << 0.0 << true;
        QTest::newRow("texts") << QJsonValue(u"fast"_s) << QJsonValue(u"slow"_s) << 1.0 << false;
        QTest::newRow("kinds") << QJsonValue(1) << QJsonValue(true) << 1.0 << false;
        QTest::newRow("not read") << QJsonValue(1) << QJsonValue(QJsonValue::Undefined) << 9.0
                                  << false;
    }
    void same()
    {
        QFETCH(QJsonValue, a);
        QFETCH(QJsonValue, b);
        QFETCH(double, tolerance);
        QTEST(isSameSetting(a, b, tolerance), "isSame");
    }

    void inDeclaredOrderWithUnits()
    {
        const auto found = settingDifferences(
            snapshot({{u"compliance"_s, 0.1}, {u"range"_s, 1}, {u"heat"_s, 4}, {u"serial"_s, 7}}),
            snapshot({{u"compliance"_s, 0.02}, {u"range"_s, 2}, {u"heat"_s, 5}, {u"serial"_s, 8}}));
        QCOMPARE(texts(found), (QStringList{u"smu.range: was 1 A, is 2 A"_s,
                                            u"smu.compliance: was 0.1 A, is 0.02 A"_s,
                                            u"smu.heat: was 4 A, is 5 A (changes by itself)"_s,
                                            u"smu.serial: was 7 A, is 8 A (read-only)"_s}));
        QVERIFY(isAnyAlarm(found));
        QVERIFY(!isAnyAlarm(found.mid(2)));
        QCOMPARE(found[0].proposed(SettingsChoice::Restore).toDouble(), 1.0);
        QCOMPARE(found[0].proposed(SettingsChoice::Keep).toDouble(), 2.0);
        QCOMPARE(found[3].proposed(SettingsChoice::Restore).toDouble(), 8.0); // it can not be set
        const QJsonArray json = differencesJson(found, SettingsChoice::Restore);
        QCOMPARE(json.size(), 4);
        QCOMPARE(json[1][u"then"_s].toDouble(), 0.1);
        QCOMPARE(json[1][u"now"_s].toDouble(), 0.02);
        QCOMPARE(json[1][u"proposed"_s].toDouble(), 0.1);
    }

    void toleranceIsTheParametersOwn()
    {
        QVERIFY(settingDifferences(snapshot({{u"compliance"_s, 0.1}}),
                                   snapshot({{u"compliance"_s, 0.1009}}))
                    .isEmpty());
        QCOMPARE(settingDifferences(snapshot({{u"compliance"_s, 0.1}}),
                                    snapshot({{u"compliance"_s, 0.1011}}))
                     .size(),
                 1);
    }

    void instrumentsThatChanged()
    {
        QVERIFY(settingDifferences(snapshot({}), snapshot({})).isEmpty());
        const auto other = settingDifferences(snapshot({}), snapshot({}, smu(), u"SMU,2"_s));
        QCOMPARE(other.size(), 1);
        QVERIFY(other[0].isAlarm && !other[0].isSettable);
        QVERIFY(other[0].text().contains(u"SMU,2"_s));
        InstrumentSpec newer = smu();
        newer.definitionVersion = u"def"_s;
        newer.parameters.removeFirst();
        const auto changed = settingDifferences(snapshot({{u"range"_s, 1}}), snapshot({}, newer));
        QCOMPARE(changed.size(), 2);
        QVERIFY(!changed[0].isAlarm);
        QCOMPARE(changed[1].parameter, u"range"_s);
        QVERIFY(changed[1].isAlarm && !changed[1].isSettable);
    }

    void whatCouldNotBeRead()
    {
        const auto found =
            settingDifferences(snapshot({{u"range"_s, 1}}),
                               snapshot({{u"_errors"_s, QJsonArray{u"range: no answer"_s}}}));
        QCOMPARE(texts(found), QStringList{u"smu.range: was 1 A, is ? (no answer)"_s});
        QVERIFY(found[0].isAlarm);
        // Unknown then: there is nothing to compare with, and nothing to go back to.
        QVERIFY(settingDifferences(snapshot({{u"_errors"_s, QJsonArray{u"range: x"_s}}}),
                                   snapshot({{u"range"_s, 1}}))
                    .isEmpty());
        // A record from before there were facts.
        QVERIFY(settingDifferences({}, snapshot({{u"range"_s, 1}})).isEmpty());
    }
};

QTEST_GUILESS_MAIN(SettingsDifferenceTest)
#include "tst_settings_difference.moc"
