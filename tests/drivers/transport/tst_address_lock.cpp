#include "drivers/transport/address_lock.h"
#include "drivers/transport/make_transport.h"
#include "drivers/transport/port_owner.h"

#include <QFile>
#include <QTcpServer>
#include <QTest>

#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace birch;

/// Programs of one computer at one address. Two locks of one process keep each other out as those
/// of two do.
class AddressLockTest : public QObject
{
    Q_OBJECT
private slots:
    void secondIsRefusedAndToldWhoHasIt();
    void secondWaitsForTheFirst();
    void waitIsStopped();
    void deadProcessHoldsNothing();
    void socketIsLockedUntilItCloses();

private:
    static QString address(const QString &name)
    {
        return u"TCPIP0::%1-%2::1::SOCKET"_s.arg(name).arg(QCoreApplication::applicationPid());
    }
};

void AddressLockTest::secondIsRefusedAndToldWhoHasIt()
{
    const QString at = address(u"refused"_s);
    AddressLock first;
    QVERIFY(first.take(at, Call::within(1s)));
    AddressLock second;
    const Status refused = second.take(at, Call::within(50ms));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY2(
        refused.error().message.contains(at) &&
            refused.error().message.contains(QString::number(QCoreApplication::applicationPid())),
        qPrintable(refused.error().message));
    QVERIFY(!second.isTaken());
    AddressLock elsewhere;
    QVERIFY(elsewhere.take(address(u"elsewhere"_s), Call::within(50ms)));
    first.giveBack();
    QVERIFY(second.take(at, Call::within(50ms)));
    QVERIFY(second.isTaken());
}

void AddressLockTest::secondWaitsForTheFirst()
{
    const QString at = address(u"waits"_s);
    auto first = std::make_unique<AddressLock>();
    QVERIFY(first->take(at, Call::within(1s)));
    std::atomic<bool> isTaken = false;
    std::thread other([&] {
        AddressLock second;
        isTaken = bool(second.take(at, Call::within(10s)));
    });
    first.reset();
    other.join();
    QVERIFY(isTaken);
}

void AddressLockTest::waitIsStopped()
{
    const QString at = address(u"stopped"_s);
    AddressLock first;
    QVERIFY(first.take(at, Call::within(1s)));
    std::stop_source stop;
    stop.request_stop();
    AddressLock second;
    const Status stopped = second.take(at, Call::within(60s, stop.get_token()));
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
}

void AddressLockTest::deadProcessHoldsNothing()
{
    const QString at = address(u"dead"_s);
    const QString path = lockFilePath(at);
    if (path.isEmpty())
        QSKIP("no folder for lock files can be written here");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("999999999\nbirch\n" + QSysInfo::machineHostName().toUtf8() + '\n');
    file.close();
    AddressLock lock;
    QVERIFY(lock.take(at, Call::within(50ms)));
}

void AddressLockTest::socketIsLockedUntilItCloses()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    const QString at = u"TCPIP0::127.0.0.1::%1::SOCKET"_s.arg(server.serverPort());
    const auto first = std::move(makeTransport(at, {})).value();
    const auto second = std::move(makeTransport(at, {})).value();
    QVERIFY(first->open(Call::within(5s)));
    QVERIFY(second->open(Call::within(5s)));
    QVERIFY(first->lock(Call::within(1s)));
    QVERIFY(first->isLocked());
    QVERIFY(first->lock(Call::within(1s))); // what is held stays
    QCOMPARE(second->lock(Call::within(50ms)).error().code, ErrorCode::Conflict);
    first->close();
    QVERIFY(!first->isLocked());
    QVERIFY(second->lock(Call::within(50ms)));
    QVERIFY(second->unlock(Call::within(50ms)));
    QVERIFY(!second->isLocked());
}

QTEST_GUILESS_MAIN(AddressLockTest)
#include "tst_address_lock.moc"
