#include "core/data/byte_shuffle.h"
#include "core/data/chunk_merge.h"
#include "core/data/column_slice.h"
#include "core/data/table_schema_json.h"
#include "tests/core/data/sample_rows.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTest>

#include <bit>
#include <cmath>
#include <cstring>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(birch::ColumnSpec)

namespace {

ColumnSpec spec(ColumnType type, QList<qint64> shape = {})
{
    ColumnSpec column;
    column.name = u"c"_s;
    column.type = type;
    column.shape = std::move(shape);
    return column;
}

/// Random bit patterns: every NaN payload, denormals, both zeros.
ColumnValues randomValues(const ColumnSpec &column, qint64 rows, double flagged, quint32 seed)
{
    QRandomGenerator random(seed);
    ColumnValues values(column.type, column.valuesPerRow());
    for (qint64 i = 0; i < rows * column.valuesPerRow(); ++i) {
        const auto state =
            random.generateDouble() < flagged ? ValueState(1 + random.bounded(3)) : ValueState::Ok;
        switch (column.type) {
        case ColumnType::Float64:
            values.appendDouble(
                i % 3 ? std::bit_cast<double>(random.generate64()) : double(i) * 0.1, state);
            break;
        case ColumnType::Int64:
            values.appendInt(qint64(random.generate64()) >> (i % 64), state);
            break;
        case ColumnType::Bool:
            values.appendBool(random.bounded(2) != 0, state);
            break;
        case ColumnType::Utf8:
            values.appendText(QString(random.bounded(20), QChar(u'µ')), state);
            break;
        }
    }
    return values;
}

double asDouble(const QByteArray &bytes)
{
    return boundAsDouble(bytes, ColumnType::Float64).value_or(qQNaN());
}

} // namespace

class TestChunkCodec : public QObject
{
    Q_OBJECT

private slots:
    void shuffleIsExact()
    {
        QRandomGenerator random(1);
        for (size_t count = 0; count < 70; ++count) {
            QByteArray bytes(qsizetype(count * 8), '\0');
            for (char &byte : bytes)
                byte = char(random.generate());
            QByteArray shuffled(bytes.size(), '\0');
            QByteArray back(bytes.size(), '\0');
            shuffle8(bytes.constData(), shuffled.data(), count);
            unshuffle8(shuffled.constData(), back.data(), count);
            QCOMPARE(back, bytes);
            for (size_t i = 0; i < count; ++i) {
                for (size_t b = 0; b < 8; ++b)
                    QCOMPARE(shuffled[qsizetype(b * count + i)], bytes[qsizetype(i * 8 + b)]);
            }
        }
    }

    void roundTrip_data()
    {
        QTest::addColumn<ColumnSpec>("column");
        QTest::addColumn<qint64>("rows");
        QTest::addColumn<double>("flagged");
        for (const auto type :
             {ColumnType::Float64, ColumnType::Int64, ColumnType::Bool, ColumnType::Utf8}) {
            for (const qint64 rows : {0, 1, 7, 1000}) {
                for (const double flagged : {0.0, 0.1, 1.0}) {
                    const QByteArray name = columnTypeName(type).toLatin1();
                    QTest::addRow("%s %lld rows, %g flagged", name.constData(), rows, flagged)
                        << spec(type) << rows << flagged;
                    QTest::addRow("%s[3][2] %lld rows, %g flagged", name.constData(), rows, flagged)
                        << spec(type, {3, 2}) << rows << flagged;
                }
            }
        }
    }
    void roundTrip()
    {
        QFETCH(ColumnSpec, column);
        QFETCH(qint64, rows);
        QFETCH(double, flagged);
        for (const bool compress : {false, true}) {
            ChunkEncoder encoder(compress);
            for (quint32 seed = 0; seed < 5; ++seed) {
                const ColumnValues values = randomValues(column, rows, flagged, seed);
                const Chunk chunk = encoder.encode(2, 3, 17, values);
                QCOMPARE(chunk.firstRow, 17);
                QCOMPARE(chunk.rowCount, rows);
                const auto back = decodeChunk(chunk, column);
                QVERIFY2(back, back ? "" : qPrintable(back.error().message));
                QVERIFY(back.value() == values);
                QVERIFY(chunk.payload.size() <= qsizetype(values.bytes().size()));
            }
        }
    }

    void boundsAreOverOkFiniteValues()
    {
        ColumnValues values;
        for (const double value : {3.0, -1.0, 7.0, qInf(), -qInf(), qQNaN()})
            values.appendDouble(value);
        values.appendDouble(1e9, ValueState::Overload);
        ChunkEncoder encoder;
        Chunk chunk = encoder.encode(0, 0, 0, values);
        QCOMPARE(asDouble(chunk.minimum), -1.0);
        QCOMPARE(asDouble(chunk.maximum), 7.0);
        QCOMPARE(chunk.flaggedCount, 1);

        ColumnValues none;
        none.appendDouble(qQNaN());
        none.appendDouble(5, ValueState::Skipped);
        chunk = encoder.encode(0, 0, 0, none);
        QVERIFY(chunk.minimum.isEmpty() && chunk.maximum.isEmpty());

        ColumnValues numbers(ColumnType::Int64);
        numbers.appendInt(std::numeric_limits<qint64>::min());
        numbers.appendInt(std::numeric_limits<qint64>::max());
        chunk = encoder.encode(0, 0, 0, numbers);
        QCOMPARE(chunk.minimum, QByteArray("\0\0\0\0\0\0\0\x80", 8));
        QCOMPARE(chunk.maximum, QByteArray("\xff\xff\xff\xff\xff\xff\xff\x7f", 8));

        ColumnValues texts(ColumnType::Utf8);
        texts.appendText(u"a"_s);
        QVERIFY(encoder.encode(0, 0, 0, texts).minimum.isEmpty());
    }

    void smoothDataShrinks()
    {
        ColumnValues values;
        for (int i = 0; i < 4096; ++i)
            values.appendDouble(i * 0.001);
        const Chunk chunk = ChunkEncoder().encode(0, 0, 0, values);
        QCOMPARE(chunk.codec, ChunkCodec::ShuffleZstd);
        QVERIFY(chunk.payload.size() < 4096 * 8 * 3 / 4);
    }

    void hostileInputIsRefused_data()
    {
        QTest::addColumn<std::function<void(Chunk &)>>("spoil");
        using Spoil = std::function<void(Chunk &)>;
        QTest::newRow("unknown codec") << Spoil([](Chunk &c) { c.codec = ChunkCodec(9); });
        QTest::newRow("raw of another size") << Spoil([](Chunk &c) { c.codec = ChunkCodec::Raw; });
        QTest::newRow("negative rows") << Spoil([](Chunk &c) { c.rowCount = -1; });
        QTest::newRow("too many rows")
            << Spoil([](Chunk &c) { c.rowCount = std::numeric_limits<qint64>::max(); });
        QTest::newRow("more rows than bytes") << Spoil([](Chunk &c) { c.rowCount += 1; });
        QTest::newRow("fewer rows than bytes") << Spoil([](Chunk &c) { c.rowCount -= 1; });
        QTest::newRow("no payload") << Spoil([](Chunk &c) { c.payload.clear(); });
        QTest::newRow("cut payload") << Spoil([](Chunk &c) { c.payload.chop(3); });
        QTest::newRow("flags of another size") << Spoil(
            [](Chunk &c) { c.flags = QByteArray("\x28\xb5\x2f\xfd\x20\x01\x09\x00\x00\x01", 10); });
        QTest::newRow("flags that are no frame") << Spoil([](Chunk &c) { c.flags = "junk"; });
        QTest::newRow("frame that claims a gigabyte") << Spoil([](Chunk &c) {
            c.payload =
                QByteArray("\x28\xb5\x2f\xfd\xe0\x00\x00\x00\x40\x00\x00\x00\x00\x01\x00\x00", 16);
        });
    }
    void hostileInputIsRefused()
    {
        QFETCH(std::function<void(Chunk &)>, spoil);
        ColumnValues values;
        for (int i = 0; i < 500; ++i)
            values.appendDouble(i);
        Chunk chunk = ChunkEncoder().encode(0, 0, 0, values);
        QCOMPARE(chunk.codec, ChunkCodec::ShuffleZstd);
        spoil(chunk);
        const auto decoded = decodeChunk(chunk, spec(ColumnType::Float64));
        QVERIFY(!decoded);
        QCOMPARE(decoded.error().code, ErrorCode::BadInput);
    }

    void anyBytesGiveValuesOrAnError()
    {
        QRandomGenerator random(3);
        ChunkEncoder encoder;
        for (int i = 0; i < 3000; ++i) {
            const auto type = ColumnType(random.bounded(4));
            const ColumnSpec column = spec(type);
            Chunk chunk = encoder.encode(0, 0, 0, randomValues(column, 20, 0.2, quint32(i)));
            QByteArray &bytes = i % 2 && !chunk.flags.isEmpty() ? chunk.flags : chunk.payload;
            const qsizetype at = random.bounded(int(bytes.size()));
            bytes[at] = char(random.generate());
            const auto decoded = decodeChunk(chunk, column);
            if (decoded)
                QCOMPARE(decoded.value().rowCount(), 20);
        }
    }

    void impossibleShapes_data()
    {
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<bool>("isStorable");
        QTest::newRow("scalar") << QList<qint64>{} << true;
        QTest::newRow("spectrum") << QList<qint64>{1024} << true;
        QTest::newRow("empty") << QList<qint64>{0} << false;
        QTest::newRow("negative") << QList<qint64>{-4} << false;
        QTest::newRow("overflow") << QList<qint64>{qint64(1) << 40, qint64(1) << 40} << false;
        QTest::newRow("beyond the database") << QList<qint64>{200'000'000} << false;
    }
    void impossibleShapes()
    {
        QFETCH(QList<qint64>, shape);
        QFETCH(bool, isStorable);
        QCOMPARE(birch::isStorable(spec(ColumnType::Float64, shape)), isStorable);
        if (!isStorable)
            QVERIFY(!decodeChunk(Chunk{}, spec(ColumnType::Float64, shape)));
    }

    void slices_data()
    {
        QTest::addColumn<ColumnSpec>("column");
        QTest::newRow("float64") << spec(ColumnType::Float64);
        QTest::newRow("bool[2]") << spec(ColumnType::Bool, {2});
        QTest::newRow("utf8") << spec(ColumnType::Utf8);
        QTest::newRow("utf8[2]") << spec(ColumnType::Utf8, {2});
    }
    void slices()
    {
        QFETCH(ColumnSpec, column);
        const ColumnValues all = randomValues(column, 10, 0.3, 5);
        for (qint64 first = 0; first <= 10; ++first) {
            ColumnValues joined = sliceRows(all, 0, first);
            joined.append(sliceRows(all, first, 10 - first));
            QVERIFY(joined == all);
        }
    }

    /// A scan of one row per commit ends as dozens of chunks; each value is rewritten a few times
    /// only.
    void mergingKeepsChunksFew_data()
    {
        QTest::addColumn<int>("commits");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("bytesPerRow");
        QTest::addColumn<int>("mostChunks");
        QTest::newRow("one row a second for a week") << 604800 << 1 << 8 << 37 + 60;
        QTest::newRow("17 rows") << 20000 << 17 << 8 << 21 + 60;
        QTest::newRow("spectra") << 20000 << 1 << 8192 << 20000 / 64 + 60;
        QTest::newRow("full chunks") << 100 << 16384 << 8 << 100;
        QTest::newRow("half chunks") << 100 << 8192 << 8 << 51;
        QTest::newRow("large rows") << 100 << 1 << 4 << 60;
    }
    void mergingKeepsChunksFew()
    {
        QFETCH(int, commits);
        QFETCH(int, rows);
        QFETCH(int, bytesPerRow);
        QFETCH(int, mostChunks);
        std::vector<ChunkExtent> chunks;
        qint64 written = 0;
        qint64 nextRow = 0;
        for (int i = 0; i < commits; ++i) {
            chunks.push_back({nextRow, rows, qint64(rows) * bytesPerRow});
            nextRow += rows;
            written += rows;
            while (true) {
                const size_t base = chunks.size() - std::min<size_t>(chunks.size(), 64);
                const auto run = planMerge(std::span(chunks).subspan(base)); // the tail is enough
                if (!run)
                    break;
                QVERIFY(run->count > 1);
                const auto first = chunks.begin() + qsizetype(base) + run->first;
                for (auto next = first + 1; next != first + run->count; ++next) {
                    first->rowCount += next->rowCount;
                    first->bytes += next->bytes;
                }
                QVERIFY(first->rowCount <= 16384 && first->bytes <= (1 << 20));
                written += first->rowCount;
                chunks.erase(first + 1, first + run->count);
            }
        }
        QVERIFY2(int(chunks.size()) <= mostChunks, qPrintable(QString::number(chunks.size())));
        QVERIFY2(double(written) / double(nextRow) <= 5.0,
                 qPrintable(QString::number(double(written) / double(nextRow))));
    }

    void mergedChunkHoldsTheSameBits()
    {
        const ColumnSpec column = spec(ColumnType::Float64, {2});
        const ColumnValues all = randomValues(column, 60, 0.1, 9);
        ChunkEncoder encoder;
        std::vector<Chunk> parts;
        for (qint64 row = 0; row < 60; row += 20)
            parts.push_back(encoder.encode(1, 2, 100 + row, sliceRows(all, row, 20)));
        const auto merged = mergeChunks(parts, column, encoder);
        QVERIFY(merged);
        QCOMPARE(merged.value().firstRow, 100);
        QCOMPARE(merged.value().rowCount, 60);
        QVERIFY(decodeChunk(merged.value(), column).value() == all);
        std::swap(parts[0], parts[1]);
        QVERIFY(!mergeChunks(parts, column, encoder));
    }

    void schemaAsJson()
    {
        TableSchema schema = sampleSchema();
        schema.columns[5].axes = {{u"wavelength"_s, u"nm"_s, {400.1, 500, 0.1 + 0.2, 1e-300}}};
        const auto json =
            QJsonDocument::fromJson(QJsonDocument(tableSchemaToJson(schema)).toJson()).object();
        const auto back = tableSchemaFromJson(json);
        QVERIFY(back);
        QVERIFY(back.value() == schema);
        QJsonObject bad = columnSpecToJson(schema.columns[0]);
        bad[u"type"_s] = u"float32"_s;
        QVERIFY(!columnSpecFromJson(bad));
    }
};

QTEST_GUILESS_MAIN(TestChunkCodec)
#include "tst_chunk_codec.moc"
