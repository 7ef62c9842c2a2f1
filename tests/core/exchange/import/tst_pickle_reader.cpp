#include "core/exchange/import/pickle_reader.h"

#include "core/base/file_io.h"
#include "core/exchange/import/sample_pickle.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
constexpr int kProtocols = 6;
constexpr auto kPython = "/usr/bin/python3"; // Debian's: another one may lack NumPy
} // namespace

class PickleReaderTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        const QString script = qEnvironmentVariable("BIRCH_SOURCE_DIR") +
                               u"/tests/core/exchange/import/make_pickles.py"_s;
        QProcess python;
        python.start(QString::fromLatin1(kPython), {script, m_folder.path()});
        QVERIFY2(python.waitForFinished(), "python3 did not end");
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError().constData());
    }

    void plainData_data() { addProtocols(); }
    void plainData()
    {
        const PickleDocument document = read(u"plain"_s);
        const QJsonObject json = PickleView(document).json(document.root).toObject();
        const QJsonObject expected{{u"none"_s, QJsonValue()},
                                   {u"true"_s, true},
                                   {u"false"_s, false},
                                   {u"small"_s, 7},
                                   {u"negative"_s, -300},
                                   {u"word"_s, 70000},
                                   {u"long"_s, 1099511627776.0},
                                   {u"minus"_s, -1099511627776.0},
                                   {u"real"_s, 1.5e-7},
                                   {u"infinity"_s, u"inf"_s},
                                   {u"text"_s, u"Ω ü 漢 🔬"_s},
                                   {u"escapes"_s, u"a\\u0041\nb'\""_s},
                                   {u"bytes"_s, u"base64:AP8nCg=="_s},
                                   {u"empty"_s, u"base64:"_s},
                                   {u"array"_s, u"base64:YWJj"_s},
                                   {u"list"_s, QJsonArray{1, QJsonArray{2, QJsonArray{3}}}},
                                   {u"tuple"_s, QJsonArray{1, 2, 3, 4}},
                                   {u"pair"_s, QJsonArray{1, 2}},
                                   {u"nothing"_s, QJsonArray()},
                                   {u"set"_s, QJsonArray{1}},
                                   {u"frozen"_s, QJsonArray{u"x"_s}},
                                   {u"first"_s, QJsonArray{u"shared"_s}},
                                   {u"second"_s, QJsonArray{u"shared"_s}},
                                   {u"ordered"_s, QJsonObject{{u"a"_s, 1}}},
                                   {u"5"_s, u"five"_s},
                                   {u"long text"_s, QString(300, u'x')}};
        for (auto it = expected.begin(); it != expected.end(); ++it)
            QVERIFY2(json.value(it.key()) == it.value(), qPrintable(it.key()));
        QVERIFY(!json.value(u"huge"_s).toString().isEmpty());
        QCOMPARE(json.size(), expected.size() + 1);
    }

    void cycle_data() { addProtocols(); }
    void cycle()
    {
        const PickleDocument document = read(u"cycle"_s);
        const QJsonObject json = PickleView(document).json(document.root).toObject();
        QCOMPARE(json, (QJsonObject{{u"name"_s, u"loop"_s}, {u"self"_s, u"itself"_s}}));
    }

    void sample_data() { addProtocols(); }
    void sample()
    {
        const PickleDocument document = read(u"sample"_s);
        QCOMPARE(PickleView(document).className(document.root), u"pybirch.queue.samples.Sample"_s);
        QStringList leftOut;
        const auto samples = samplesIn(document, &leftOut);
        QVERIFY(samples);
        QCOMPARE(samples.value().size(), 1);
        QCOMPARE(samples.value()[0].id, u"S-1"_s);
        QCOMPARE(samples.value()[0].material, u"TaAs"_s);
        QCOMPARE(samples.value()[0].tags, (QStringList{u"hall_bar"_s, u"bulk"_s}));
        QVERIFY(!samples.value()[0].image);
        QVERIFY(samples.value()[0].others.isEmpty());
        QVERIFY(leftOut.isEmpty());
    }

    void severalSamples_data() { addProtocols(); }
    void severalSamples()
    {
        const PickleDocument document = read(u"samples"_s);
        QStringList leftOut;
        const auto samples = samplesIn(document, &leftOut);
        QVERIFY(samples);
        QCOMPARE(samples.value().size(), 2);
        QCOMPARE(samples.value()[1].id, u"7"_s);
        QCOMPARE(samples.value()[1].material, u"Au"_s);
        QCOMPARE(leftOut.size(), 1);
    }

    void image_data() { addProtocols(); }
    void image()
    {
        const PickleDocument document = read(u"image"_s);
        QStringList leftOut;
        const auto samples = samplesIn(document, &leftOut);
        QVERIFY(samples);
        const auto &image = samples.value()[0].image;
        QVERIFY(image);
        QCOMPARE(image->shape, (QList<qint64>{3, 4}));
        QCOMPARE(image->kind, 'u');
        QCOMPARE(image->itemBytes, 1);
        QCOMPARE(image->bytes, QByteArray("\0\1\2\3\4\5\6\7\x8\x9\xa\xb", 12));
    }

    /// What NumPy reads from our .npy file is what was pickled.
    void columnMajorImage_data() { addProtocols(); }
    void columnMajorImage()
    {
        const PickleDocument document = read(u"columns"_s);
        QStringList leftOut;
        const auto samples = samplesIn(document, &leftOut);
        QVERIFY(samples);
        const auto &image = samples.value()[0].image;
        QVERIFY(image);
        QVERIFY(image->isBigEndian);
        QFile file(m_folder.filePath(u"columns.npy"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(image->npy());
        file.close();
        QProcess python;
        python.start(QString::fromLatin1(kPython),
                     {u"-c"_s,
                      u"import numpy, sys; a = numpy.load(sys.argv[1]); "
                      "print(a.shape, a.dtype.str, a.sum())"_s,
                      file.fileName()});
        QVERIFY(python.waitForFinished());
        QCOMPARE(python.readAllStandardOutput().trimmed(), "(2, 3) >f4 6.0");
    }

    void emptyImage_data() { addProtocols(); }
    void emptyImage()
    {
        QStringList leftOut;
        const auto samples = samplesIn(read(u"empty"_s), &leftOut);
        QVERIFY(samples);
        QVERIFY(!samples.value()[0].image);
        QVERIFY(samples.value()[0].others.isEmpty());
    }

    /// Pickles that would run a command, evaluate a text, or remove a file.
    void hostile_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("protocol");
        for (const char *name : {"hostile", "evaluated", "removing"}) {
            for (int protocol = 0; protocol < kProtocols; ++protocol)
                QTest::addRow("%s, protocol %d", name, protocol)
                    << QString::fromLatin1(name) << protocol;
        }
    }
    void hostile()
    {
        QFETCH(QString, name);
        const PickleDocument document = read(name);
        const QJsonValue json = PickleView(document).json(document.root);
        const QString told = QString::fromUtf8(QJsonDocument(QJsonArray{json}).toJson());
        QVERIFY2(told.contains(u"system"_s) || told.contains(u"eval"_s) ||
                     told.contains(u"remove"_s),
                 qPrintable(told));
        QStringList leftOut;
        (void)samplesIn(document, &leftOut);
        QVERIFY(!QFile::exists(m_folder.filePath(u"executed"_s)));
        QVERIFY(QFile::exists(m_folder.filePath(u"kept"_s)));
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << u"ends in the middle"_s;
        QTest::newRow("text") << QByteArray("sample_id,name\n") << u"byte"_s;
        QTest::newRow("newer protocol") << QByteArray("\x80\x06N.") << u"protocol 6"_s;
        QTest::newRow("persistent id") << QByteArray("Pfile\n.") << u"persistent id"_s;
        QTest::newRow("binary persistent id") << QByteArray("NQ.") << u"persistent id"_s;
        QTest::newRow("extension") << QByteArray("\x80\x02\x82\x01.") << u"extension registry"_s;
        QTest::newRow("buffer outside") << QByteArray("\x80\x05\x97.") << u"buffer"_s;
        QTest::newRow("nothing on the stack") << QByteArray(".") << u"one value"_s;
        QTest::newRow("two values") << QByteArray("NN.") << u"one value"_s;
        QTest::newRow("length beyond the end")
            << QByteArray("\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff", 11)
            << u"ends in the middle"_s;
        QTest::newRow("unknown reference") << QByteArray("h\x05.") << u"not there"_s;
        QTest::newRow("state for a number") << QByteArray("I1\nNb.") << u"plain value"_s;
        QTest::newRow("key without a value") << QByteArray("(Nd.") << u"no value"_s;
        QTest::newRow("no mark") << QByteArray("t.") << u"mark"_s;
        QTest::newRow("class without a name") << QByteArray("NN\x93.") << u"no text"_s;
        QTest::newRow("too many marks") << QByteArray(20'000, '(') << u"nested"_s;
        QTest::newRow("too high") << QByteArray(1'100'000, ')') << u"stacked"_s;
        QTest::newRow("broken text") << QByteArray("\x80\x04\x8c\x02\xff\xfe.", 7) << u"UTF-8"_s;
        QTest::newRow("not a number") << QByteArray("Iabc\n.") << u"whole number"_s;
    }
    void refused()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, says);
        const auto document = readPickle(bytes);
        QVERIFY(!document);
        QCOMPARE(document.error().code, ErrorCode::BadInput);
        QVERIFY2(document.error().message.contains(says), qPrintable(document.error().message));
    }

    /// A few bytes that say "the list before, twice", thirty times: 2^30 values as a tree.
    void sharing()
    {
        QByteArray bytes("]q\x00"
                         "0",
                         4);
        for (char i = 0; i < 30; ++i) {
            bytes += QByteArray("(h") + i + 'h' + i + 'l';
            bytes += QByteArray("q") + char(i + 1) + '0';
        }
        const auto document = readPickle(bytes + "h\x1e.");
        QVERIFY2(bool(document), document ? "" : qPrintable(document.error().message));
        QCOMPARE(document.value().nodes.size(), size_t(31));
        QVERIFY(PickleView(document.value()).json(document.value().root).isArray());
    }

    void truncated()
    {
        const QByteArray whole = readFile(m_folder.filePath(u"plain.4.pkl"_s)).value();
        for (qsizetype length = 0; length < whole.size(); ++length)
            QVERIFY(!readPickle(QByteArrayView(whole).first(length)));
    }

private:
    void addProtocols()
    {
        QTest::addColumn<int>("protocol");
        for (int protocol = 0; protocol < kProtocols; ++protocol)
            QTest::addRow("protocol %d", protocol) << protocol;
    }
    PickleDocument read(const QString &name)
    {
        QFETCH(int, protocol);
        const QString path = m_folder.filePath(u"%1.%2.pkl"_s.arg(name).arg(protocol));
        auto document = readPickle(readFile(path).value());
        if (!document)
            qFatal("%s: %s", qPrintable(path), qPrintable(document.error().message));
        return std::move(document).value();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(PickleReaderTest)
#include "tst_pickle_reader.moc"
