#include "core/store/lab/attachment_store.h"

#include "core/store/entity/trash.h"
#include "core/store/lab/blob_store.h"
#include "core/store/store_time.h"
#include "tests/core/store/lab_fixture.h"

#include <QCryptographicHash>
#include <QFile>

using namespace birch;
using namespace Qt::StringLiterals;

class AttachmentsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase_data() { test::StoreFixture::addEngines(); }
    void init()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        m_lab.open(m_fixture, isPostgres);
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-1"_s}});
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-2"_s}});
    }
    void cleanup() { m_lab.close(); }

    void bytesComeBack_data()
    {
        QTest::addColumn<qint64>("size");
        QTest::addColumn<qint64>("chunks");
        const qint64 chunk = BlobStore::kChunkBytes;
        QTest::newRow("nothing") << qint64(0) << qint64(0);
        QTest::newRow("one byte") << qint64(1) << qint64(1);
        QTest::newRow("a whole piece") << chunk << qint64(1);
        QTest::newRow("one byte more") << chunk + 1 << qint64(2);
        QTest::newRow("several") << 3 * chunk + 17 << qint64(4);
    }
    void bytesComeBack()
    {
        QFETCH(qint64, size);
        QFETCH(qint64, chunks);
        const QString path = file(u"a.bin"_s, bytes(size));
        const auto made = store().attach(m_lab.session(), {.file = path, .object = kSample});
        BIRCH_VERIFY(made);
        QCOMPARE(made.value().values.value(u"size"_s).toLongLong(), size);
        QCOMPARE(made.value().text(u"sha256"_s),
                 QString::fromLatin1(
                     QCryptographicHash::hash(bytes(size), QCryptographicHash::Sha256).toHex()));
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM blob_chunks"_s), chunks);
        const QString copy = m_fixture.path(u"copy.bin"_s);
        BIRCH_VERIFY(store().save(m_lab.session(), made.value().uid, copy));
        QFile read(copy);
        QVERIFY(read.open(QIODevice::ReadOnly));
        QCOMPARE(read.readAll(), bytes(size));
        QCOMPARE(faults(), QStringList());
    }

    void sameBytesOnce()
    {
        const QString path = file(u"a.bin"_s, bytes(5000));
        for (const QString &object : {u"samples:S-1"_s, u"samples:S-2"_s, u"samples:S-1"_s})
            BIRCH_VERIFY(store().attach(m_lab.session(), {.file = path, .object = object}));
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM attachments"_s), 3);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM blobs"_s), 1);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM blob_chunks"_s), 1);
    }

    void versionsKeepTheirHistory()
    {
        const auto raw =
            store().attach(m_lab.session(),
                           {.file = file(u"a.txt"_s, "one"), .object = kSample, .name = u"Map"_s});
        BIRCH_VERIFY(raw);
        const auto next =
            store().replace(m_lab.session(), raw.value().uid,
                            {.file = file(u"b.txt"_s, "two"), .tier = u"processed"_s});
        BIRCH_VERIFY(next);
        QCOMPARE(next.value().text(u"name"_s), u"Map"_s);
        QCOMPARE(next.value().text(u"tier"_s), u"processed"_s);
        QCOMPARE(next.value().values.value(u"version"_s).toInt(), 2);
        QCOMPARE(store()
                     .replace(m_lab.session(), raw.value().uid, {.file = file(u"c.txt"_s, "three")})
                     .error()
                     .code,
                 ErrorCode::Conflict);
        const auto history = store().history(m_lab.session(), raw.value().uid);
        QCOMPARE(history.value().size(), 2);
        QCOMPARE(history.value().first().uid, next.value().uid);
        QCOMPARE(store().remove(m_lab.session(), next.value().uid).value(), 2);
        Trash trash(m_lab.connection());
        BIRCH_VERIFY(trash.restore(m_lab.session(), u"attachments"_s, raw.value().uid));
        QVERIFY(!m_lab.find(u"attachments"_s, next.value().uid).trashedUs);
    }

    void whatStaysInPlaceIsChecked()
    {
        const QString path = file(u"big.dat"_s, bytes(100));
        const auto made = store().attach(m_lab.session(),
                                         {.file = path, .object = kSample, .staysInPlace = true});
        BIRCH_VERIFY(made);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM blobs"_s), 0);
        QCOMPARE(made.value().text(u"path"_s), path);
        QCOMPARE(faults(), QStringList());
        const QString copy = m_fixture.path(u"copy.dat"_s);
        BIRCH_VERIFY(store().save(m_lab.session(), made.value().uid, copy));
        file(u"big.dat"_s, "changed");
        QCOMPARE(faults().size(), 1);
        for (const QString &said :
             {path, u"expected 100 bytes, SHA-256 "_s + made.value().text(u"sha256"_s),
              u"found 7 bytes"_s})
            QVERIFY2(faults().first().contains(said), qPrintable(faults().first()));
        QCOMPARE(store().save(m_lab.session(), made.value().uid, copy).error().code,
                 ErrorCode::Conflict);
        QVERIFY(QFile::remove(path));
        QVERIFY(faults().value(0).contains(path));
    }

    void garbageIsCollectedLater()
    {
        const auto made =
            store().attach(m_lab.session(), {.file = file(u"a.bin"_s, bytes(10)),
                                             .object = kSample,
                                             .preview = ImagePreview{4, 3, "thumbnail"}});
        BIRCH_VERIFY(made);
        QCOMPARE(store().thumbnail(m_lab.session(), made.value().uid).value(),
                 QByteArray("thumbnail"));
        const qint64 later = nowUs() + 2 * BlobStore::kGraceUs;
        QCOMPARE(blobs().collectGarbage(later).value(), 0);
        BIRCH_VERIFY(store().remove(m_lab.session(), made.value().uid));
        QCOMPARE(blobs().collectGarbage(later).value(), 0); // it may be restored
        BIRCH_VERIFY(
            Trash(m_lab.connection()).purge(m_lab.session(), u"attachments"_s, made.value().uid));
        QCOMPARE(blobs().collectGarbage(nowUs()).value(), 0); // somebody may just be using it
        QCOMPARE(blobs().collectGarbage(later).value(), 2);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM blob_chunks"_s), 0);
    }

    void damageIsFound()
    {
        const auto made = store().attach(
            m_lab.session(), {.file = file(u"a.bin"_s, bytes(2'000'000)), .object = kSample});
        BIRCH_VERIFY(made);
        BIRCH_VERIFY(
            m_lab.connection().execute(u"UPDATE blob_chunks SET payload = ? WHERE position = 0"_s,
                                       {bytes(BlobStore::kChunkBytes).replace(5, 1, "?")}));
        QCOMPARE(faults().size(), 1);
        const QString copy = m_fixture.path(u"damaged.bin"_s);
        QCOMPARE(store().save(m_lab.session(), made.value().uid, copy).error().code,
                 ErrorCode::Storage);
        QVERIFY(!QFile::exists(copy));
        BIRCH_VERIFY(m_lab.connection().execute(u"DELETE FROM blobs"_s));
        QVERIFY(faults().value(0).contains(u"a.bin"_s));
    }

    void refuses()
    {
        QCOMPARE(store()
                     .attach(m_lab.session(), {.file = u"/no/such"_s, .object = kSample})
                     .error()
                     .code,
                 ErrorCode::Io);
        QVERIFY(
            !store().attach(m_lab.session(), {.file = m_fixture.path(u"."_s), .object = kSample}));
        const QString path = file(u"a.bin"_s, "x");
        QCOMPARE(
            store().attach(m_lab.session(), {.file = path, .object = u"samples:No"_s}).error().code,
            ErrorCode::NotFound);
        const Session viewer{u"eve"_s, Role::Viewer};
        QCOMPARE(store().attach(viewer, {.file = path, .object = kSample}).error().code,
                 ErrorCode::Denied);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM blobs"_s), 0);
    }

private:
    QStringList faults()
    {
        QStringList texts;
        const auto examined =
            blobs().check([&texts](const IntegrityFinding &finding) { texts << finding.text(); });
        if (!examined)
            qFatal("%s", qPrintable(examined.error().message));
        return texts;
    }
    const QString kSample = u"samples:S-1"_s;

    AttachmentStore store() { return AttachmentStore(m_lab.connection()); }
    BlobStore blobs() { return BlobStore(m_lab.connection()); }
    static QByteArray bytes(qint64 size)
    {
        QByteArray all(size, Qt::Uninitialized);
        for (qint64 i = 0; i < size; ++i)
            all[i] = char((i * 31 + i / 977) & 0xff);
        return all;
    }
    QString file(const QString &name, const QByteArray &content)
    {
        QFile written(m_fixture.path(name));
        if (!written.open(QIODevice::WriteOnly) || written.write(content) != content.size())
            qFatal("the file could not be written");
        return m_fixture.path(name);
    }

    test::StoreFixture m_fixture;
    test::LabFixture m_lab;
};

QTEST_GUILESS_MAIN(AttachmentsTest)
#include "tst_attachments.moc"
