#include "core/store/schema/migration_draft.h"

#include "core/store/entity/entity_fields.h"
#include "core/store/entity/entity_repository.h"
#include "tests/core/store/schema/migration_folder.h"
#include "tests/core/store/schema/table_filler.h"
#include "tests/core/store/store_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;

namespace {
using Specs = QList<EntitySpec>;
using Edit = std::function<void(Specs &)>;

EntitySpec &spec(Specs &specs, const QString &table)
{
    return *std::ranges::find(specs, table, &EntitySpec::table);
}

EntityField &field(Specs &specs, const QString &table, const QString &name)
{
    return *std::ranges::find(spec(specs, table).fields, name, &EntityField::name);
}

void drop(Specs &specs, const QString &table, const QString &name)
{
    spec(specs, table).fields.removeIf([&name](const EntityField &candidate) {
        return candidate.name == name;
    });
}

Edit adding(const EntityField &added)
{
    return [added](Specs &specs) { spec(specs, u"samples"_s).fields << added; };
}

Edit changing(const QString &table, const QString &name,
              const std::function<void(EntityField &)> &change)
{
    return [=](Specs &specs) { change(field(specs, table, name)); };
}

EntitySpec gadgets()
{
    return EntitySpec{u"gadgets"_s,
                      u"gadget"_s,
                      u"name"_s,
                      {fields::lab(), fields::name(), fields::description(),
                       fields::choice(u"state"_s, u"State"_s, {u"good"_s, u"broken"_s}).indexed(),
                       fields::reference(u"sample"_s, u"Sample"_s, u"samples"_s),
                       fields::real(u"weight"_s, u"Weight"_s).atLeast(0),
                       fields::flag(u"is_loud"_s, u"Loud"_s, false)}}
        .unique({u"lab"_s, u"name"_s});
}

struct Case {
    const char *name;
    Edit edit;
    QString mark = {};         ///< what has to be filled in; "" : nothing
    QString value = {};        ///< what a person writes then
    QString guess = u"NULL"_s; ///< instead of this
};

QList<Case> cases()
{
    using namespace fields;
    const QString samples = u"samples"_s;
    return {
        {"entity", [](Specs &specs) { specs << gadgets(); }},
        {"entity gone",
         [](Specs &specs) {
             specs.removeIf([](const EntitySpec &spec) { return spec.table == u"user_pins"_s; });
         },
         u"declared no more"_s},
        {"column", adding(text(u"colour"_s, u"Colour"_s))},
        {"column with an index", adding(real(u"weight"_s, u"Weight"_s).indexed())},
        {"column with a default", adding(flag(u"is_cold"_s, u"Cold"_s, true))},
        {"column that refers", adding(reference(u"machine"_s, u"Machine"_s, u"equipment"_s))},
        {"unique column", adding(text(u"colour"_s, u"Colour"_s).unique())},
        {"required column", adding(text(u"colour"_s, u"Colour"_s).required()),
         u"samples.colour of rows that exist"_s, u"'red'"_s},
        {"column gone", [=](Specs &specs) { drop(specs, samples, u"substrate"_s); }},
        {"referring column gone", [=](Specs &specs) { drop(specs, samples, u"parent"_s); }},
        {"renamed column",
         [=](Specs &specs) { field(specs, samples, u"substrate"_s).name = u"carrier"_s; },
         u"samples.substrate goes and carrier comes"_s},
        {"number for whole number",
         changing(u"notification_log"_s, u"retry_count"_s,
                  [](EntityField &field) { field.type = EntityFieldType::Real; })},
        {"whole number for text",
         changing(samples, u"material"_s,
                  [](EntityField &field) { field.type = EntityFieldType::Integer; }),
         u"samples.material turns from text into int"_s, u"length(material)"_s,
         u"CAST(material AS {int})"_s},
        {"required",
         changing(samples, u"name"_s, [](EntityField &field) { field.isRequired = true; }),
         u"samples.name is required"_s, u"'nameless'"_s},
        {"not required",
         changing(samples, u"sample_id"_s, [](EntityField &field) { field.isRequired = false; })},
        {"more choices",
         changing(samples, u"status"_s, [](EntityField &field) { field.choices << u"lost"_s; })},
        {"fewer choices",
         changing(samples, u"status"_s, [](EntityField &field) { field.choices.removeLast(); }),
         u"samples.status loses the choices 'archived'"_s},
        {"another default",
         changing(samples, u"status"_s,
                  [](EntityField &field) { std::swap(field.choices[0], field.choices[1]); })},
        {"bounds",
         changing(u"projects"_s, u"budget"_s, [](EntityField &field) { field.minimum = 0; }),
         u"projects.budget must be budget >= 0"_s},
        {"delete rule",
         changing(samples, u"project"_s, [](EntityField &field) { field.isOwned = true; })},
        {"unique", changing(samples, u"name"_s, [](EntityField &field) { field.isUnique = true; })},
        {"not unique",
         changing(u"labs"_s, u"name"_s, [](EntityField &field) { field.isUnique = false; })},
        {"unique together",
         [=](Specs &specs) {
             spec(specs, samples).uniqueTogether << QStringList{u"material"_s, u"name"_s};
         }},
        {"not unique together",
         [](Specs &specs) { spec(specs, u"projects"_s).uniqueTogether.removeLast(); }},
        {"index",
         changing(samples, u"material"_s, [](EntityField &field) { field.isIndexed = true; })},
        {"index gone",
         changing(samples, u"status"_s, [](EntityField &field) { field.isIndexed = false; })},
        {"several",
         [=](Specs &specs) {
             specs << gadgets();
             spec(specs, samples).fields << reference(u"gadget"_s, u"Gadget"_s, u"gadgets"_s);
             field(specs, samples, u"status"_s).choices << u"lost"_s;
             drop(specs, u"projects"_s, u"goals"_s);
         }},
    };
}
} // namespace

/// What `db new` writes for a changed declaration leads there and back, on filled tables.
class NewMigrationTest : public QObject
{
    Q_OBJECT
private slots:
    void thereAndBack_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<int>("index");
        for (const bool isPostgres : {false, true}) {
            const QList<Case> all = cases();
            for (int i = 0; i < all.size(); ++i)
                QTest::addRow("%s: %s", isPostgres ? "PostgreSQL" : "SQLite", all[i].name)
                    << isPostgres << i;
        }
    }
    void thereAndBack()
    {
        QFETCH(bool, isPostgres);
        QFETCH(int, index);
        const Case change = cases()[index];
        Specs specs = entitySpecs();
        change.edit(specs);
        const test::MigrationFolder folder;
        const auto written = writeNewMigration(folder.path(), u"as_declared"_s, specs);
        BIRCH_VERIFY(written);
        settle(folder, written.value(), change);
        if (QTest::currentTestFailed())
            return;

        const DatabaseUrl url = filledCopy(isPostgres);
        const auto connection = Connection::open(url).value();
        const SchemaShape schema = liveSchema(*connection).value();
        const QMap<QString, qint64> rows = counts(*connection, schema);
        const auto upgraded = Schema(url, folder.path()).upgrade();
        BIRCH_VERIFY(upgraded);
        const auto audit = auditSchema(*connection, folder.load(isPostgres), specs);
        BIRCH_VERIFY(audit);
        QCOMPARE(messages(audit.value().differences + audit.value().undeclared), QStringList());
        const auto more = writeNewMigration(folder.path(), u"nothing_left"_s, specs);
        QCOMPARE(more.error().code, ErrorCode::Conflict);

        const auto undone = Schema(url, folder.path()).downgrade(u"-1"_s, true);
        BIRCH_VERIFY(undone);
        QCOMPARE(liveSchema(*connection).value().lines(), schema.lines());
        QMap<QString, qint64> left = counts(*connection, schema);
        if (change.mark.contains(u"no more"_s)) { // what was dropped is gone
            QCOMPARE(left.take(u"user_pins"_s), 0);
            left.insert(u"user_pins"_s, 2);
            left[u"objects"_s] += 2;
        }
        QCOMPARE(left, rows);
    }

    /// One declaration and one migration make a new thing of the lab.
    void throwAwayEntity_data() { test::StoreFixture::addEngines(); }
    void throwAwayEntity()
    {
        QFETCH(bool, isPostgres);
        const test::MigrationFolder folder;
        BIRCH_VERIFY(
            writeNewMigration(folder.path(), u"gadgets"_s, Specs(entitySpecs()) << gadgets()));
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        BIRCH_VERIFY(Schema(url, folder.path()).init(u"ada"_s));
        const auto connection = Connection::open(url);
        BIRCH_VERIFY(connection);
        const Session session = openSession(*connection.value(), u"ada"_s).value();
        const EntitySpec declared = gadgets();
        EntityRepository repository(*connection.value(), declared);
        for (const QString &name : {u"Bell"_s, u"Ω whistle"_s})
            BIRCH_VERIFY(repository.insert(session, {{u"name"_s, name}, {u"weight"_s, 2.5}}));
        QCOMPARE(repository.list(session, {}).value().total, 2);
        EntityFilter filter;
        filter.search = u"WHIS"_s;
        const auto found = repository.list(session, filter);
        BIRCH_VERIFY(found);
        QCOMPARE(found.value().total, 1);
        QCOMPARE(found.value().records.first().text(u"state"_s), u"good"_s);
        QCOMPARE(repository.insert(session, {{u"name"_s, u"Bell"_s}}).error().code,
                 ErrorCode::Conflict);
        QCOMPARE(repository.insert(session, {{u"name"_s, u"x"_s}, {u"weight"_s, -1}}).error().code,
                 ErrorCode::BadInput);
        BIRCH_VERIFY(repository.setTrashed(session, u"Bell"_s, true));
        QCOMPARE(repository.list(session, {}).value().total, 1);
        BIRCH_VERIFY(repository.setTrashed(session, u"Bell"_s, false));
        const auto objects =
            connection.value()->firstRow(u"SELECT count(*) FROM objects WHERE kind = 'gadgets'"_s);
        QCOMPARE(objects.value()->first().toInt(), 2);
        BIRCH_VERIFY(Schema(url, folder.path()).downgrade(u"-1"_s, true));
        QVERIFY(Schema(url).check().value().isClean());
    }

    void refuses()
    {
        const test::MigrationFolder folder;
        Specs specs = entitySpecs();
        QCOMPARE(writeNewMigration(folder.path(), u"same"_s, specs).error().code,
                 ErrorCode::Conflict);
        specs << gadgets();
        for (const QString &name : {u"Gadgets"_s, u"a b"_s, u"../x"_s, u"x"_s, QString()})
            QCOMPARE(writeNewMigration(folder.path(), name, specs).error().code,
                     ErrorCode::BadInput);
        const auto nowhere = writeNewMigration(u"/nowhere"_s, u"gadgets"_s, specs);
        QCOMPARE(nowhere.error().code, ErrorCode::NotFound);
        QVERIFY2(nowhere.error().message.contains(u"--directory"_s),
                 qPrintable(nowhere.error().message));
        BIRCH_VERIFY(writeNewMigration(folder.path(), u"gadgets"_s, specs));
        QVERIFY(folder.read(u"sql.qrc"_s).contains("_gadgets.postgresql.up.sql</file>"));
    }

private:
    /// Does what the marks ask for; the loader refuses before.
    static void settle(const test::MigrationFolder &folder, const QStringList &files,
                       const Case &change)
    {
        bool isMarked = false;
        const auto refused = loadMigrations(Dialect(Engine::Sqlite), folder.path());
        for (const QString &path : files) {
            const QString file = QFileInfo(path).fileName();
            QString text = QString::fromUtf8(folder.read(file));
            const QString mark = QString::fromUtf16(kFillIn);
            for (qsizetype at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at)) {
                const QString line = text.sliced(at).section(u'\n', 0, 0);
                QVERIFY2(!change.mark.isEmpty() && line.contains(change.mark), qPrintable(line));
                isMarked = true;
                text.replace(at, mark.size(), u"-- Settled:"_s);
                const qsizetype value = text.indexOf(change.guess, at);
                if (!change.value.isEmpty() && value >= 0)
                    text.replace(value, change.guess.size(), change.value);
            }
            folder.write(file, text.toUtf8());
        }
        QCOMPARE(isMarked, !change.mark.isEmpty());
        QCOMPARE(bool(refused), !isMarked);
    }

    static QMap<QString, qint64> counts(Connection &connection, const SchemaShape &schema)
    {
        QMap<QString, qint64> rows;
        for (const TableShape &table : schema.tables) {
            const auto count =
                connection.firstRow(u"SELECT count(*) FROM \"%1\""_s.arg(table.name));
            rows.insert(table.name, count ? count.value()->first().toLongLong() : -1);
        }
        return rows;
    }

    /// A copy of a database at head with rows in every table.
    DatabaseUrl filledCopy(bool isPostgres)
    {
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        DatabaseUrl &original = m_originals[isPostgres];
        if (original == DatabaseUrl()) {
            original = m_fixture.newUrl(isPostgres);
            if (const auto made = Schema(original).init(u"ada"_s); !made)
                qFatal("%s", qPrintable(made.error().message));
            const auto connection = Connection::open(original).value();
            const SchemaShape schema = liveSchema(*connection).value();
            if (const Status done = test::TableFiller(*connection, schema).fill(); !done)
                qFatal("%s", qPrintable(done.error().message));
        }
        if (isPostgres) {
            const auto server = Connection::open(url.withName(u"postgres"_s)).value();
            if (const Status done = server->script(
                    u"CREATE DATABASE %1 TEMPLATE %2"_s.arg(url.name(), original.name()));
                !done)
                qFatal("%s", qPrintable(done.error().message));
        } else {
            QFile::copy(original.path(), url.path());
        }
        return url;
    }

    test::StoreFixture m_fixture;
    std::map<bool, DatabaseUrl> m_originals; ///< by isPostgres
};

QTEST_GUILESS_MAIN(NewMigrationTest)
#include "tst_new_migration.moc"
