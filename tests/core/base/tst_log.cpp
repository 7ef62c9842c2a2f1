#include "core/base/file_io.h"
#include "core/base/log.h"
#include "core/base/log_file.h"

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <thread>
#include <vector>

#include <sys/stat.h>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
LogOptions fileOnly(const QTemporaryDir &dir)
{
    LogOptions options;
    options.file = dir.filePath(u"deep/birch.log"_s);
    options.toStderr = false;
    return options;
}

QByteArray textOf(const QString &path)
{
    return readFile(path).value();
}
} // namespace

class LogTest : public QObject
{
    Q_OBJECT

private slots:
    void redaction_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("clean");
        const auto row = [](const char *text, const char *clean) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(clean);
        };
        row("password=geheim host=db", "password=*** host=db");
        row("host=db password='two words' port=1", "host=db password=*** port=1");
        row("PGPASSWORD=x y", "PGPASSWORD=*** y");
        row("{\"password\": \"a\\\"b\", \"user\": \"u\"}", "{\"password\": ***, \"user\": \"u\"}");
        row("Password: geheim", "Password: ***");
        row("token=abc&x=1", "token=***&x=1");
        row("ALTER ROLE ada PASSWORD 'x y'", "ALTER ROLE ada PASSWORD ***");
        row("postgresql://ada:geheim@db/lab", "postgresql://ada:***@db/lab");
        row("postgresql://ada:p@ss:w@db:5432/lab?x=1", "postgresql://ada:***@db:5432/lab?x=1");
        row("postgresql://ada@db/lab", "postgresql://ada@db/lab");
        row("http://host:80/a@b", "http://host:80/a@b");
        row("the password is wrong", "the password is wrong");
        row("10:20@3", "10:20@3");
    }
    void redaction()
    {
        QFETCH(QString, text);
        QFETCH(QString, clean);
        QCOMPARE(redacted(text), clean);
        QCOMPARE(redacted(clean), clean);
    }

    void linesInTheFile()
    {
        const QTemporaryDir dir;
        const LogOptions options = fileOnly(dir);
        {
            const auto log = Log::start(options);
            QVERIFY(log);
            qCWarning(lcEngine) << "stage lost";
            qCInfo(lcStore).noquote() << "postgresql://a:geheim@b/c\nnext\x1b[2J";
            qCDebug(lcStore) << "not at this level";
            qDebug("nor this");
            qCCritical(lcApp) << "bad";
        }
        qCWarning(lcEngine) << "after the log";
        const QList<QByteArray> lines = textOf(options.file).split('\n');
        QCOMPARE(lines.size(), 4);
        static const QRegularExpression form(
            uR"(^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warning birch\.engine: stage lost$)"_s);
        QVERIFY(form.match(QString::fromUtf8(lines[0])).hasMatch());
        QVERIFY(lines[1].endsWith("info birch.store: postgresql://a:***@b/c\\nnext\\x1b[2J"));
        QVERIFY(lines[2].endsWith("error birch.app: bad"));
        struct stat mode {
        };
        QCOMPARE(::stat(QFile::encodeName(options.file).constData(), &mode), 0);
        QCOMPARE(int(mode.st_mode & 0077), 0);
    }

    void levels_data()
    {
        QTest::addColumn<QtMsgType>("level");
        QTest::addColumn<int>("lines");
        QTest::newRow("debug") << QtDebugMsg << 4;
        QTest::newRow("info") << QtInfoMsg << 3;
        QTest::newRow("warning") << QtWarningMsg << 2;
        QTest::newRow("error") << QtCriticalMsg << 1;
    }
    void levels()
    {
        QFETCH(QtMsgType, level);
        QFETCH(int, lines);
        const QTemporaryDir dir;
        LogOptions options = fileOnly(dir);
        options.level = level;
        {
            const auto log = Log::start(options);
            QVERIFY(log);
            QCOMPARE(lcPlan().isDebugEnabled(), level == QtDebugMsg); // not even formatted
            qCDebug(lcPlan) << 1;
            qCInfo(lcPlan) << 2;
            qCWarning(lcPlan) << 3;
            qCCritical(lcPlan) << 4;
        }
        QCOMPARE(textOf(options.file).count('\n'), lines);
    }

    void turnsOver()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"a.log"_s);
        LogFile file(path, 20, 3);
        QVERIFY(file.open());
        for (int i = 0; i < 10; ++i)
            QVERIFY(file.append("line " + QByteArray::number(i) + "\n")); // 7 bytes: two to a file
        QCOMPARE(textOf(path), "line 8\nline 9\n");
        QCOMPARE(textOf(path + u".1"_s), "line 6\nline 7\n");
        QCOMPARE(textOf(path + u".2"_s), "line 4\nline 5\n");
        QVERIFY(!QFile::exists(path + u".3"_s));
        QVERIFY(file.append(QByteArray(100, 'x'))); // longer than a file: still whole
        QCOMPARE(textOf(path), QByteArray(100, 'x'));
    }

    void severalWritersLoseNothing()
    {
        const QTemporaryDir dir;
        const QString path = dir.filePath(u"a.log"_s);
        constexpr int kWriters = 4;
        constexpr int kLines = 500;
        std::vector<std::jthread> threads;
        for (int t = 0; t < kWriters; ++t) { // each with its own descriptor, as processes have
            threads.emplace_back([&, t] {
                LogFile file(path, 4096, 100);
                for (int i = 0; i < kLines; ++i)
                    (void)file.append(QByteArray::number(t) + ' ' + QByteArray::number(i) + '\n');
            });
        }
        threads.clear();
        QByteArray all;
        for (const QFileInfo &info : QDir(dir.path()).entryInfoList(QDir::Files))
            all += textOf(info.filePath());
        QCOMPARE(all.count('\n'), kWriters * kLines);
    }

    void removedFileIsMadeAnew()
    {
        const QTemporaryDir dir;
        const LogOptions options = fileOnly(dir);
        const auto log = Log::start(options);
        QVERIFY(log);
        QVERIFY(QFile::remove(options.file));
        qCWarning(lcBase) << "again";
        QVERIFY(textOf(options.file).contains("again"));
    }

    void unusableFileIsSaid()
    {
        LogOptions options;
        options.file = u"/proc/none/birch.log"_s;
        const auto log = Log::start(options);
        QVERIFY(!log);
        QVERIFY(log.error().message.contains(options.file));
    }
};

QTEST_GUILESS_MAIN(LogTest)
#include "tst_log.moc"
