#include "drivers/transport/reply_framer.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;
using State = ReplyFramer::State;

namespace {
constexpr qsizetype kLimit = 64;
}

class ReplyFramerTest : public QObject
{
    Q_OBJECT
private slots:
    void whole_data()
    {
        QTest::addColumn<QByteArray>("terminator");
        QTest::addColumn<ReplyShape>("shape");
        QTest::addColumn<QByteArray>("arrived");
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<qsizetype>("consumed");
        const auto row = [](const char *name, const char *terminator, ReplyShape shape,
                            QByteArray arrived, QByteArray reply, qsizetype consumed) {
            QTest::newRow(name) << QByteArray(terminator) << shape << arrived << reply << consumed;
        };
        using enum ReplyShape;
        row("line", "\n", Line, "1.5\n", "1.5", 4);
        row("line, more behind", "\n", Line, "1.5\n2\n", "1.5", 4);
        row("empty line", "\n", Line, "\n", "", 1);
        row("carriage return kept", "\n", Line, "1\r\n", "1\r", 3);
        row("CR LF", "\r\n", Line, "1\r\n", "1", 3);
        row("CR LF, bare LF", "\r\n", Line, "1\n", "1", 2);
        row("CR LF, CR inside", "\r\n", Line, "1\r2\r\n", "1\r2", 5);
        row("CR", "\r", Line, "R+1.3\r", "R+1.3", 6);
        row("several bytes", "END", Line, "xENxENDz", "xENx", 7);
        row("NUL", "\n", Line, QByteArray("a\0b\n", 4), QByteArray("a\0b", 3), 4);
        row("block", "\n", Block, "#13abc\n", "#13abc", 7);
        row("block, terminator inside", "\n", Block, "#13a\nc\n", "#13a\nc", 7);
        row("block ends in CR LF", "\n", Block, "#13abc\r\n", "#13abc", 8);
        row("empty block", "\n", Block, "#10\n", "#10", 4);
        row("nine digits", "\n", Block, "#9000000002ab\n", "#9000000002ab", 14);
        row("block, other byte behind", "\n", Block, "#13abc;", "#13abc", 6);
        row("line or block: line", "\n", LineOrBlock, "1\n", "1", 2);
        row("line or block: block", "\n", LineOrBlock, "#12\n\n\n", "#12\n\n", 6);
        row("line or block: hexadecimal", "\n", LineOrBlock, "#H1F\n", "#H1F", 5);
    }
    void whole()
    {
        QFETCH(QByteArray, terminator);
        QFETCH(ReplyShape, shape);
        QFETCH(QByteArray, arrived);
        QFETCH(QByteArray, reply);
        QFETCH(qsizetype, consumed);
        // At once, and growing by one byte: the same result, and no sooner than its last byte.
        ReplyFramer framer(terminator, kLimit);
        framer.begin(shape);
        auto seen = framer.examine(arrived);
        QCOMPARE(seen.state, State::Complete);
        QCOMPARE(arrived.first(seen.reply), reply);
        QCOMPARE(seen.consumed, consumed);
        framer.begin(shape);
        for (qsizetype size = 0; size < consumed; ++size) {
            const State state = framer.examine(QByteArrayView(arrived).first(size)).state;
            QVERIFY2(state == State::Incomplete || state == State::BlockWithoutEnd,
                     qPrintable(QString::number(size)));
        }
        seen = framer.examine(arrived);
        QCOMPARE(seen.state, State::Complete);
        QCOMPARE(seen.reply, reply.size());
    }

    void refused_data()
    {
        QTest::addColumn<ReplyShape>("shape");
        QTest::addColumn<QByteArray>("arrived");
        QTest::addColumn<State>("state");
        using enum ReplyShape;
        QTest::newRow("line as block") << Block << "1.5\n"_ba << State::BadHeader;
        QTest::newRow("indefinite") << Block << "#0abc\n"_ba << State::BadHeader;
        QTest::newRow("indefinite, either") << LineOrBlock << "#0abc\n"_ba << State::BadHeader;
        QTest::newRow("letter") << Block << "#Habc"_ba << State::BadHeader;
        QTest::newRow("length no number") << Block << "#31x0"_ba << State::BadHeader;
        QTest::newRow("block too long") << Block << "#262"_ba << State::TooLong;
        QTest::newRow("block huge") << Block << "#9999999999"_ba << State::TooLong;
        QTest::newRow("line too long") << Line << QByteArray(65, 'x') << State::TooLong;
        QTest::newRow("line too long, ended") << Line << QByteArray(65, 'x') + '\n'
                                              << State::TooLong;
        QTest::newRow("line as long as allowed") << Line << QByteArray(64, 'x') + '\n'
                                                 << State::Complete;
        QTest::newRow("block as long as allowed") << Block << "#260" + QByteArray(60, 'x') + '\n'
                                                  << State::Complete;
    }
    void refused()
    {
        QFETCH(ReplyShape, shape);
        QFETCH(QByteArray, arrived);
        QFETCH(State, state);
        ReplyFramer framer("\n", kLimit);
        framer.begin(shape);
        QCOMPARE(framer.examine(arrived).state, state);
    }

    void knownLengthIsTold()
    {
        ReplyFramer framer("\n", 1 << 20);
        framer.begin(ReplyShape::Block);
        QCOMPARE(framer.examine(QByteArrayView("#41000abc")).wanted, 1006);
    }
};

QTEST_APPLESS_MAIN(ReplyFramerTest)
#include "tst_reply_framer.moc"
