#include "app/session/sleep_inhibitor.h"

#include "core/base/log.h"

#include <QDBusConnection>
#include <QDBusUnixFileDescriptor>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <poll.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace birch;

namespace {

/// What logind does with a block: hands out the writing end of a pipe and listens at the other.
class FakeLogind : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.login1.Manager")
public:
    ~FakeLogind() override
    {
        if (m_readEnd >= 0)
            ::close(m_readEnd);
    }
    bool isHeld() const
    {
        pollfd end{m_readEnd, 0, 0};
        return m_readEnd >= 0 && ::poll(&end, 1, 0) == 0; // a hang-up once every writer is closed
    }
    QStringList asked;

public slots:
    QDBusUnixFileDescriptor Inhibit(const QString &what, const QString &who, const QString &why,
                                    const QString &mode)
    {
        asked = {what, who, why, mode};
        int ends[2];
        if (::pipe(ends) != 0)
            return {};
        m_readEnd = ends[0];
        QDBusUnixFileDescriptor block(ends[1]);
        ::close(ends[1]);
        return block;
    }

private:
    int m_readEnd = -1;
};

} // namespace

class SleepInhibitorTest : public QObject
{
    Q_OBJECT
private slots:
    void withoutABusItIsQuiet();
    void holdsWhileTheQueueRuns();
};

void SleepInhibitorTest::withoutABusItIsQuiet()
{
    // Before anything else in this process asks for the system bus, which is looked up once.
    QTemporaryDir folder;
    qputenv("DBUS_SYSTEM_BUS_ADDRESS",
            "unix:path=" + QFile::encodeName(folder.filePath(u"none"_s)));
    SleepInhibitor inhibitor(u"A measurement runs"_s);
    QSignalSpy changed(&inhibitor, &SleepInhibitor::changed);
    QTest::ignoreMessage(
        QtInfoMsg, QRegularExpression(u"the machine may go to sleep while a queue runs: .+"_s));
    QElapsedTimer timer;
    timer.start();
    inhibitor.setHeld(true);
    QVERIFY2(timer.elapsed() < 50, "the caller waited for the bus");
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(changed[0][0].toBool(), false);
    inhibitor.setHeld(false);
    inhibitor.setHeld(true); // a second queue: no second line
    QTRY_COMPARE(changed.size(), 2);
    QDBusConnection::disconnectFromBus(u"qt_default_system_bus"_s);
}

void SleepInhibitorTest::holdsWhileTheQueueRuns()
{
    if (QStandardPaths::findExecutable(u"dbus-daemon"_s).isEmpty())
        QSKIP("needs dbus-daemon");
    QTemporaryDir folder;
    QProcess daemon;
    daemon.start(u"dbus-daemon"_s, {u"--session"_s, u"--nofork"_s, u"--print-address"_s,
                                    u"--address=unix:path="_s + folder.filePath(u"bus"_s)});
    QVERIFY(daemon.waitForReadyRead(5000));
    const QByteArray address = daemon.readLine().trimmed();
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", address);

    FakeLogind logind;
    QDBusConnection service =
        QDBusConnection::connectToBus(QString::fromUtf8(address), u"logind"_s);
    QVERIFY(service.registerObject(u"/org/freedesktop/login1"_s, &logind,
                                   QDBusConnection::ExportAllSlots));
    QVERIFY(service.registerService(u"org.freedesktop.login1"_s));
    SleepInhibitor inhibitor(u"A measurement runs"_s);
    QSignalSpy changed(&inhibitor, &SleepInhibitor::changed);
    inhibitor.setHeld(true);
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(changed[0][0].toBool());
    QCOMPARE(logind.asked,
             (QStringList{u"sleep:idle"_s, u"Birch"_s, u"A measurement runs"_s, u"block"_s}));
    QVERIFY(logind.isHeld());
    inhibitor.setHeld(false);
    QTRY_VERIFY(!logind.isHeld());
    QDBusConnection::disconnectFromBus(u"logind"_s);
    daemon.terminate();
    daemon.waitForFinished(3000);
}

QTEST_GUILESS_MAIN(SleepInhibitorTest)
#include "tst_sleep_inhibitor.moc"
