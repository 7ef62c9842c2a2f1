#include "app/session/resource_paths.h"
#include "app/session/sentinel_link.h"
#include "core/base/id.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;

/// The workstation's end of its sentinel, with real sentinel processes.
class SentinelLinkTest : public QObject
{
    Q_OBJECT
private slots:
    void sameBenchKeepsItsSentinel();
    void changedBenchGetsAnotherOne();
    void instrumentThatJoinedIsGuarded();

private:
    static QByteArray bench(const QStringList &nicknames)
    {
        QByteArray text = "name: Lab\ninstruments:\n";
        int port = 1;
        for (const QString &nickname : nicknames)
            text += "  " + nickname.toLatin1() +
                    ":\n    definition: demo-smu\n    address: TCPIP::127.0.0.1::" +
                    QByteArray::number(port++) + "::SOCKET\n";
        return text;
    }
    void setBench(const QStringList &nicknames)
    {
        const BenchLoad load = loadBenchText(
            bench(nicknames), m_folder.filePath(u"lab.bench.yaml"_s), definitionFolders());
        QVERIFY(load.bench);
        m_handover.benchText = load.bench->text;
        m_handover.benchFile = load.bench->path;
        m_handover.spoolDir = m_folder.path();
        m_handover.beat = std::chrono::seconds(1);
        m_handover.missed = 0;
        for (const BenchEntry &entry : load.bench->entries) {
            m_handover.addresses.insert(entry.nickname, entry.address);
            m_handover.definitions.insert(entry.nickname, entry.spec.definitionVersion);
        }
    }
    std::unique_ptr<SentinelLink> link()
    {
        return std::make_unique<SentinelLink>(
            [this] { return m_handover; },
            [this](const QString &, const QString &message) { m_log.append(message); });
    }
    /// Processes that this one has started and that still run.
    static QStringList children()
    {
        QFile list(u"/proc/self/task/%1/children"_s.arg(QCoreApplication::applicationPid()));
        if (!list.open(QIODevice::ReadOnly))
            return {u"unknown"_s};
        return QString::fromLatin1(list.readAll()).split(u' ', Qt::SkipEmptyParts);
    }
    /// A sentinel that lives says that it guards these, at the addresses of the bench.
    bool isGuarded(const QStringList &instruments) const
    {
        QStringList addresses;
        for (const QString &nickname : instruments)
            addresses.append(m_handover.addresses[nickname]);
        for (const SentinelRecord &record : listSentinelRecords(m_folder.path())) {
            if (record.isHeld && record.guard.instruments == instruments)
                return record.guard.addresses == addresses;
        }
        return false;
    }
    static GuardedRun runOf(const QStringList &instruments)
    {
        GuardedRun run;
        run.instruments = instruments;
        run.scan = newUid();
        return run;
    }

    QTemporaryDir m_folder;
    SentinelHandover m_handover;
    QStringList m_log;
};

void SentinelLinkTest::sameBenchKeepsItsSentinel()
{
    setBench({u"a"_s});
    const auto sentinel = link();
    sentinel->guard(runOf({u"a"_s}));
    QTRY_VERIFY(isGuarded({u"a"_s}));
    const QStringList first = children();
    QCOMPARE(first.size(), 1);
    sentinel->guard(runOf({u"a"_s}));
    QCOMPARE(children(), first);
    sentinel->release();
    QTRY_COMPARE(children(), QStringList());
    QCOMPARE(m_log, QStringList());
}

void SentinelLinkTest::changedBenchGetsAnotherOne()
{
    setBench({u"a"_s});
    const auto sentinel = link();
    sentinel->guard(runOf({u"a"_s}));
    QTRY_VERIFY(isGuarded({u"a"_s}));
    const QString first = children().constFirst();
    setBench({u"a"_s, u"b"_s});
    sentinel->guard(runOf({u"a"_s, u"b"_s}));
    QVERIFY(children().size() >= 1); // one of both guards at any time
    QTRY_VERIFY(isGuarded({u"a"_s, u"b"_s}));
    QTRY_VERIFY(children().size() == 1 && children().constFirst() != first);
    sentinel->release();
    QTRY_COMPARE(children(), QStringList());
    QCOMPARE(m_log, QStringList());
}

/// A sentinel that had the bench of before would refuse: it does not know the instrument.
void SentinelLinkTest::instrumentThatJoinedIsGuarded()
{
    setBench({u"a"_s});
    const auto sentinel = link();
    sentinel->guard(runOf({u"a"_s}));
    setBench({u"a"_s, u"b"_s});
    sentinel->guard(runOf({u"b"_s}));
    QTRY_VERIFY(isGuarded({u"b"_s}));
    sentinel->release();
    QTRY_COMPARE(children(), QStringList());
    QCOMPARE(m_log, QStringList());
}

QTEST_GUILESS_MAIN(SentinelLinkTest)
#include "tst_sentinel_link.moc"
