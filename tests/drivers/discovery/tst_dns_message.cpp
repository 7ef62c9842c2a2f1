#include "drivers/discovery/dns_message.h"

#include "tests/support/dns_bytes.h"

#include <QTest>

using namespace birch;
using namespace birch::test;

class DnsMessageTest : public QObject
{
    Q_OBJECT
private slots:
    void answer();
    void query();
    void refused_data();
    void refused();
    void everyPrefixIsHarmless();
    void unusualButUnderstood_data();
    void unusualButUnderstood();
};

namespace {
const std::string kAddress("\xc0\x00\x02\x07", 4); // 192.0.2.7

QByteArray bytes(const std::string &text)
{
    return QByteArray::fromStdString(text);
}
} // namespace

void DnsMessageTest::answer()
{
    const auto message = dns::parse(bytes(hislipAnswer("Scope 1.5 GHz", 4880, kAddress)));
    QVERIFY(message);
    QVERIFY(message->isResponse);
    QVERIFY(!message->isTruncated);
    QCOMPARE(message->records.size(), 4);
    const dns::Record &pointer = message->records[0];
    QCOMPARE(pointer.type, quint16(dns::Type::Pointer));
    QCOMPARE(pointer.name, dns::nameFrom("_hislip._tcp.local"));
    QCOMPARE(pointer.target, (dns::Name{"Scope 1.5 GHz", "_hislip", "_tcp", "local"}));
    const dns::Record &service = message->records[1];
    QCOMPARE(service.name, pointer.target);
    QCOMPARE(service.port, quint16(4880));
    QCOMPARE(dns::hostText(service.target), QStringLiteral("scope.local"));
    QCOMPARE(message->records[2].texts, QByteArrayList{"txtvers=1"});
    QCOMPARE(message->records[3].address, QHostAddress(QStringLiteral("192.0.2.7")));
    QCOMPARE(message->records[3].secondsToLive, 120u);
}

void DnsMessageTest::query()
{
    const QByteArray asked =
        dns::queryFor(7, {{dns::nameFrom("_lxi._tcp.local"), 12},
                          {{QByteArray(64, 'x')}, 12}, // no label is so long: left out
                          {{}, 1}});
    QCOMPARE(asked.toStdString(), dnsHeader(0, 2, 0, 0, 7) + dnsLabels({"_lxi", "_tcp", "local"}) +
                                      dnsHalf(12) + dnsHalf(1) + std::string(1, '\0') + dnsHalf(1) +
                                      dnsHalf(1));
}

void DnsMessageTest::refused_data()
{
    QTest::addColumn<QByteArray>("datagram");
    const std::string header = dnsHeader(0x8400, 0, 1);
    const auto row = [](const char *name, const std::string &text) {
        QTest::newRow(name) << bytes(text);
    };
    row("nothing", "");
    row("half a header", header.substr(0, 7));
    row("announces an answer that is not there", header);
    row("name points to itself", header + dnsRecord(dnsHalf(0xc000 | 12), 1, kAddress));
    row("name points forward", header + dnsRecord(dnsHalf(0xc000 | 40), 1, kAddress));
    row("two names that point to each other", dnsHeader(0x8400, 0, 2) +
                                                  dnsRecord(dnsHalf(0xc000 | 28), 1, kAddress) +
                                                  dnsRecord(dnsHalf(0xc000 | 12), 1, kAddress));
    row("label of a kind that is not used", header + dnsRecord("\x80x", 1, kAddress));
    row("longer than its datagram", header + dnsRecord(dnsLabels({"a"}), 16,
                                                       "\x03"
                                                       "abc")
                                                 .substr(0, 14));
    std::vector<std::string> many(130, "x");
    row("name of 261 bytes", header + dnsRecord(dnsLabels(many), 1, kAddress));
    row("target runs over the end of its record",
        dnsHeader(0x8400, 0, 2) +
            dnsRecord(dnsLabels({"a"}), 12,
                      std::string("\x05"
                                  "ab")) +
            dnsRecord(dnsLabels({"bcdefgh"}), 1, kAddress));
    row("9001 bytes", header + std::string(9001, '\0'));
    row("sixty thousand questions", dnsHeader(0, 0xffff, 0) + dnsLabels({"a"}));
}

void DnsMessageTest::refused()
{
    QFETCH(QByteArray, datagram);
    QVERIFY(!dns::parse(datagram));
}

void DnsMessageTest::everyPrefixIsHarmless()
{
    const QByteArray whole = bytes(hislipAnswer("Scope", 4880, kAddress));
    for (qsizetype size = 0; size < whole.size(); ++size)
        QVERIFY2(!dns::parse(whole.first(size)), QByteArray::number(size));
    for (qsizetype i = 12; i < whole.size(); ++i) { // any byte may be damaged
        QByteArray damaged = whole;
        damaged[i] = char(damaged[i] ^ 0xff);
        (void)dns::parse(damaged);
    }
}

void DnsMessageTest::unusualButUnderstood_data()
{
    QTest::addColumn<QByteArray>("datagram");
    QTest::addColumn<int>("records");
    const std::string name = dnsLabels({"a"});
    const auto row = [](const char *title, const std::string &text, int records) {
        QTest::newRow(title) << bytes(text) << records;
    };
    row("unknown type", dnsHeader(0x8400, 0, 1) + dnsRecord(name, 47, "whatever"), 1);
    row("other class", dnsHeader(0x8400, 0, 1) + dnsRecord(name, 12, "x", 1, 3), 1);
    row("address of five bytes", dnsHeader(0x8400, 0, 1) + dnsRecord(name, 1, "12345"), 1);
    row("text cut off in itself",
        dnsHeader(0x8400, 0, 1) + dnsRecord(name, 16,
                                            "\x09"
                                            "ab"),
        1);
    row("empty text", dnsHeader(0x8400, 0, 1) + dnsRecord(name, 16, ""), 1);
    row("marked as truncated", dnsHeader(0x8600, 0, 1) + dnsRecord(name, 1, kAddress), 1);
    row("bytes behind the message", dnsHeader(0x8400, 0, 0) + "more", 0);
}

void DnsMessageTest::unusualButUnderstood()
{
    QFETCH(QByteArray, datagram);
    QFETCH(int, records);
    const auto message = dns::parse(datagram);
    QVERIFY(message);
    QCOMPARE(message->records.size(), records);
    for (const dns::Record &record : message->records) // nothing is made up of what does not fit
        QVERIFY(record.type != 1 || record.address.isNull() ||
                datagram.contains("\xc0\x00\x02\x07"));
}

QTEST_GUILESS_MAIN(DnsMessageTest)
#include "tst_dns_message.moc"
