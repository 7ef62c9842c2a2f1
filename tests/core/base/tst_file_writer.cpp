#include "core/base/file_writer.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : "(none)"_ba;
}

QStringList entriesOf(const QTemporaryDir &dir)
{
    return QDir(dir.path()).entryList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name);
}

/// No file of this process may grow past \a bytes while this lives: a disk that fills up.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit small{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    Q_DISABLE_COPY_MOVE(FileSizeLimit)

private:
    rlimit m_before{};
};

} // namespace

class FileWriterTest : public QObject
{
    Q_OBJECT

private slots:
    void appearsOnCommitOnly()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"a.csv"_s);
        auto file = FileWriter::create(path);
        QVERIFY(file);
        QVERIFY(file.value().write("one,"));
        QVERIFY(file.value().write("two"));
        QCOMPARE(file.value().bytesWritten(), 7);
        QVERIFY(!QFile::exists(path));
        QCOMPARE(entriesOf(dir).size(), 1); // the temporary, in the same folder
        QVERIFY(file.value().commit());
        QCOMPARE(contentOf(path), "one,two");
        QCOMPARE(entriesOf(dir), QStringList{u"a.csv"_s});
    }

    void droppedLeavesNothing()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"a.csv"_s);
        QVERIFY(writeFile(path, "old"));
        {
            auto file = FileWriter::create(path);
            QVERIFY(file);
            QVERIFY(file.value().write("new"));
            FileWriter moved = std::move(file).value();
            QVERIFY(moved.write("er"));
        }
        QCOMPARE(contentOf(path), "old");
        QCOMPARE(entriesOf(dir).size(), 1);
    }

    void replacesAndKeepsModeAndLink()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"a.yaml"_s);
        const QString link = dir.filePath(u"link.yaml"_s);
        QVERIFY(writeFile(path, "old"));
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), 0640), 0);
        QVERIFY(QFile::link(path, link));
        QVERIFY(writeFile(link, "new"));
        QCOMPARE(contentOf(path), "new");
        QVERIFY(QFileInfo(link).isSymLink());
        struct stat now {
        };
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &now), 0);
        QCOMPARE(int(now.st_mode & 0777), 0640);
    }

    void aFullDiskIsSaidAndLeavesTheOldFile()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"a.csv"_s);
        QVERIFY(writeFile(path, "old"));
        {
            const FileSizeLimit limit(8192);
            auto file = FileWriter::create(path);
            QVERIFY(file);
            QVERIFY(file.value().write(QByteArray(8000, 'x')));
            const Status full = file.value().write(QByteArray(8000, 'x'));
            QVERIFY(!full);
            QCOMPARE(full.error().code, ErrorCode::Full);
            QVERIFY(full.error().message.contains(path));
            QVERIFY(!file.value().commit()); // a torn file is never published
        }
        QCOMPARE(contentOf(path), "old");
        QCOMPARE(entriesOf(dir).size(), 1);
    }

    void noSpaceIsFull()
    {
        const int fd = ::open("/dev/full", O_WRONLY);
        QVERIFY(fd >= 0);
        const Status full = writeAll(fd, "x", u"scan.csv"_s);
        ::close(fd);
        QVERIFY(!full);
        QCOMPARE(full.error().code, ErrorCode::Full);
        QVERIFY(full.error().message.contains(u"scan.csv"));
    }

    void longNames()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(QString(250, u'ü').left(125) + u".csv"_s); // NAME_MAX 255
        const Status written = writeFile(path, "x");
        QVERIFY2(written, written ? "" : qPrintable(written.error().message));
        QCOMPARE(contentOf(path), "x");
    }

    /// What a killed program left goes; what is being written, and others' files, stay.
    void abandoned()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"a.sqlite"_s);
        const QStringList left{u".a.sqlite.0123abcd.part"_s, u".a.sqlite.0123abcd.part-journal"_s};
        const QStringList kept{u".a.sqlite.part"_s, u".b.sqlite.0123abcd.part"_s};
        for (const QString &name : left + kept) {
            QFile file(dir.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
        }
        auto writer = FileWriter::create(path);
        QVERIFY(writer);
        FileWriter::removeAbandoned(path);
        for (const QString &name : left)
            QVERIFY2(!QFile::exists(dir.filePath(name)), qPrintable(name));
        for (const QString &name : kept)
            QVERIFY2(QFile::exists(dir.filePath(name)), qPrintable(name));
        QVERIFY(writer.value().write("x"));
        QVERIFY(writer.value().commit());
        QCOMPARE(contentOf(path), "x");
    }

    void refused()
    {
        const QTemporaryDir dir;
        const Status noFolder = writeFile(dir.filePath(u"none/a.csv"_s), "x");
        QVERIFY(!noFolder);
        QCOMPARE(noFolder.error().code, ErrorCode::NotFound);
        const Status isFolder = writeFile(dir.path(), "x");
        QVERIFY(!isFolder);
        QCOMPARE(isFolder.error().code, ErrorCode::BadInput);
        QVERIFY(!writeFile(u"/proc/nothing/here"_s, "x"));
    }

    void reading()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"a"_s);
        QVERIFY(writeFile(path, QByteArray("a\0b", 3)));
        QCOMPARE(readFile(path).value(), QByteArray("a\0b", 3));
        QCOMPARE(readFile(path, 3).value().size(), 3);
        const auto tooLarge = readFile(path, 2);
        QVERIFY(!tooLarge);
        QCOMPARE(tooLarge.error().code, ErrorCode::BadInput);
        QCOMPARE(readFile(dir.filePath(u"b"_s)).error().code, ErrorCode::NotFound);
        QCOMPARE(readFile(dir.path()).error().code, ErrorCode::BadInput);
    }
};

QTEST_GUILESS_MAIN(FileWriterTest)
#include "tst_file_writer.moc"
