#include "core/base/column_values.h"

#include <QTest>

#include <bit>
#include <limits>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

QByteArray bytesOf(const ColumnValues &values)
{
    return QByteArray(values.bytes().data(), qsizetype(values.bytes().size()));
}

QByteArray flagsOf(const ColumnValues &values)
{
    return QByteArray(reinterpret_cast<const char *>(values.flags().data()),
                      qsizetype(values.flags().size()));
}

ColumnValues doubles(std::initializer_list<double> list)
{
    ColumnValues values;
    for (const double value : list)
        values.appendDouble(value);
    return values;
}

} // namespace

class ColumnValuesTest : public QObject
{
    Q_OBJECT

private slots:
    void numbersAreBitExact()
    {
        const double odd[] = {-0.0, 5e-324, std::bit_cast<double>(0x7ff4000000000001ULL), qInf(),
                              0.1};
        ColumnValues values;
        for (const double value : odd)
            values.appendDouble(value);
        for (size_t i = 0; i < std::size(odd); ++i)
            QCOMPARE(std::bit_cast<quint64>(values.doubleAt(qint64(i))),
                     std::bit_cast<quint64>(odd[i]));
        ColumnValues whole(ColumnType::Int64);
        whole.appendInt(std::numeric_limits<qint64>::min());
        whole.appendInt(9007199254740993);
        QCOMPARE(whole.intAt(0), std::numeric_limits<qint64>::min());
        QCOMPARE(whole.intAt(1), 9007199254740993);
        ColumnValues flags(ColumnType::Bool);
        flags.appendBool(true);
        flags.appendBool(false);
        QVERIFY(flags.boolAt(0) && !flags.boolAt(1));
    }

    void texts()
    {
        ColumnValues values(ColumnType::Utf8);
        for (const QString &text : {u"µ"_s, u""_s, QString(QChar(0)), u"ok"_s})
            values.appendText(text);
        QCOMPARE(values.textAt(0), u"µ"_s);
        QCOMPARE(values.textAt(1), u""_s);
        QCOMPARE(values.textAt(2), QString(QChar(0)));
        QCOMPARE(values.textAt(3), u"ok"_s);
        QCOMPARE(values.rowCount(), 4);
    }

    void flagsAppearWithTheFirst()
    {
        ColumnValues values = doubles({1, 2});
        QVERIFY(!values.hasFlags());
        values.appendDouble(9.9e37, ValueState::Overload);
        values.appendDouble(4);
        QCOMPARE(flagsOf(values), QByteArray("\0\0\1\0", 4));
        QCOMPARE(values.stateAt(1), ValueState::Ok);
        QCOMPARE(values.stateAt(2), ValueState::Overload);
        values.appendDoubles(std::array{5.0, 6.0});
        QCOMPARE(values.flags().size(), size_t(6));
        values.clear();
        QVERIFY(values.isEmpty() && !values.hasFlags());
    }

    void missingRows_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<qint64>("bytes");
        QTest::newRow("float64") << int(ColumnType::Float64) << qint64(24);
        QTest::newRow("int64") << int(ColumnType::Int64) << qint64(24);
        QTest::newRow("bool") << int(ColumnType::Bool) << qint64(3);
        QTest::newRow("utf8") << int(ColumnType::Utf8) << qint64(12);
    }
    void missingRows()
    {
        QFETCH(int, type);
        QFETCH(qint64, bytes);
        ColumnValues values(ColumnType(type), 3);
        values.appendMissingRow(ValueState::Skipped);
        QCOMPARE(values.rowCount(), 1);
        QCOMPARE(values.valueCount(), 3);
        QCOMPARE(qint64(values.bytes().size()), bytes);
        QCOMPARE(flagsOf(values), QByteArray(3, char(ValueState::Skipped)));
    }

    void appending_data()
    {
        QTest::addColumn<bool>("firstFlagged");
        QTest::addColumn<bool>("secondFlagged");
        QTest::addColumn<QByteArray>("flags");
        QTest::newRow("none") << false << false << ""_ba;
        QTest::newRow("first") << true << false << QByteArray("\2\0", 2);
        QTest::newRow("second") << false << true << QByteArray("\0\2", 2);
        QTest::newRow("both") << true << true << QByteArray("\2\2", 2);
    }
    void appending()
    {
        QFETCH(bool, firstFlagged);
        QFETCH(bool, secondFlagged);
        QFETCH(QByteArray, flags);
        const auto state = [](bool isFlagged) {
            return isFlagged ? ValueState::NotANumber : ValueState::Ok;
        };
        ColumnValues first;
        first.appendDouble(1, state(firstFlagged));
        ColumnValues second;
        second.appendDouble(2, state(secondFlagged));
        first.append(second);
        QCOMPARE(first.valueCount(), 2);
        QCOMPARE(first.doubleAt(1), 2.0);
        QCOMPARE(flagsOf(first), flags);
    }

    void storedFormComesBack_data()
    {
        QTest::addColumn<int>("type");
        for (const auto type :
             {ColumnType::Float64, ColumnType::Int64, ColumnType::Bool, ColumnType::Utf8})
            QTest::newRow(qPrintable(columnTypeName(type))) << int(type);
    }
    void storedFormComesBack()
    {
        QFETCH(int, type);
        ColumnValues values(ColumnType(type), 2);
        values.appendMissingRow(ValueState::Skipped);
        if (ColumnType(type) == ColumnType::Utf8) {
            values.appendText(u"a"_s);
            values.appendText(u"µµ"_s);
        } else {
            values.appendMissingRow(ValueState::Ok);
        }
        ColumnValues back(ColumnType(type), 2);
        QVERIFY(back.assign(bytesOf(values), flagsOf(values), values.valueCount()));
        QVERIFY(back == values);
    }

    void assignRefuses_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<int>("perRow");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("flags");
        QTest::addColumn<qint64>("count");
        const auto row = [](const char *name, ColumnType type, int perRow, const QByteArray &bytes,
                            const QByteArray &flags, qint64 count) {
            QTest::newRow(name) << int(type) << perRow << bytes << flags << count;
        };
        const auto zeros = [](int size) { return QByteArray(size, '\0'); };
        row("too short", ColumnType::Float64, 1, zeros(15), {}, 2);
        row("too long", ColumnType::Float64, 1, zeros(17), {}, 2);
        row("negative", ColumnType::Float64, 1, {}, {}, -1);
        row("half a row", ColumnType::Float64, 2, zeros(24), {}, 3);
        row("few flags", ColumnType::Int64, 1, zeros(16), zeros(1), 2);
        row("many flags", ColumnType::Int64, 1, zeros(16), zeros(3), 2);
        row("unknown flag", ColumnType::Bool, 1, zeros(1), QByteArray(1, 4), 1);
        row("count overflows", ColumnType::Float64, 1, zeros(8), {}, (1LL << 61) + 1);
        row("text cut", ColumnType::Utf8, 1, QByteArray("\5\0\0\0abc", 7), {}, 1);
        row("length cut", ColumnType::Utf8, 1, QByteArray("\5\0\0", 3), {}, 1);
        row("text left over", ColumnType::Utf8, 1, QByteArray("\1\0\0\0ab", 6), {}, 1);
        row("huge text", ColumnType::Utf8, 1, QByteArray("\xff\xff\xff\xff", 4), {}, 1);
        row("no texts", ColumnType::Utf8, 1, {}, {}, 1);
    }
    void assignRefuses()
    {
        QFETCH(int, type);
        QFETCH(int, perRow);
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, flags);
        QFETCH(qint64, count);
        ColumnValues values(ColumnType(type), perRow);
        values.appendMissingRow(ValueState::Skipped);
        const ColumnValues before = values;
        QVERIFY(!values.assign(bytes, flags, count));
        QVERIFY(values == before);
    }

    void names()
    {
        for (const auto type :
             {ColumnType::Float64, ColumnType::Int64, ColumnType::Bool, ColumnType::Utf8}) {
            ColumnType back{};
            QVERIFY(columnTypeFromName(columnTypeName(type), &back));
            QCOMPARE(back, type);
        }
        for (const auto role : {ColumnRole::Time, ColumnRole::Index, ColumnRole::Setpoint,
                                ColumnRole::Readback, ColumnRole::Value}) {
            ColumnRole back{};
            QVERIFY(columnRoleFromName(columnRoleName(role), &back));
            QCOMPARE(back, role);
        }
        ColumnType type = ColumnType::Bool;
        QVERIFY(!columnTypeFromName(u"float"_s, &type));
        QCOMPARE(type, ColumnType::Bool);
        QCOMPARE(valueStateName(ValueState::Overload), u"overload"_s);
        ColumnSpec image;
        QCOMPARE(image.valuesPerRow(), 1);
        image.shape = {3, 4};
        QCOMPARE(image.valuesPerRow(), 12);
    }
};

QTEST_GUILESS_MAIN(ColumnValuesTest)
#include "tst_column_values.moc"
