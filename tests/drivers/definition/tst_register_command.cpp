#include "drivers/definition/register_command.h"
#include "drivers/transport/apt_message.h"
#include "drivers/transport/modbus_frame.h"
#include "drivers/transport/reply_framer.h"

#include <QTest>

using namespace birch;
using State = ReplyFramer::State;

class RegisterCommandTest : public QObject
{
    Q_OBJECT
private slots:
    void registers_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("number");
        QTest::addColumn<QList<quint16>>("registers");
        const auto row = [](const char *text, const char *number, QList<quint16> registers) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(number) << registers;
        };
        row("read 1 int16", "253", {253});
        row("read 1 int16 0.1", "25.3", {253});
        row("read 1 int16 1e-2", "-100.5", {0xd8be});
        row("read 1 uint16", "65535", {65535});
        row("read 1 uint16 10", "20", {2});
        row("read 1 int32", "-2", {0xffff, 0xfffe});
        row("read 1 uint32 low-first", "65538", {2, 1});
        row("read 1 float32", "1.5", {0x3fc0, 0});
        row("read 1 float32 low-first", "-2.5", {0, 0xc020});
        row("read 0x8002 float32 input", "25.3", {0x41ca, 0x6666});
    }
    void registers()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, number);
        QFETCH(QList<quint16>, registers);
        const auto command = RegisterCommand::parse(text);
        QVERIFY2(command, command ? "" : qPrintable(command.error().message));
        QCOMPARE(command.value().numberFrom(registers), number);
        const auto back = command.value().registersFor(number);
        QVERIFY(back);
        QCOMPARE(back.value(), registers);
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             {"", "read", "read 1", "read int16 1", "read 70000 int16", "read 1 int8",
              "read 1 int16 = 4", "write 1 int16", "write 1 int16 input = 4", "read 1 int16 0",
              "read 1 int16 -1", "read 1 int16 colour", "read 65535 float32", "peek 1 int16"})
            QTest::newRow(text) << QByteArray(text);
    }
    void refused()
    {
        QFETCH(QByteArray, text);
        const auto command = RegisterCommand::parse(text);
        QVERIFY(!command);
        QCOMPARE(command.error().code, ErrorCode::BadInput);
    }

    void outOfRange_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("number");
        QTest::newRow("int16") << QByteArray("read 1 int16 0.1") << QByteArray("3276.8");
        QTest::newRow("uint16") << QByteArray("read 1 uint16") << QByteArray("-1");
        QTest::newRow("int32") << QByteArray("read 1 int32") << QByteArray("2147483648");
        QTest::newRow("uint32") << QByteArray("read 1 uint32") << QByteArray("4294967296");
        QTest::newRow("float32") << QByteArray("read 1 float32") << QByteArray("1e39");
    }
    void outOfRange()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, number);
        const auto registers = RegisterCommand::parse(text).value().registersFor(number);
        QVERIFY(!registers);
        QCOMPARE(registers.error().code, ErrorCode::OutOfRange);
    }

    /// The frames of the protocol's own description, and what can be none.
    void frames_data()
    {
        QTest::addColumn<Framing>("framing");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<State>("state");
        using enum Framing;
        QTest::newRow("read") << ModbusRtu << QByteArray("01 03 02 00 FD 79 C5") << State::Complete;
        QTest::newRow("written") << ModbusRtu << QByteArray("01 10 00 0A 00 02 61 CA")
                                 << State::Complete;
        QTest::newRow("exception") << ModbusRtu << QByteArray("01 83 02 C0 F1") << State::Complete;
        QTest::newRow("checksum") << ModbusRtu << QByteArray("01 03 02 00 FC 79 C5")
                                  << State::BadFrame;
        QTest::newRow("half a register") << ModbusRtu << QByteArray("01 03 03") << State::BadFrame;
        QTest::newRow("no such function") << ModbusRtu << QByteArray("01 2B") << State::BadFrame;
        QTest::newRow("begun") << ModbusRtu << QByteArray("01 03 02 00") << State::Incomplete;
        QTest::newRow("header") << ThorlabsApt << QByteArray("12 02 01 01 01 50")
                                << State::Complete;
        QTest::newRow("header begun")
            << ThorlabsApt << QByteArray("12 02 01 01") << State::Incomplete;
        QTest::newRow("data begun")
            << ThorlabsApt << QByteArray("91 04 0E 00 81 50 01 00") << State::Incomplete;
        QTest::newRow("to another")
            << ThorlabsApt << QByteArray("12 02 01 01 50 01") << State::BadFrame;
        QTest::newRow("absurd length")
            << ThorlabsApt << QByteArray("91 04 FF FF 81 50") << State::BadFrame;
        QTest::newRow("no data") << ThorlabsApt << QByteArray("91 04 00 00 81 50")
                                 << State::BadFrame;
    }
    void frames()
    {
        QFETCH(Framing, framing);
        QFETCH(QByteArray, bytes);
        QFETCH(State, state);
        const QByteArray frame = QByteArray::fromHex(bytes);
        ReplyFramer framer({}, 4096, framing);
        framer.begin(ReplyShape::Line);
        const auto seen = framer.examine(frame);
        QCOMPARE(seen.state, state);
        if (state == State::Complete)
            QCOMPARE(seen.consumed, frame.size());
        const auto longer = framer.examine(frame + "x");
        if (state == State::Complete)
            QCOMPARE(longer.reply, frame.size());
    }

    void aptMessagesReadBack()
    {
        const QByteArray data = QByteArray::fromHex("0100008B0600");
        const apt::Message move{apt::id::kMoveAbsolute, 0, 0, 0x50, apt::kHost, data};
        QCOMPARE(move.bytes().toHex(), QByteArray("53040600d0010100008b0600"));
        const auto again = apt::Message::from(move.bytes());
        QCOMPARE(again.data, data);
        QCOMPARE(again.destination, quint8(0x50));
        QCOMPARE(apt::longAt(again.data, 2), 428800);
    }
};

QTEST_GUILESS_MAIN(RegisterCommandTest)
#include "tst_register_command.moc"
