#include "core/exchange/image_preview.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class ImagePreviewTest : public QObject
{
    Q_OBJECT
private slots:
    void previews_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("width"); // 0: no preview
        QTest::addColumn<int>("height");
        // 1000 x 10 grey pixels, and a header that promises 60000 x 60000.
        const QByteArray wide =
            QByteArray::fromBase64("iVBORw0KGgoAAAANSUhEUgAAA+"
                                   "gAAAAKCAAAAAACrCssAAAAIElEQVR4nO3BAQ0AAADCoPdPbQ8HFAAAAAAAAAAAA"
                                   "DwZJxoAAVZAHWEAAAAASUVORK5CYII=");
        const QByteArray bomb =
            QByteArray::fromBase64("iVBORw0KGgoAAAANSUhEUgAA6mAAAOpgCAIAAAAPsOIVAAAAEUlEQVR4nGNgGAW"
                                   "jYBQMdwAAA+gAAbOm00YAAAAASUVORK5CYII=");
        QTest::newRow("picture") << wide << 1000 << 10;
        QTest::newRow("damaged") << wide.first(60) << 0 << 0;
        QTest::newRow("bomb") << bomb << 0 << 0;
        QTest::newRow("text") << QByteArray("no picture at all") << 0 << 0;
        QTest::newRow("nothing") << QByteArray() << 0 << 0;
    }
    void previews()
    {
        QFETCH(QByteArray, content);
        QFETCH(int, width);
        QFETCH(int, height);
        QTemporaryDir folder;
        QFile file(folder.filePath(u"a.dat"_s)); // the name tells nothing
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(content), content.size());
        file.close();
        const auto preview = imagePreview(file.fileName());
        QCOMPARE(preview.has_value(), width > 0);
        if (!preview)
            return;
        QCOMPARE(preview->width, width);
        QCOMPARE(preview->height, height);
        QVERIFY(preview->thumbnail.startsWith("\x89PNG"));
        const auto thumbnail = [&] {
            QFile small(folder.filePath(u"small.png"_s));
            (void)small.open(QIODevice::WriteOnly);
            small.write(preview->thumbnail);
            small.close();
            return imagePreview(small.fileName());
        }();
        QVERIFY(thumbnail);
        QCOMPARE(thumbnail->width, 256);
    }

    void noFile() { QVERIFY(!imagePreview(u"/no/such/file.png"_s)); }
};

QTEST_GUILESS_MAIN(ImagePreviewTest)
#include "tst_image_preview.moc"
