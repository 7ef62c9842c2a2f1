#include "app/cli/command.h"
#include "core/store/entity/entities.h"
#include "core/store/entity/entity_repository.h"
#include "core/store/entity/trash.h"
#include "core/store/schema/migration_draft.h"
#include "tests/app/test_station.h"
#include "tests/core/store/schema/declaration_changes.h"
#include "tests/core/store/schema/migration_folder.h"
#include "tests/core/store/store_fixture.h"

#include <QLibraryInfo>
#include <QResource>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;

namespace {
constexpr char kMigrations[] = "THROW_AWAY_MIGRATIONS"; // makes this program a birchctl with them
}

namespace birch {

/// The one declaration. Linked instead of core/store/entity/declared_entities.cpp.
const QList<EntitySpec> &entitySpecs()
{
    static const QList<EntitySpec> all = birchSpecs() << test::gadgetSpec();
    return all;
}

} // namespace birch

/// A program with one declaration more and the migration that `db new` writes for it, nothing else:
/// store, rights, search, events, commands and exchange all know the new thing.
class ThrowAwayEntityTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        const MigrationFolder folder;
        const auto written = writeNewMigration(folder.path(), u"gadgets"_s);
        BIRCH_VERIFY(written);
        m_migrations = m_fixture.path(u"gadgets.rcc"_s);
        // The list is the one that db new has written: of the new files alone.
        QCOMPARE(
            QProcess::execute(QLibraryInfo::path(QLibraryInfo::LibraryExecutablesPath) + u"/rcc"_s,
                              {u"--binary"_s, folder.path(u"sql.qrc"_s), u"-o"_s, m_migrations}),
            0);
        QVERIFY(QResource::registerResource(m_migrations));
    }

    void repository_data() { StoreFixture::addEngines(); }
    void repository()
    {
        QFETCH(bool, isPostgres);
        const auto database = m_fixture.newDatabase(isPostgres);
        const auto connection = database->connect();
        BIRCH_VERIFY(connection);
        const Session session = openSession(*connection.value(), u"ada"_s).value();
        EntityRepository gadgets(*connection.value(), *entityByTable(u"gadgets"_s));
        for (const QString &name : {u"Bell"_s, u"Ω whistle"_s})
            BIRCH_VERIFY(gadgets.insert(session, {{u"name"_s, name}, {u"weight"_s, 2.5}}));
        QCOMPARE(gadgets.list(session, {}).value().total, 2);
        EntityFilter filter;
        filter.search = u"ω WHIS"_s;
        const auto found = gadgets.list(session, filter);
        BIRCH_VERIFY(found);
        QCOMPARE(found.value().total, 1);
        QCOMPARE(found.value().records.first().text(u"state"_s), u"good"_s);
        QCOMPARE(gadgets.insert(session, {{u"name"_s, u"Bell"_s}}).error().code,
                 ErrorCode::Conflict);
        QCOMPARE(gadgets.insert(session, {{u"name"_s, u"x"_s}, {u"weight"_s, -1}}).error().code,
                 ErrorCode::BadInput);
        QCOMPARE(gadgets.update(session, u"Bell"_s, {{u"weight"_s, 3}}, 99).error().code,
                 ErrorCode::Conflict);
        BIRCH_VERIFY(gadgets.setTrashed(session, u"Bell"_s, true));
        QCOMPARE(gadgets.list(session, {}).value().total, 1);
        BIRCH_VERIFY(Trash(*connection.value()).purge(session, u"gadgets"_s, u"Bell"_s));
        QCOMPARE(objects(*connection.value()), 1);
        if (isPostgres) // its rows are kept to their labs, whatever program comes
            QCOMPARE(connection.value()
                         ->firstRow(u"SELECT count(*) FROM pg_policy "
                                    "WHERE polrelid = 'gadgets'::regclass"_s)
                         .value()
                         ->first()
                         .toInt(),
                     5);
        QVERIFY(Schema(database->url()).check().value().isClean());
    }

    void commands_data() { StoreFixture::addEngines(); }
    void commands()
    {
        QFETCH(bool, isPostgres);
        const auto station = newStation(isPostgres);
        QVERIFY(station->run({u"--help"_s}).output.contains("gadgets"));
        const QByteArray help = station->run({u"gadgets"_s, u"--help"_s}).output;
        QVERIFY2(help.contains("weight") && help.contains("good | broken"), help);

        const auto one = [&station](const QStringList &arguments) {
            return station->run(arguments + QStringList{u"--json"_s}).json()[u"gadget"].toObject();
        };
        QCOMPARE(
            one({u"gadgets"_s, u"add"_s, u"name=Bell"_s, u"weight=2.5"_s})[u"weight"].toDouble(),
            2.5);
        QCOMPARE(one({u"gadgets"_s, u"edit"_s, u"Bell"_s, u"state=broken"_s})[u"state"].toString(),
                 u"broken"_s);
        const Outcome wrong = station->run({u"gadgets"_s, u"add"_s, u"name=B"_s, u"state=bad"_s});
        QVERIFY2(wrong.exitCode == 2 && wrong.messages.contains("good"), wrong.messages);
        const Outcome found = station->run({u"search"_s, u"Bell"_s, u"--json"_s});
        QVERIFY2(found.output.contains(R"("kind":"gadgets")"), found.output);
        QVERIFY(one({u"gadgets"_s, u"trash"_s, u"Bell"_s})[u"trashed_at"].isString());
        QVERIFY(one({u"gadgets"_s, u"restore"_s, u"Bell"_s})[u"trashed_at"].isNull());
        const Outcome events = station->run({u"events"_s, u"--kind"_s, u"gadgets"_s, u"--csv"_s});
        for (const QByteArray &word : {"added"_ba, "changed"_ba, "trashed"_ba, "restored"_ba})
            QVERIFY2(events.output.contains(word), events.output + events.messages);
    }

    void exchange_data() { StoreFixture::addEngines(); }
    void exchange()
    {
        QFETCH(bool, isPostgres);
        const auto station = newStation(isPostgres);
        const QString file =
            station->write(u"gadgets.csv"_s, "name,weight,state\nHorn,3,good\nBell,,broken\n");
        const Outcome imported = station->run({u"import"_s, file});
        QVERIFY2(imported.exitCode == 0, imported.messages);
        const Outcome csv = station->run({u"gadgets"_s, u"list"_s, u"state=broken"_s, u"--csv"_s});
        QVERIFY2(csv.output.contains("Bell") && !csv.output.contains("Horn"), csv.output);
        const QString copied = station->path(u"copy.sqlite"_s);
        const Outcome copy = station->run({u"db"_s, u"copy"_s, station->database(), copied});
        QVERIFY2(copy.exitCode == 0, copy.messages);
        TestStation target(copied, QCoreApplication::applicationFilePath());
        withMigrations(target);
        QCOMPARE(target.run({u"gadgets"_s, u"list"_s, u"--json"_s}).json()[u"total"].toInt(), 2);
        for (const QString &verb : {u"check"_s, u"integrity"_s, u"status"_s}) {
            const Outcome checked = target.run({u"db"_s, verb});
            QVERIFY2(checked.exitCode == 0, checked.output + checked.messages);
        }
    }

    /// As people call it; what waits for a person keeps every database from being touched.
    void newFromTheCommandLine_data() { StoreFixture::addEngines(); }
    void newFromTheCommandLine()
    {
        QFETCH(bool, isPostgres);
        const auto station = newStation(isPostgres);
        const MigrationFolder folder;
        for (const QString &file : QDir(folder.path()).entryList({u"*_gadgets.*"_s}))
            QFile::remove(folder.path(file)); // those of this program
        const auto call = [&](const QStringList &arguments) {
            return station->run(QStringList{u"db"_s} + arguments +
                                QStringList{u"--directory"_s, folder.path()});
        };
        const Outcome written = call({u"new"_s, u"gadgets"_s, u"--json"_s});
        QVERIFY2(written.exitCode == 0, written.messages);
        QCOMPARE(written.json()[u"finished"], QJsonValue(true));
        const QStringList files = written.json()[u"files"].toVariant().toStringList();
        QVERIFY2(files.contains(folder.path(u"sql.qrc"_s)) && files.size() > 4, written.output);
        QCOMPARE(call({u"check"_s}).exitCode, 0);
        QCOMPARE(call({u"new"_s, u"again"_s}).exitCode, 2); // nothing differs any more

        const QString file = QFileInfo(files.first()).fileName();
        folder.write(file, folder.read(file) + "-- FILL IN: the colour\n");
        for (const QString &verb : {u"check"_s, u"upgrade"_s}) {
            const Outcome refused = call({verb});
            QVERIFY(refused.exitCode != 0);
            QVERIFY2(refused.messages.contains("the colour") &&
                         refused.messages.contains(file.toUtf8()),
                     refused.messages);
        }
    }

    /// The program as released does not open such a database, and says why.
    void otherProgramsStayAway()
    {
        const auto station = newStation(false);
        const TestStation released(station->database());
        const Outcome refused = released.run({u"samples"_s, u"list"_s});
        QVERIFY(refused.exitCode != 0);
        QVERIFY2(refused.messages.contains("newer"), refused.messages);
        QCOMPARE(station->run({u"db"_s, u"downgrade"_s, u"-1"_s, u"--yes"_s}).exitCode, 0);
        QCOMPARE(released.run({u"samples"_s, u"list"_s}).exitCode, 0);
        QCOMPARE(released.run({u"db"_s, u"check"_s}).exitCode, 0);
    }

private:
    static qint64 objects(Connection &connection)
    {
        return connection.firstRow(u"SELECT count(*) FROM objects WHERE kind = 'gadgets'"_s)
            .value()
            ->first()
            .toLongLong();
    }

    void withMigrations(TestStation &station) const
    {
        station.setEnvironment(QString::fromLatin1(kMigrations), m_migrations);
    }

    std::unique_ptr<TestStation> newStation(bool isPostgres)
    {
        auto station = std::make_unique<TestStation>(
            isPostgres ? m_fixture.startedServer()->url(u"cli%1"_s.arg(++m_count)) : QString(),
            QCoreApplication::applicationFilePath());
        withMigrations(*station);
        const Outcome made = station->run({u"db"_s, u"init"_s});
        if (made.exitCode != 0)
            qFatal("%s", made.messages.constData());
        return station;
    }

    StoreFixture m_fixture;
    QString m_migrations;
    int m_count = 0;
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (const QString migrations = qEnvironmentVariable(kMigrations); !migrations.isEmpty()) {
        if (!QResource::registerResource(migrations))
            return 1;
        QCoreApplication::setApplicationName(u"birchctl"_s);
        return cli::execute(QCoreApplication::arguments());
    }
    ThrowAwayEntityTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_throw_away_entity.moc"
