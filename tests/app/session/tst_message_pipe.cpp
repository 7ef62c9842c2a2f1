#include "app/session/message_pipe.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTest>
#include <QtEndian>

#include <unistd.h>

using namespace birch;
using namespace Qt::StringLiterals;

class MessagePipeTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        auto ends = MessagePipe::make();
        QVERIFY(ends);
        MessagePipe::Ends made = std::move(ends).value();
        m_here = std::make_unique<MessagePipe>(std::move(made.ours));
        m_raw = made.theirs.get();
        m_there = std::make_unique<FileHandle>(std::move(made.theirs));
    }

    void bothWaysInOrder()
    {
        MessagePipe there(std::move(*m_there));
        QSignalSpy atHere(m_here.get(), &MessagePipe::received);
        QSignalSpy atThere(&there, &MessagePipe::received);
        for (int i = 0; i < 100; ++i)
            m_here->send({{u"n"_s, i}});
        there.send({{u"answer"_s, u"Ω"_s}});
        QTRY_COMPARE(atThere.size(), 100);
        for (int i = 0; i < 100; ++i)
            QCOMPARE(atThere[i][0].toJsonObject()[u"n"].toInt(), i);
        QTRY_COMPARE(atHere.size(), 1);
        QCOMPARE(atHere[0][0].toJsonObject()[u"answer"].toString(), u"Ω"_s);
    }

    void moreThanTheSocketHolds()
    {
        MessagePipe there(std::move(*m_there));
        QSignalSpy atThere(&there, &MessagePipe::received);
        const QString text(3'000'000, u'x');
        m_here->send({{u"text"_s, text}});
        m_here->send({{u"last"_s, true}});
        QTRY_COMPARE(atThere.size(), 2);
        QCOMPARE(atThere[0][0].toJsonObject()[u"text"].toString().size(), text.size());
    }

    /// What the other side said before it died counts.
    void lastWordsArrive()
    {
        auto there = std::make_unique<MessagePipe>(std::move(*m_there));
        there->send({{u"kind"_s, u"goodbye"_s}});
        there.reset();
        QSignalSpy received(m_here.get(), &MessagePipe::received);
        QSignalSpy closed(m_here.get(), &MessagePipe::closed);
        m_here->receive();
        QCOMPARE(received.size(), 1);
        QCOMPARE(closed.size(), 1);
        m_here->send({{u"kind"_s, u"late"_s}}); // no signal ends us
    }

    void nonsenseCloses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("too long") << "\xff\xff\xff\xff{}"_ba;
        QTest::newRow("no JSON") << QByteArray("\x03\x00\x00\x00{{{", 7);
        QTest::newRow("no object") << QByteArray("\x02\x00\x00\x00[]", 6);
        QTest::newRow("empty") << QByteArray("\x00\x00\x00\x00", 4);
    }
    void nonsenseCloses()
    {
        QFETCH(QByteArray, bytes);
        QSignalSpy received(m_here.get(), &MessagePipe::received);
        QSignalSpy closed(m_here.get(), &MessagePipe::closed);
        QCOMPARE(::write(m_raw, bytes.constData(), size_t(bytes.size())), ssize_t(bytes.size()));
        QTRY_COMPARE(closed.size(), 1);
        QCOMPARE(received.size(), 0);
    }

    void byteByByte()
    {
        QSignalSpy received(m_here.get(), &MessagePipe::received);
        const QByteArray bytes("\x07\x00\x00\x00{\"a\":1}", 11);
        for (const char byte : bytes) {
            QCOMPARE(received.size(), 0);
            QCOMPARE(::write(m_raw, &byte, 1), ssize_t(1));
            m_here->receive();
        }
        QCOMPARE(received.size(), 1);
    }

private:
    std::unique_ptr<MessagePipe> m_here;
    std::unique_ptr<FileHandle> m_there;
    int m_raw = -1;
};

QTEST_GUILESS_MAIN(MessagePipeTest)
#include "tst_message_pipe.moc"
