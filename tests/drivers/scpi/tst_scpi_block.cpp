#include "drivers/scpi/block.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace Qt::StringLiterals;
using namespace birch;
using namespace birch::scpi;

Q_DECLARE_METATYPE(birch::scpi::BlockFormat)
Q_DECLARE_METATYPE(birch::scpi::ByteOrder)

class ScpiBlockTest : public QObject
{
    Q_OBJECT
private slots:
    void payloads_data()
    {
        QTest::addColumn<QByteArray>("reply");
        QTest::addColumn<bool>("isGood");
        QTest::addColumn<QByteArray>("payload");
        const auto good = [](const char *name, const QByteArray &reply, const QByteArray &payload) {
            QTest::newRow(name) << reply << true << payload;
        };
        const auto bad = [](const char *name, const QByteArray &reply) {
            QTest::newRow(name) << reply << false << QByteArray();
        };
        good("plain", "#13abc", "abc");
        good("terminated", "#13abc\r\n", "abc");
        good("terminator inside", "#13\n#\n\n", "\n#\n");
        good("empty", "#10", "");
        good("nine digits", "#9000000002ab", "ab");
        bad("nothing", "");
        bad("no block", "1.5");
        bad("only #", "#");
        bad("indefinite", "#0abc");
        bad("cut length", "#41");
        bad("length no number", "#2x1abc");
        bad("negative length", "#2-1abc");
        bad("too short", "#14abc");
        bad("too long", "#12abc");
    }
    void payloads()
    {
        QFETCH(QByteArray, reply);
        QFETCH(bool, isGood);
        QFETCH(QByteArray, payload);
        const auto got = blockPayload(reply);
        QCOMPARE(bool(got), isGood);
        if (got)
            QCOMPARE(got.value().toByteArray(), payload);
        else
            QCOMPARE(got.error().code, ErrorCode::Protocol);
    }

    void made()
    {
        QCOMPARE(makeBlock("abc"), "#13abc"_ba);
        QCOMPARE(makeBlock(""), "#10"_ba);
        const QByteArray large(1'000'000, '\n');
        QCOMPARE(makeBlock(large).first(9), "#71000000"_ba);
        QVERIFY(blockPayload(makeBlock(large)).value() == large);
    }

    /// Bytes written out by hand, so that encoder and decoder can not agree on a mistake.
    void formats_data()
    {
        QTest::addColumn<BlockFormat>("format");
        QTest::addColumn<ByteOrder>("order");
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QList<double>>("values");
        using enum BlockFormat;
        constexpr auto big = ByteOrder::BigEndian;
        constexpr auto little = ByteOrder::LittleEndian;
        QTest::newRow("int8") << Int8 << big << "807f00ff"_ba << QList<double>{-128, 127, 0, -1};
        QTest::newRow("uint8") << UInt8 << little << "807f00ff"_ba
                               << QList<double>{128, 127, 0, 255};
        QTest::newRow("int16 big")
            << Int16 << big << "8000fffe0102"_ba << QList<double>{-32768, -2, 258};
        QTest::newRow("int16 little")
            << Int16 << little << "0080feff0201"_ba << QList<double>{-32768, -2, 258};
        QTest::newRow("uint16 big")
            << UInt16 << big << "8000fffe"_ba << QList<double>{32768, 65534};
        QTest::newRow("int32 big")
            << Int32 << big << "800000000000012c"_ba << QList<double>{-2147483648.0, 300};
        QTest::newRow("uint32 little")
            << UInt32 << little << "fffffffe"_ba << QList<double>{4278190079.0};
        QTest::newRow("int64 big") << Int64 << big << "fffffffffffffffd"_ba << QList<double>{-3};
        QTest::newRow("float32 big")
            << Float32 << big << "3fc00000c2c80000"_ba << QList<double>{1.5, -100};
        QTest::newRow("float32 little")
            << Float32 << little << "0000c03f0000c8c2"_ba << QList<double>{1.5, -100};
        QTest::newRow("float64 big")
            << Float64 << big << "3ff8000000000000"_ba << QList<double>{1.5};
        QTest::newRow("float64 little")
            << Float64 << little << "000000000000f83f"_ba << QList<double>{1.5};
        QTest::newRow("none") << Float64 << little << ""_ba << QList<double>{};
    }
    void formats()
    {
        QFETCH(BlockFormat, format);
        QFETCH(ByteOrder, order);
        QFETCH(QByteArray, hex);
        QFETCH(QList<double>, values);
        const QByteArray payload = QByteArray::fromHex(hex);
        const auto numbers = decodeNumbers(payload, format, order);
        QVERIFY(bool(numbers));
        QVERIFY(numbers.value().states.empty());
        QCOMPARE(QList<double>(numbers.value().values.begin(), numbers.value().values.end()),
                 values);
        QCOMPARE(encodeNumbers(values, format, order).toHex(), hex);
        if (!payload.isEmpty() && bytesPerNumber(format) > 1)
            QCOMPARE(decodeNumbers(payload.chopped(1), format, order).error().code,
                     ErrorCode::Protocol);
    }

    void marks()
    {
        const std::vector<double> values{1, 9.9e37, -9.9e37, 9.91e37, qQNaN(), qInf(), 2};
        for (const BlockFormat format : {BlockFormat::Float32, BlockFormat::Float64}) {
            const QByteArray payload = encodeNumbers(values, format, ByteOrder::BigEndian);
            const auto numbers = decodeNumbers(payload, format, ByteOrder::BigEndian);
            QVERIFY(bool(numbers));
            using enum ValueState;
            const std::vector<ValueState> states{Ok,         Overload, Overload, NotANumber,
                                                 NotANumber, Overload, Ok};
            QVERIFY(numbers.value().states == states);
            QVERIFY(numbers.value().values == (std::vector<double>{1, 0, 0, 0, 0, 0, 2}));
        }
    }

    void integersAreExact()
    {
        const QByteArray payload = QByteArray::fromHex("7fffffffffffffff8000000000000001");
        const auto exact = decodeIntegers(payload, BlockFormat::Int64, ByteOrder::BigEndian);
        using Limit = std::numeric_limits<qint64>;
        QVERIFY(exact.value() == (std::vector<qint64>{Limit::max(), Limit::min() + 1}));
        QCOMPARE(decodeNumbers(payload, BlockFormat::Int64, ByteOrder::BigEndian).error().code,
                 ErrorCode::Protocol);
        QCOMPARE(decodeIntegers(payload, BlockFormat::Float32, ByteOrder::BigEndian).error().code,
                 ErrorCode::Protocol);
        QCOMPARE(decodeIntegers("abc", BlockFormat::Int16, ByteOrder::BigEndian).error().code,
                 ErrorCode::Protocol);
    }

    void encodingKeepsWithinRange()
    {
        const double values[] = {1e9, -1e9, 2.5, 3.5, qQNaN()};
        QCOMPARE(encodeNumbers(values, BlockFormat::Int16, ByteOrder::BigEndian).toHex(),
                 "7fff80000002000480"
                 "00"_ba);
    }
};

QTEST_APPLESS_MAIN(ScpiBlockTest)
#include "tst_scpi_block.moc"
