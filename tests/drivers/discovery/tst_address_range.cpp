#include "drivers/discovery/address_range.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;

class AddressRangeTest : public QObject
{
    Q_OBJECT
private slots:
    void hosts_data();
    void hosts();
    void refused_data();
    void refused();
};

void AddressRangeTest::hosts_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("last");
    const auto row = [](const char *text, int count, const char *first, const char *last) {
        QTest::newRow(text) << QString::fromLatin1(text) << count << QString::fromLatin1(first)
                            << QString::fromLatin1(last);
    };
    row("192.168.1.0/24", 254, "192.168.1.1", "192.168.1.254");
    row("192.168.1.77/24", 254, "192.168.1.1", "192.168.1.254");
    row("10.0.0.0/22", 1022, "10.0.0.1", "10.0.3.254");
    row("10.0.0.4/30", 2, "10.0.0.5", "10.0.0.6");
    row("10.0.0.4/31", 2, "10.0.0.4", "10.0.0.5");
    row("127.0.0.1/32", 1, "127.0.0.1", "127.0.0.1");
    row("127.0.0.1", 1, "127.0.0.1", "127.0.0.1");
    row("10.0.0.1-10.0.0.3", 3, "10.0.0.1", "10.0.0.3");
    row("10.0.0.1 - 10.0.0.3", 3, "10.0.0.1", "10.0.0.3");
    row("10.0.0.10-12", 3, "10.0.0.10", "10.0.0.12");
    row("10.0.0.250-10.0.1.5", 12, "10.0.0.250", "10.0.1.5");
    row("255.255.255.254-255.255.255.255", 2, "255.255.255.254", "255.255.255.255");
    row("10.0.0.0-10.0.3.255", 1024, "10.0.0.0", "10.0.3.255");
}

void AddressRangeTest::hosts()
{
    QFETCH(QString, text);
    const auto hosts = hostsInRange(text);
    QVERIFY2(hosts, hosts ? "" : qPrintable(hosts.error().message));
    QTEST(int(hosts.value().size()), "count");
    QTEST(hosts.value().first().toString(), "first");
    QTEST(hosts.value().last().toString(), "last");
}

void AddressRangeTest::refused_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *text, const char *said) {
        QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(said);
    };
    row("", "no range");
    row("lab", "no range");
    row("192.168.1.0/33", "no range");
    row("192.168.1.0/-1", "no range");
    row("192.168.1/24", "no range");
    row("192.168.1.256/24", "no range");
    row("fe80::1/64", "no range");
    row("192.168.1.1-x", "no range");
    row("10.0.0.9-10.0.0.1", "before it begins");
    row("10.0.0.9-1", "before it begins");
    row("10.0.0.0/21", "1024");
    row("0.0.0.0/0", "1024");
    row("10.0.0.0-10.0.4.0", "1024");
}

void AddressRangeTest::refused()
{
    QFETCH(QString, text);
    QFETCH(QString, said);
    const auto hosts = hostsInRange(text);
    QVERIFY(!hosts);
    QVERIFY(hosts.error().code == ErrorCode::BadInput);
    QVERIFY2(hosts.error().message.contains(said), qPrintable(hosts.error().message));
}

QTEST_GUILESS_MAIN(AddressRangeTest)
#include "tst_address_range.moc"
