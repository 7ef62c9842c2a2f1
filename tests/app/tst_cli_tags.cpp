#include "tests/app/test_bench.h"
#include "tests/support/postgres_server.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace birch::test;
using namespace Qt::StringLiterals;

/// What is done to a tag reaches everything that birchctl shows of a scan.
class CliTagsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QString problem;
        m_server = PostgresServer::start(&problem);
        QVERIFY2(m_server, qPrintable(problem));
    }

    void tagsOfARun_data()
    {
        QTest::addColumn<QString>("database");
        QTest::newRow("SQLite") << QString();
        QTest::newRow("PostgreSQL") << m_server->url(u"tagged"_s);
    }
    void tagsOfARun()
    {
        QFETCH(QString, database);
        const TestStation station(database);
        const TestBench bench(station);
        QVERIFY2(bench.problem().isEmpty(), qPrintable(bench.problem()));
        QCOMPARE(station.run({u"db"_s, u"init"_s}).exitCode, 0);
        const QString tree = station.write(u"short.scan.json"_s, killTree(1, 3));
        const Outcome done = station.run({u"run"_s, tree, u"--bench"_s, bench.file(), u"--tag"_s,
                                          u"cold"_s, u"--tag"_s, u"Raw"_s, u"--json"_s});
        QVERIFY2(done.exitCode == 0, done.messages);
        const QString scan = done.json()[u"scans"][0][u"scan_id"].toString();
        QCOMPARE(tagsOf(station, scan), (QStringList{u"Raw"_s, u"cold"_s}));

        const auto call = [&station](const QStringList &arguments) {
            const Outcome called = station.run(arguments);
            QVERIFY2(called.exitCode == 0, called.messages);
        };
        call({u"tags"_s, u"edit"_s, u"cold"_s, u"name=frozen"_s});
        QCOMPARE(tagsOf(station, scan), (QStringList{u"Raw"_s, u"frozen"_s}));
        QCOMPARE(hits(station, u"cold"_s), 0);
        QCOMPARE(hits(station, u"frozen"_s), 1);
        for (const QString &format : {u"json"_s, u"csv"_s, u"hdf5"_s}) {
            const QString file = station.path(u"out."_s + format);
            call({u"export"_s, scan, u"--format"_s, format, u"--output"_s, file});
            QVERIFY2(anyHolds(file, "frozen"), qPrintable(format));
        }
        call({u"tag"_s, u"merge"_s, u"Raw"_s, u"frozen"_s});
        QCOMPARE(tagsOf(station, scan), QStringList{u"frozen"_s});
        call({u"tag"_s, u"remove"_s, u"FROZEN"_s, u"scans:"_s + scan});
        QCOMPARE(tagsOf(station, scan), QStringList());
        QCOMPARE(hits(station, u"frozen"_s), 0);
    }

private:
    static QStringList tagsOf(const TestStation &station, const QString &scan)
    {
        return station.show(scan)[u"tags"].toVariant().toStringList();
    }
    static int hits(const TestStation &station, const QString &text)
    {
        return station.run({u"search"_s, text, u"kind:scans"_s, u"--json"_s})
            .json()[u"total"]
            .toInt(-1);
    }
    /// The file, or one of those in the folder of that name.
    static bool anyHolds(const QString &path, const QByteArray &text)
    {
        QStringList files{path};
        for (const QFileInfo &file : QDir(path).entryInfoList(QDir::Files))
            files << file.filePath();
        for (const QString &name : files) {
            QFile file(name);
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(text))
                return true;
        }
        return false;
    }

    std::unique_ptr<PostgresServer> m_server;
};

QTEST_GUILESS_MAIN(CliTagsTest)
#include "tst_cli_tags.moc"
