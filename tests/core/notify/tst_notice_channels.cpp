#include "core/notify/mail_channel.h"
#include "core/notify/webhook_channel.h"
#include "tests/core/notify/notice_examples.h"
#include "tests/support/scripted_server.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QMessageAuthenticationCode>
#include <QTest>

#include <thread>

using namespace birch;
using namespace birch::test;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {
/// An SMTP server in clear (RFC 5321); \a answers replaces its answer to a command, by its verb.
ScriptedServer::Script smtp(std::map<std::string, std::string> answers = {})
{
    return [answers = std::move(answers)](Peer &peer) {
        const auto answer = [&](const std::string &verb, const std::string &usual) {
            const auto found = answers.find(verb);
            peer.write((found == answers.end() ? usual : found->second) + "\r\n");
        };
        peer.write("220 mail.lab ESMTP\r\n");
        while (true) {
            const std::string line = peer.readLine("\r\n");
            const std::string verb = line.substr(0, 4);
            if (verb == "EHLO") {
                answer(verb, "250-mail.lab\r\n250 8BITMIME");
            } else if (verb == "DATA") {
                answer(verb, "354 go on");
                while (peer.readLine("\r\n") != ".") {
                }
                answer("end", "250 taken");
            } else {
                answer(verb, "250 fine");
            }
        }
    };
}

ScriptedServer::Script http(const std::string &status)
{
    return [status](Peer &peer) {
        size_t length = 0;
        while (true) {
            const std::string line = peer.readLine("\r\n");
            if (line.rfind("Content-Length: ", 0) == 0)
                length = std::stoul(line.substr(16));
            if (line.empty())
                break;
        }
        while (length > 0)
            length -= peer.read(length).size();
        peer.write("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        peer.cut();
    };
}
} // namespace

/// Real servers on real sockets.
class NoticeChannelsTest : public QObject
{
    Q_OBJECT
private slots:
    void mailIsHandedOver()
    {
        ScriptedServer server(Wire::Socket, smtp());
        const Notice notice = exampleNotice();
        const Status sent = mail(server).send(notice, ada(), Call::within(10s));
        QVERIFY2(bool(sent), sent ? "" : qPrintable(sent.error().message));
        const std::string received = server.received();
        for (const char *part : {"MAIL FROM:<birch@lab.org>", "RCPT TO:<ada@lab.org>",
                                 "Subject: =?UTF-8?B?", "\r\n.\r\n"})
            QVERIFY2(received.find(part) != std::string::npos, part);
        QVERIFY(received.find(notice.body.toUtf8().toBase64().first(60).toStdString()) !=
                std::string::npos);
    }

    void mailServersRefuse_data()
    {
        QTest::addColumn<QString>("verb");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<bool>("isFinal"); // trying again is of no use
        QTest::newRow("no such mailbox") << u"RCPT"_s << u"550 no such user"_s << true;
        QTest::newRow("greylisted") << u"RCPT"_s << u"451 try again later"_s << false;
        QTest::newRow("sender refused") << u"MAIL"_s << u"553 not allowed"_s << true;
        QTest::newRow("message refused") << u"end"_s << u"554 spam"_s << true;
        QTest::newRow("disk full over there") << u"end"_s << u"452 no room"_s << false;
    }
    void mailServersRefuse()
    {
        QFETCH(QString, verb);
        QFETCH(QString, answer);
        QFETCH(bool, isFinal);
        ScriptedServer server(Wire::Socket, smtp({{verb.toStdString(), answer.toStdString()}}));
        const Status sent = mail(server).send(exampleNotice(), ada(), Call::within(10s));
        QVERIFY(!sent);
        QCOMPARE(sent.error().code == ErrorCode::Denied, isFinal);
    }

    /// A login never goes over a line in clear unless that was asked for.
    void tlsIsNotGivenUp()
    {
        ScriptedServer server(Wire::Socket, smtp());
        MailServer settings = mailServer(server);
        settings.tls = u"required"_s;
        settings.user = u"ada"_s;
        settings.password = u"hidden"_s;
        const Status sent = MailChannel(settings).send(exampleNotice(), ada(), Call::within(10s));
        QCOMPARE(sent.error().code, ErrorCode::Denied);
        QVERIFY(server.received().find("MAIL") == std::string::npos);
        QVERIFY(server.received().find("AUTH") == std::string::npos);
        QVERIFY(!sent.error().message.contains(u"hidden"_s));
    }

    void badAddressesAreNotTried()
    {
        ScriptedServer server(Wire::Socket, smtp());
        NoticeTarget target = ada();
        target.address = u"ada@lab.org>\r\nRCPT TO:<eve@evil.org"_s;
        QCOMPARE(mail(server).send(exampleNotice(), target, Call::within(5s)).error().code,
                 ErrorCode::BadInput);
        QCOMPARE(MailChannel({}).send(exampleNotice(), ada(), Call::within(5s)).error().code,
                 ErrorCode::BadInput);
        QCOMPARE(server.connections(), 0);
    }

    void webhooksGetTheNotice()
    {
        ScriptedServer server(Wire::Socket, http("204 No Content"));
        const Notice notice = exampleNotice();
        const NoticeTarget target = hook(server);
        const Status sent = WebhookChannel("secret").send(notice, target, Call::within(10s));
        QVERIFY2(bool(sent), sent ? "" : qPrintable(sent.error().message));
        const auto received = QByteArray::fromStdString(server.received());
        const QByteArray body = received.mid(received.indexOf("\r\n\r\n") + 4);
        const auto read = noticeFromJson(QJsonDocument::fromJson(body).object());
        QVERIFY(read);
        QCOMPARE(read.value(), notice);
        const QByteArray signature =
            QMessageAuthenticationCode::hash(body, "secret", QCryptographicHash::Sha256);
        QVERIFY(received.contains("X-Birch-Signature: sha256=" + signature.toHex()));
        QVERIFY(received.startsWith("POST /hook?token=abc HTTP/1.1\r\n"));
    }

    void slackGetsText()
    {
        ScriptedServer server(Wire::Socket, http("200 OK"));
        NoticeTarget target = hook(server);
        target.channel = NoticeChannelKind::Slack;
        const Notice notice = exampleNotice();
        QVERIFY(WebhookChannel().send(notice, target, Call::within(10s)));
        const auto received = QByteArray::fromStdString(server.received());
        const QJsonObject body =
            QJsonDocument::fromJson(received.mid(received.indexOf("\r\n\r\n") + 4)).object();
        QCOMPARE(body.keys(), QStringList{u"text"_s});
        QVERIFY(body.value(u"text"_s).toString().startsWith(notice.subject));
    }

    void webServersRefuse_data()
    {
        QTest::addColumn<QString>("status");
        QTest::addColumn<bool>("isFinal");
        QTest::newRow("gone") << u"404 Not Found"_s << true;
        QTest::newRow("forbidden") << u"403 Forbidden"_s << true;
        QTest::newRow("too many") << u"429 Too Many Requests"_s << false;
        QTest::newRow("broken") << u"500 Internal Server Error"_s << false;
        QTest::newRow("away") << u"503 Service Unavailable"_s << false;
    }
    void webServersRefuse()
    {
        QFETCH(QString, status);
        QFETCH(bool, isFinal);
        ScriptedServer server(Wire::Socket, http(status.toStdString()));
        const Status sent = WebhookChannel().send(exampleNotice(), hook(server), Call::within(10s));
        QVERIFY(!sent);
        QCOMPARE(sent.error().code == ErrorCode::Denied, isFinal);
        QVERIFY2(!sent.error().message.contains(u"abc"_s), qPrintable(sent.error().message));
    }

    /// The token in the address goes to nobody else.
    void redirectsAreNotFollowed()
    {
        ScriptedServer other(Wire::Socket, http("200 OK"));
        ScriptedServer server(Wire::Socket, http("302 Found\r\nLocation: http://127.0.0.1:" +
                                                 std::to_string(other.port()) + "/"));
        (void)WebhookChannel().send(exampleNotice(), hook(server), Call::within(5s));
        QCOMPARE(other.connections(), 0);
    }

    void otherSchemesAreRefused_data()
    {
        QTest::addColumn<QString>("address");
        QTest::newRow("file") << u"file:///etc/passwd"_s;
        QTest::newRow("gopher") << u"gopher://127.0.0.1:1/"_s;
        QTest::newRow("nonsense") << u"not an address"_s;
        QTest::newRow("empty") << QString();
    }
    void otherSchemesAreRefused()
    {
        QFETCH(QString, address);
        NoticeTarget target = ada();
        target.address = address;
        QVERIFY(!WebhookChannel().send(exampleNotice(), target, Call::within(5s)));
    }

    void silenceEndsAtTheDeadline_data()
    {
        QTest::addColumn<bool>("isMail");
        QTest::addColumn<bool>("isStopped");
        QTest::newRow("mail") << true << false;
        QTest::newRow("webhook") << false << false;
        QTest::newRow("mail stopped") << true << true;
        QTest::newRow("webhook stopped") << false << true;
    }
    void silenceEndsAtTheDeadline()
    {
        QFETCH(bool, isMail);
        QFETCH(bool, isStopped);
        ScriptedServer server(Wire::Socket, [](Peer &peer) { peer.hang(); });
        std::stop_source stop;
        const std::jthread stopper([&] {
            if (isStopped && server.waitForReceived("", 2s))
                stop.request_stop();
        });
        const Call call = Call::within(isStopped ? 60s : 300ms, stop.get_token());
        QElapsedTimer timer;
        timer.start();
        const Status sent = isMail ? mail(server).send(exampleNotice(), ada(), call)
                                   : WebhookChannel().send(exampleNotice(), hook(server), call);
        QCOMPARE(sent.error().code, isStopped ? ErrorCode::Cancelled : ErrorCode::Timeout);
        QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
    }

    void nobodyThere()
    {
        int port = 0;
        {
            ScriptedServer gone(Wire::Socket, http("200 OK"));
            port = gone.port();
        }
        NoticeTarget target = ada();
        target.address = u"http://127.0.0.1:%1/"_s.arg(port);
        QCOMPARE(WebhookChannel().send(exampleNotice(), target, Call::within(5s)).error().code,
                 ErrorCode::NotConnected);
    }

private:
    static NoticeTarget ada() { return exampleTarget(NoticeChannelKind::Mail, u"ada@lab.org"_s); }
    static NoticeTarget hook(const ScriptedServer &server)
    {
        return exampleTarget(NoticeChannelKind::Webhook,
                             u"http://127.0.0.1:%1/hook?token=abc"_s.arg(server.port()));
    }
    static MailServer mailServer(const ScriptedServer &server)
    {
        MailServer settings;
        settings.url = u"smtp://127.0.0.1:%1"_s.arg(server.port());
        settings.from = u"birch@lab.org"_s;
        settings.tls = u"off"_s;
        return settings;
    }
    static MailChannel mail(const ScriptedServer &server)
    {
        return MailChannel(mailServer(server));
    }
};

QTEST_GUILESS_MAIN(NoticeChannelsTest)
#include "tst_notice_channels.moc"
