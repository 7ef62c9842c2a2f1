#include "drivers/discovery/mdns_catalog.h"

#include "tests/support/dns_bytes.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::test;

class MdnsCatalogTest : public QObject
{
    Q_OBJECT
private slots:
    void completeAnswer();
    void recordsOneByOne();
    void textsOfLxi();
    void choosesAddress_data();
    void choosesAddress();
    void ignored_data();
    void ignored();
    void staysBounded();
};

namespace {
const QHostAddress kSender(u"192.0.2.7"_s);
const std::string kAddress("\xc0\x00\x02\x07", 4);
const std::string kOtherAddress("\x0a\x00\x00\x09", 4);

dns::Message parsed(const std::string &datagram)
{
    const auto message = dns::parse(QByteArray::fromStdString(datagram));
    return message ? *message : dns::Message();
}

dns::Message one(const std::string &record)
{
    return parsed(dnsHeader(0x8400, 0, 1) + record);
}

const std::string kInstance = dnsLabels({"SMU", "_scpi-raw", "_tcp", "local"});
const std::string kPointerRecord =
    dnsRecord(dnsLabels({"_scpi-raw", "_tcp", "local"}), 12, kInstance, 120, 1);
const std::string kServiceRecord =
    dnsRecord(kInstance, 33, dnsService(5025, dnsLabels({"smu", "local"})));
} // namespace

void MdnsCatalogTest::completeAnswer()
{
    MdnsCatalog catalog;
    const dns::Message answer = parsed(hislipAnswer("Scope", 4881, kAddress));
    const auto services = catalog.add(answer, kSender);
    QCOMPARE(services.size(), 1);
    QVERIFY(services[0].kind == ServiceKind::Hislip);
    QCOMPARE(services[0].instance, u"Scope"_s);
    QCOMPARE(services[0].hostName, u"scope.local"_s);
    QCOMPARE(services[0].address, u"192.0.2.7"_s);
    QCOMPARE(services[0].port, quint16(4881));
    QVERIFY(catalog.missing().isEmpty());
    QVERIFY(catalog.add(answer, kSender).isEmpty()); // said again, but nothing new
}

void MdnsCatalogTest::recordsOneByOne()
{
    MdnsCatalog catalog;
    QVERIFY(catalog.add(one(kPointerRecord), kSender).isEmpty());
    QCOMPARE(catalog.missing().value(0),
             (dns::Question{{"SMU", "_scpi-raw", "_tcp", "local"}, 33}));
    QVERIFY(catalog.add(one(kServiceRecord), kSender).isEmpty());
    QCOMPARE(catalog.missing().value(0), (dns::Question{dns::nameFrom("smu.local"), 1}));
    // In capitals: it is the same host.
    const auto services =
        catalog.add(one(dnsRecord(dnsLabels({"SMU", "LOCAL"}), 1, kAddress)), kSender);
    QCOMPARE(services.size(), 1);
    QCOMPARE(services[0].port, quint16(5025));
    QVERIFY(catalog.missing().isEmpty());
}

void MdnsCatalogTest::textsOfLxi()
{
    const std::string name = dnsLabels({"K", "_lxi", "_tcp", "local"});
    const std::string host = dnsLabels({"k", "local"});
    MdnsCatalog catalog;
    (void)catalog.add(one(dnsRecord(name, 33, dnsService(80, host))), kSender);
    auto services = catalog.add(one(dnsRecord(host, 1, kAddress)), kSender);
    QCOMPARE(services.size(), 1);
    QCOMPARE(catalog.missing().value(0).type, quint16(16)); // who it is stands in its texts
    const std::string texts =
        std::string("\x09txtvers=1") + "\x0fModel=MODEL 245" + "\x0cSerialNumber" + "\x02=x";
    services = catalog.add(one(dnsRecord(name, 16, texts)), kSender);
    QCOMPARE(services.size(), 1);
    QCOMPARE(services[0].texts,
             (QMap<QString, QString>{{u"Model"_s, u"MODEL 245"_s}, {u"txtvers"_s, u"1"_s}}));
}

void MdnsCatalogTest::choosesAddress_data()
{
    QTest::addColumn<QByteArrayList>("records");
    QTest::addColumn<QString>("chosen");
    const std::string host = dnsLabels({"smu", "local"});
    const auto record = [&](unsigned type, const std::string &data) {
        return QByteArray::fromStdString(dnsRecord(host, type, data));
    };
    const std::string ula("\xfd" + std::string(14, '\0') + "\x01");
    const std::string linkLocal("\xfe\x80" + std::string(13, '\0') + "\x01");
    QTest::newRow("the one that answered")
        << QByteArrayList{record(1, kOtherAddress), record(1, kAddress)} << u"192.0.2.7"_s;
    QTest::newRow("another network's") << QByteArrayList{record(1, kOtherAddress)} << u"10.0.0.9"_s;
    QTest::newRow("IPv4 before IPv6")
        << QByteArrayList{record(28, ula), record(1, kOtherAddress)} << u"10.0.0.9"_s;
    QTest::newRow("IPv6 alone") << QByteArrayList{record(28, ula)} << u"fd00::1"_s;
    QTest::newRow("of no use elsewhere") << QByteArrayList{record(28, linkLocal)} << QString();
}

void MdnsCatalogTest::choosesAddress()
{
    QFETCH(QByteArrayList, records);
    QFETCH(QString, chosen);
    MdnsCatalog catalog;
    std::string all = kServiceRecord;
    for (const QByteArray &record : records)
        all += record.toStdString();
    const auto services =
        catalog.add(parsed(dnsHeader(0x8400, 0, 1, unsigned(records.size())) + all), kSender);
    QCOMPARE(services.value(0).address, chosen);
}

void MdnsCatalogTest::ignored_data()
{
    QTest::addColumn<QByteArray>("datagram");
    const auto row = [](const char *name, const std::string &datagram) {
        QTest::newRow(name) << QByteArray::fromStdString(datagram);
    };
    const std::string address = dnsRecord(dnsLabels({"smu", "local"}), 1, kAddress);
    row("a question", dnsHeader(0, 0, 2) + kServiceRecord + address);
    row("another service", dnsHeader(0x8400, 0, 2) +
                               dnsRecord(dnsLabels({"P", "_ipp", "_tcp", "local"}), 33,
                                         dnsService(631, dnsLabels({"smu", "local"}))) +
                               address);
    row("no port", dnsHeader(0x8400, 0, 2) +
                       dnsRecord(kInstance, 33, dnsService(0, dnsLabels({"smu", "local"}))) +
                       address);
    row("goodbye", dnsHeader(0x8400, 0, 2) +
                       dnsRecord(kInstance, 33, dnsService(5025, dnsLabels({"smu", "local"})), 0) +
                       address);
}

void MdnsCatalogTest::ignored()
{
    QFETCH(QByteArray, datagram);
    MdnsCatalog catalog;
    QVERIFY(catalog.add(parsed(datagram.toStdString()), kSender).isEmpty());
}

void MdnsCatalogTest::staysBounded()
{
    MdnsCatalog catalog;
    qsizetype services = 0;
    for (int i = 0; i < 3000; ++i)
        services +=
            catalog
                .add(parsed(hislipAnswer("made up " + std::to_string(i), 4880, kAddress)), kSender)
                .size();
    QCOMPARE(services, 1024);
    for (int i = 0; i < 3000; ++i) // hosts that were never heard of
        (void)catalog.add(
            one(dnsRecord(dnsLabels({"h" + std::to_string(i), "local"}), 1, kAddress)), kSender);
    QVERIFY(catalog.missing().size() <= 32);
}

QTEST_GUILESS_MAIN(MdnsCatalogTest)
#include "tst_mdns_catalog.moc"
