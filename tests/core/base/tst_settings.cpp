#include "core/base/file_writer.h"
#include "core/base/settings.h"
#include "core/base/settings_file.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace birch;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// A person's home of their own.
struct Person {
    QTemporaryDir dir;
    SettingSources sources;

    Person()
    {
        sources.environment.insert(u"HOME"_s, dir.path());
        sources.file = settingsFilePath(sources.environment);
    }
    void writeYaml(const QByteArray &text) const
    {
        QDir().mkpath(dir.filePath(u".config/birch"_s));
        QVERIFY(writeFile(sources.file, text));
    }
    QByteArray yaml() const { return readFile(sources.file).value(); }
    Settings resolve() const
    {
        Problems problems;
        Settings settings = Settings::resolve(sources, &problems);
        for (const Problem &problem : problems)
            qWarning("%s", qPrintable(problem.message));
        if (!problems.isEmpty())
            QTest::qFail("unexpected problems", __FILE__, __LINE__);
        return settings;
    }
};

} // namespace

class SettingsTest : public QObject
{
    Q_OBJECT

private slots:
    void defaults()
    {
        const Person person;
        const Settings settings = person.resolve();
        QCOMPARE(settings.integer(Setting::FlushRows), 4096);
        QCOMPARE(settings.integer(Setting::FlushBytes), 256 * 1024);
        QCOMPARE(settings.duration(Setting::FlushInterval), Nanoseconds(1s));
        QCOMPARE(settings.integer(Setting::ChunkRows), 16384);
        QCOMPARE(settings.flag(Setting::ChunkCompression), true);
        QCOMPARE(settings.duration(Setting::SpoolSyncInterval), Nanoseconds(200ms));
        QCOMPARE(settings.integer(Setting::SpoolSegmentBytes), 64 * 1024 * 1024);
        QCOMPARE(settings.duration(Setting::ReconnectFirstDelay), Nanoseconds(200ms));
        QCOMPARE(settings.duration(Setting::ReconnectLongestDelay), Nanoseconds(2s));
        QCOMPARE(settings.integer(Setting::ReconnectLastTries), 3);
        QCOMPARE(settings.duration(Setting::ReconnectLastDelay), Nanoseconds(5s));
        QCOMPARE(settings.integer(Setting::PageSize), 50);
        QCOMPARE(settings.duration(Setting::TrashRetention), Nanoseconds(720h));
        QCOMPARE(settings.duration(Setting::StatusInterval), Nanoseconds(30s));
        QCOMPARE(settings.duration(Setting::DiscoveryInterval), Nanoseconds(60s));
        const QString data = person.dir.path() + u"/.local/share/birch/"_s;
        QCOMPARE(settings.text(Setting::DataPath), data + u"birch.sqlite"_s);
        QCOMPARE(settings.text(Setting::SpoolPath), data + u"spool"_s);
        QCOMPARE(settings.origin(Setting::DataPath), SettingOrigin::Default);
        QCOMPARE(settings.originText(Setting::DataPath), u"default"_s);
        static const QRegularExpression name(u"^[A-Z0-9-]{1,32}$"_s);
        QVERIFY(name.match(settings.text(Setting::StationName)).hasMatch());
    }

    void tableIsSound()
    {
        QSet<QString> keys;
        QSet<QString> environment;
        for (const SettingSpec &spec : settingTable()) {
            const auto key = QString::fromUtf16(spec.key);
            const auto name = QString::fromLatin1(spec.environment);
            QVERIFY2(!keys.contains(key) && !environment.contains(name), qPrintable(key));
            QCOMPARE(name, u"BIRCH_"_s + QString(key).replace(u'.', u'_').toUpper());
            QVERIFY(findSetting(key) == &spec);
            QVERIFY(!settingHelp(spec).isEmpty());
            keys.insert(key);
            environment.insert(name);
        }
        QVERIFY(!findSetting(u"nothing"_s));
    }

    void theStrongestSourceWins()
    {
        Person person;
        const auto level = [&] {
            const Settings settings = person.resolve();
            return std::pair(settings.integer(Setting::PageSize),
                             settings.originText(Setting::PageSize));
        };
        QCOMPARE(level(), std::pair(qint64(50), u"default"_s));
        person.sources.database[u"list.page_size"_s] = u"60"_s;
        QCOMPARE(level(), std::pair(qint64(60), u"database"_s));
        person.writeYaml("# mine\nlist.page_size: 70\n");
        QCOMPARE(level(), std::pair(qint64(70), person.sources.file + u":2"_s));
        person.sources.environment.insert(u"BIRCH_LIST_PAGE_SIZE"_s, u"80"_s);
        QCOMPARE(level(), std::pair(qint64(80), u"BIRCH_LIST_PAGE_SIZE"_s));
        person.sources.flags[u"list.page_size"_s] = u"90"_s;
        QCOMPARE(level(), std::pair(qint64(90), u"flag"_s));
    }

    void databaseComesLaterAndWeakest()
    {
        Person person;
        person.writeYaml("flush:\n  rows: 100\n");
        Settings settings = person.resolve();
        Problems problems;
        settings.addDatabase({{u"flush.rows"_s, u"200"_s},
                              {u"chunk.rows"_s, u"1024"_s},
                              {u"log.level"_s, u"debug"_s}, // of a station: not from there
                              {u"of.a.newer.version"_s, u"1"_s}},
                             &problems);
        QVERIFY(problems.isEmpty());
        QCOMPARE(settings.integer(Setting::FlushRows), 100);
        QCOMPARE(settings.integer(Setting::ChunkRows), 1024);
        QCOMPARE(settings.text(Setting::LogLevel), u"info"_s);
    }

    void values_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("value"); // as JSON text; empty: refused
        const auto row = [](const char *key, const char *text, const char *value) {
            QTest::newRow(QByteArray(key) + '=' + text)
                << QString::fromUtf8(key) << QString::fromUtf8(text) << QString::fromUtf8(value);
        };
        row("flush.rows", "1", "1");
        row("flush.rows", "0", "");
        row("flush.rows", "16385", "");
        row("flush.rows", "1e3", "");
        row("flush.rows", "many", "");
        row("flush.bytes", "8192", "8192");
        row("flush.bytes", "1 MiB", "1048576");
        row("flush.bytes", "1.5 KiB", "");
        row("flush.bytes", "8.5 KiB", "8704");
        row("flush.bytes", "64 kB", "64000");
        row("flush.bytes", "64kiB", "65536");
        row("flush.bytes", "64 XB", "");
        row("flush.bytes", "-5", "");
        row("flush.interval", "2", "2");
        row("flush.interval", "500 ms", "0.5");
        row("flush.interval", "1 min", "60");
        row("flush.interval", "1 V", "");
        row("flush.interval", "2 h", "");
        row("chunk.compression", "Off", "false");
        row("chunk.compression", "yes", "true");
        row("chunk.compression", "perhaps", "");
        row("log.level", "DEBUG", "\"debug\"");
        row("log.level", "loud", "");
        row("station.name", "lab-3", "\"LAB-3\"");
        row("station.name", "lab 3", "");
        row("station.name", "-", "");
        row("data.path", "/a/../b.sqlite", "\"/b.sqlite\"");
        row("window.theme", "dark", "\"dark\"");
    }

    void values()
    {
        QFETCH(QString, key);
        QFETCH(QString, text);
        QFETCH(QString, value);
        Person person;
        person.sources.flags[key] = text;
        Problems problems;
        const Settings settings = Settings::resolve(person.sources, &problems);
        const QJsonObject described = settings.describe(findSetting(key)->id);
        QCOMPARE(problems.isEmpty(), !value.isEmpty());
        if (value.isEmpty()) {
            QCOMPARE(problems.size(), 1);
            QCOMPARE(problems[0].field, key);
            QVERIFY(!problems[0].remedy.isEmpty());
            QCOMPARE(described[u"origin"_s].toString(), u"default"_s);
        } else {
            const QByteArray json = canonicalArray(described[u"value"_s]);
            QCOMPARE(json, '[' + value.toUtf8() + ']');
            QCOMPARE(described[u"text"_s].toString(), text);
        }
    }

    void filesWithFaults_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown key") << "log.level: info\nlog.lvl: debug\n"_ba << 2 << u"log.lvl"_s;
        QTest::newRow("unknown nested")
            << "log:\n  level: info\n  lvl: debug\n"_ba << 3 << u"log.lvl"_s;
        QTest::newRow("bad value") << "\nflush.rows: many\n"_ba << 2 << u"whole number"_s;
        QTest::newRow("no YAML") << "a: 1\nb: [\n"_ba << 3 << u"YAML"_s;
        QTest::newRow("list") << "- a\n"_ba << 1 << u"no settings"_s;
        QTest::newRow("twice") << "log.level: info\nlog:\n  level: debug\n"_ba << 3 << u"twice"_s;
        QTest::newRow("list value") << "flush.rows: [1, 2]\n"_ba << 1 << u"single value"_s;
        QTest::newRow("binary") << QByteArray("\x01\x02\x00", 3) << 1 << u""_s;
    }

    void filesWithFaults()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(int, line);
        QFETCH(QString, says);
        Person person;
        person.writeYaml(yaml);
        Problems problems;
        const Settings settings = Settings::resolve(person.sources, &problems);
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems[0].file, person.sources.file);
        QCOMPARE(problems[0].line, line);
        QVERIFY2(problems[0].message.contains(says), qPrintable(problems[0].message));
        QVERIFY(!problems[0].remedy.isEmpty());
        QCOMPARE(settings.integer(Setting::FlushRows), 4096);
    }

    void misprintsAreNamed()
    {
        Person person;
        person.sources.flags[u"log.levle"_s] = u"debug"_s;
        Problems problems;
        (void)Settings::resolve(person.sources, &problems);
        QCOMPARE(problems.size(), 1);
        QVERIFY(problems[0].remedy.contains(u"log.level"));
    }

    void paths()
    {
        Person person;
        person.writeYaml("data.path: ~/lab.sqlite\nspool.path: spool\n");
        person.sources.environment.insert(u"XDG_DATA_HOME"_s, u"/data"_s);
        const Settings settings = person.resolve();
        QCOMPARE(settings.text(Setting::DataPath), person.dir.path() + u"/lab.sqlite"_s);
        QCOMPARE(settings.text(Setting::SpoolPath), person.dir.path() + u"/.config/birch/spool"_s);
        QCOMPARE(settings.text(Setting::LogFile), u"/data/birch/birch.log"_s);
        QProcessEnvironment xdg;
        xdg.insert(u"XDG_CONFIG_HOME"_s, u"/etc/me"_s);
        QCOMPARE(settingsFilePath(xdg), u"/etc/me/birch/birch.yaml"_s);
    }

    void saving_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QByteArray>("after"); // empty: refused, file unchanged
        const auto row = [](const char *name, const char *before, const char *key,
                            const char *value, const char *after) {
            QTest::newRow(name) << QByteArray(before) << QString::fromUtf8(key)
                                << QString::fromUtf8(value) << QByteArray(after);
        };
        row("first", "", "log.level", "debug", "log.level: debug\n");
        row("appended", "# a\nflush.rows: 1", "log.level", "debug",
            "# a\nflush.rows: 1\nlog.level: debug\n");
        row("replaced", "a: x\n", "log.level", "debug", "a: x\nlog.level: debug\n");
        row("comment stays", "log.level: info  # quiet\nflush.rows: 7\n", "log.level", "debug",
            "log.level: debug # quiet\nflush.rows: 7\n");
        row("nested", "log:\n  # why\n  level: \"info\"\n", "log.level", "debug",
            "log:\n  # why\n  level: debug\n");
        row("quoted", "", "data.path", "/tmp/a: #b\"", "data.path: \"/tmp/a: #b\\\"\"\n");
        row("umlaut", "", "data.path", "/tmp/ö", "data.path: \"/tmp/ö\"\n");
        row("flow map", "log: {level: info, files: 3}\n", "log.level", "debug", "");
        row("folded", "data.path: >\n  /tmp/\n  a\n", "data.path", "/b", "");
        row("bad value", "log.level: info\n", "log.level", "loud", "");
        row("unknown key", "log.level: info\n", "log.lvl", "debug", "");
        row("broken file", "log.level: [\n", "log.level", "debug", "");
    }

    void saving()
    {
        QFETCH(QByteArray, before);
        QFETCH(QString, key);
        QFETCH(QString, value);
        QFETCH(QByteArray, after);
        Person person;
        if (!before.isEmpty())
            person.writeYaml(before);
        const Status saved = saveSetting(person.sources.file, key, value);
        QVERIFY2(bool(saved) == !after.isEmpty(), saved ? "" : qPrintable(saved.error().message));
        QCOMPARE(person.yaml(), after.isEmpty() ? before : after);
        if (saved) {
            Problems problems;
            const Settings settings = Settings::resolve(person.sources, &problems);
            QCOMPARE(settings.shown(findSetting(key)->id), value);
            QCOMPARE(settings.origin(findSetting(key)->id), SettingOrigin::File);
        }
    }

    void stationNames_data()
    {
        QTest::addColumn<QString>("host");
        QTest::addColumn<QString>("name");
        QTest::newRow("plain") << u"lab3"_s << u"LAB3"_s;
        QTest::newRow("dots") << u"lab-pc 3.local"_s << u"LAB-PC-3-LOCAL"_s;
        QTest::newRow("edges") << u"--ä--x_"_s << u"X"_s;
        QTest::newRow("nothing") << u"ä"_s << u"STATION"_s;
        QTest::newRow("long") << QString(80, u'a') << QString(32, u'A');
    }
    void stationNames()
    {
        QFETCH(QString, host);
        QFETCH(QString, name);
        QCOMPARE(stationNameFrom(host), name);
    }

private:
    static QByteArray canonicalArray(const QJsonValue &value);
};

QByteArray SettingsTest::canonicalArray(const QJsonValue &value)
{
    return QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
}

QTEST_GUILESS_MAIN(SettingsTest)
#include "tst_settings.moc"
