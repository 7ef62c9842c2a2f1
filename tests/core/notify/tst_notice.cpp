#include "core/notify/notice.h"

#include "core/notify/mail_channel.h"
#include "core/notify/outbox.h"
#include "tests/core/notify/notice_examples.h"

#include <QDateTime>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class NoticeTest : public QObject
{
    Q_OBJECT
private slots:
    void rules_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("project");
        QTest::addColumn<QString>("person");
        QTest::addColumn<bool>("isTold");
        QTest::newRow("exactly") << u"scan.failed"_s << u""_s << u""_s << true;
        QTest::newRow("all of scans") << u"scan.*"_s << u""_s << u""_s << true;
        QTest::newRow("everything") << u"*"_s << u""_s << u""_s << true;
        QTest::newRow("blanks around") << u" scan.failed "_s << u""_s << u""_s << true;
        QTest::newRow("another") << u"scan.completed"_s << u""_s << u""_s << false;
        QTest::newRow("of queues") << u"queue.*"_s << u""_s << u""_s << false;
        QTest::newRow("half a word") << u"scan.fail"_s << u""_s << u""_s << false;
        QTest::newRow("nothing") << u""_s << u""_s << u""_s << false;
        QTest::newRow("its project") << u"scan.*"_s << u"Diodes"_s << u""_s << true;
        QTest::newRow("another project") << u"scan.*"_s << u"Solar"_s << u""_s << false;
        QTest::newRow("its operator") << u"scan.*"_s << u""_s << u"ada"_s << true;
        QTest::newRow("another operator") << u"scan.*"_s << u""_s << u"bob"_s << false;
    }
    void rules()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, project);
        QFETCH(QString, person);
        QFETCH(bool, isTold);
        const NoticeTarget ada = test::exampleTarget(NoticeChannelKind::Mail, u"ada@lab.org"_s);
        const NoticeRule rule{ada, pattern, project, person, u"Look!"_s};
        // Two rules, one subscriber: told once.
        const auto told = recipientsOf({rule, rule}, test::exampleNotice());
        QCOMPARE(told.size(), isTold ? 1 : 0);
        if (isTold) {
            QCOMPARE(told.first().first, ada);
            QCOMPARE(told.first().second, u"Look!"_s);
        }
    }

    void patterns()
    {
        for (const QString &good : {u"*"_s, u"scan.*"_s, u"station.silent"_s})
            QVERIFY2(isNoticePattern(good), qPrintable(good));
        for (const QString &bad : {u""_s, u"scan"_s, u"scans.*"_s, u".*"_s, u"scan.*.*"_s})
            QVERIFY2(!isNoticePattern(bad), qPrintable(bad));
        for (const QString &name : noticeEventNames())
            QCOMPARE(noticeEventName(*noticeEventFromName(name)), name);
    }

    void outboxComesBack()
    {
        QTemporaryDir folder;
        const Outbox outbox(folder.filePath(u"out/box"_s));
        const OutboxEntry entry{
            newUid(), test::exampleNotice(),
            test::exampleTarget(NoticeChannelKind::Webhook, u"https://hooks.lab/secret"_s), 3,
            1'800'000'000'000'000};
        QVERIFY(outbox.put(entry));
        QFile stranger(outbox.folder() + u"/x.notice.json"_s);
        QVERIFY(stranger.open(QIODevice::WriteOnly));
        stranger.write("{\"id\": 7}");
        stranger.close();
        const QList<OutboxEntry> read = outbox.entries();
        QCOMPARE(read.size(), 1);
        QCOMPARE(read.first().notice, entry.notice);
        QCOMPARE(read.first().target, entry.target);
        QCOMPARE(read.first().tries, 3);
        QCOMPARE(read.first().dueUs, entry.dueUs);
        QVERIFY(QFile::exists(outbox.folder() + u"/x.notice.json.unreadable"_s));
        const QFile::Permissions rights = QFile::permissions(outbox.folder());
        QVERIFY(!(rights & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther)));
        outbox.remove(entry.id);
        QVERIFY(outbox.entries().isEmpty());
    }

    void mailIsWellFormed()
    {
        Notice notice = test::exampleNotice();
        notice.subject = u"Ω ü – "_s.repeated(30) + u"\r\nBcc: eve@evil.org"_s;
        notice.body = u".\nA line that begins with a dot\n"_s + QString(3000, u'x');
        const QByteArray text = mailText(notice, u"birch@lab.org"_s, u"ada@lab.org"_s,
                                         QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC));
        const auto headerEnd = text.indexOf("\r\n\r\n");
        const QByteArray headers = text.first(headerEnd);
        QVERIFY(!headers.contains("\r\nBcc"));
        QVERIFY(headers.contains("\r\nDate: Fri, 15 Jan 2027 08:00:00 +0000\r\n"));
        QVERIFY(headers.contains("Message-ID: <" + uidText(notice.uid).toLatin1() + "@lab.org>"));
        for (const QByteArray &line : text.split('\n')) {
            QVERIFY2(line.size() <= 79, line.constData());
            QVERIFY(line.isEmpty() || line.endsWith('\r'));
        }
        QCOMPARE(QString::fromUtf8(QByteArray::fromBase64(text.mid(headerEnd + 4))), notice.body);
        QString subject;
        for (const QByteArray &word : headers.split('\n')) {
            const auto at = word.indexOf("=?UTF-8?B?");
            if (at >= 0)
                subject += QString::fromUtf8(
                    QByteArray::fromBase64(word.mid(at + 10, word.indexOf("?=", at) - at - 10)));
        }
        QCOMPARE(subject, u"Ω ü – "_s.repeated(30) + u" Bcc: eve@evil.org"_s);
    }

    void mailAddresses()
    {
        for (const QString &good : {u"ada@lab.org"_s, u"a.b+c@x-y.example"_s})
            QVERIFY2(isMailAddress(good), qPrintable(good));
        for (const QString &bad :
             {u""_s, u"ada"_s, u"a@b@c"_s, u"a b@c"_s, u"a@b\r\nRCPT TO:<eve@evil>"_s, u"<a@b>"_s,
              u"a@b,c@d"_s, QString(300, u'a') + u"@b"_s})
            QVERIFY2(!isMailAddress(bad), qPrintable(bad));
    }
};

QTEST_GUILESS_MAIN(NoticeTest)
#include "tst_notice.moc"
