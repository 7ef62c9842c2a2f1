#include "drivers/discovery/found_list.h"

#include "drivers/definition/definition_loader.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;

class FoundListTest : public QObject
{
    Q_OBJECT
private slots:
    void identities_data();
    void identities();
    void oneInstrumentOnTwoPaths();
    void staysTwo_data();
    void staysTwo();
    void announcedOnly();
    void definitions_data();
    void definitions();
};

namespace {
const QString kSocket = u"TCPIP0::192.0.2.7::5025::SOCKET"_s;
const QString kHislip = u"TCPIP0::192.0.2.7::hislip0::INSTR"_s;

QList<DefinitionPtr> shipped()
{
    Problems problems;
    return loadDefinitions({qEnvironmentVariable("BIRCH_SOURCE_DIR") + u"/resources/instruments"_s},
                           &problems);
}
} // namespace

void FoundListTest::identities_data()
{
    QTest::addColumn<QString>("answer");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("key");
    const auto row = [](const char *answer, const char *model, const char *key) {
        QTest::newRow(answer) << QString::fromLatin1(answer) << QString::fromLatin1(model)
                              << QString::fromLatin1(key);
    };
    row("KEITHLEY INSTRUMENTS INC.,MODEL 2400,4019234,C30", "MODEL 2400", "2400/4019234");
    row("Keysight Technologies, 34461A, MY53201234 ,A.02.14", "34461A", "34461a/my53201234");
    row("IDN:OXFORD INSTRUMENTS:MERCURY ITC:152570116:2.2.6.9", "MERCURY ITC",
        "mercuryitc/152570116");
    row("HEWLETT-PACKARD,E3631A,0,2.1-5.0-1.0", "E3631A", "");
    row("ACME,X,000-000,1", "X", "");
    row("ACME,X,N/A,1", "X", "");
    row("ACME,X,,1", "X", "");
    row("ACME,X", "X", "");
    row("ACME", "", "");
    row("", "", "");
}

void FoundListTest::identities()
{
    QFETCH(QString, answer);
    const Identity identity = identityFrom(answer);
    QTEST(identity.model, "model");
    QTEST(identity.key(), "key");
}

void FoundListTest::oneInstrumentOnTwoPaths()
{
    FoundList list({});
    QVERIFY(list.add(kSocket, u"range"_s));
    QVERIFY(list.add(kHislip, u"mdns"_s, u"Meter in the corner"_s));
    QVERIFY(!list.add(kHislip, u"range"_s));
    auto changes = list.takeChanges();
    QCOMPARE(changes.found.size(), 2);
    QVERIFY(list.takeChanges().found.isEmpty());
    list.setIdentity(kSocket, u"ACME,M1,7001,1.0"_s);
    list.setProblem(kHislip, u"busy"_s);
    changes = list.takeChanges();
    QCOMPARE(changes.found.size(), 2);
    list.setIdentity(kHislip, u"ACME,M1,7001,1.0"_s);
    changes = list.takeChanges();
    QCOMPARE(changes.gone, QList<int>{1});
    QCOMPARE(changes.found.size(), 1);
    const FoundInstrument &found = changes.found[0];
    QCOMPARE(found.id, 0);
    QCOMPARE(found.addresses, (QStringList{kHislip, kSocket})); // the better protocol first
    QCOMPARE(found.ways, (QStringList{u"mdns"_s, u"range"_s}));
    QCOMPARE(found.name, u"Meter in the corner"_s);
    QCOMPARE(found.serialNumber, u"7001"_s);
    QCOMPARE(found.problem, QString());
}

void FoundListTest::staysTwo_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::newRow("other serial number") << u"ACME,M1,7001,1"_s << u"ACME,M1,7002,1"_s;
    QTest::newRow("other model") << u"ACME,M1,7001,1"_s << u"ACME,M2,7001,1"_s;
    QTest::newRow("no serial number") << u"ACME,M1,0,1"_s << u"ACME,M1,0,1"_s;
    QTest::newRow("one is silent") << u"ACME,M1,7001,1"_s << QString();
}

void FoundListTest::staysTwo()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    FoundList list({});
    list.add(kSocket, u"range"_s);
    list.add(kHislip, u"range"_s);
    list.setIdentity(kSocket, first);
    list.setIdentity(kHislip, second);
    QCOMPARE(list.takeChanges().found.size(), 2);
}

void FoundListTest::announcedOnly()
{
    FoundList list({});
    list.setAnnounced(u"192.0.2.7"_s, {u"ACME"_s, u"M1"_s, u"7001"_s, {}});
    list.add(kSocket, u"mdns"_s);
    list.add(u"TCPIP0::192.0.2.8::5025::SOCKET"_s, u"mdns"_s);
    auto changes = list.takeChanges();
    QCOMPARE(changes.found.size(), 2);
    QCOMPARE(changes.found[0].model, u"M1"_s);
    QCOMPARE(changes.found[1].model, QString());
    list.setIdentity(kSocket, u"ACME,M1-B,7009,1"_s); // what it says itself counts more
    QCOMPARE(list.takeChanges().found.value(0).model, u"M1-B"_s);
}

void FoundListTest::definitions_data()
{
    QTest::addColumn<QString>("identity");
    QTest::addColumn<QString>("definition");
    QTest::newRow("Keithley") << u"KEITHLEY INSTRUMENTS INC.,MODEL 2400,4019234,C30"_s
                              << u"keithley-2400"_s;
    QTest::newRow("Lake Shore") << u"LSCI,MODEL336,123/456,1.0"_s << u"lakeshore-336"_s;
    QTest::newRow("of nobody") << u"ACME,M1,1,1"_s << QString(); // not the generic ones
    QTest::newRow("silent") << QString() << QString();
}

void FoundListTest::definitions()
{
    QFETCH(QString, identity);
    const auto definitions = shipped();
    QVERIFY(definitions.size() >= 40);
    FoundList list(definitions);
    list.add(kSocket, u"mdns"_s);
    list.setIdentity(kSocket, identity);
    QTEST(list.takeChanges().found.value(0).definition, "definition");
}

QTEST_GUILESS_MAIN(FoundListTest)
#include "tst_found_list.moc"
