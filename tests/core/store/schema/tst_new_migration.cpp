#include "core/store/schema/migration_draft.h"

#include "core/store/search/search_rebuild.h"
#include "tests/core/store/schema/declaration_changes.h"
#include "tests/core/store/schema/migration_folder.h"
#include "tests/core/store/schema/table_filler.h"
#include "tests/core/store/store_fixture.h"

using namespace birch;
using namespace Qt::StringLiterals;
using test::DeclarationChange;
using test::Settlement;
using test::Specs;

namespace {
QList<DeclarationChange> changes()
{
    return test::additions() + test::removals() + test::alterations();
}

/// Every row but of what \a loses names, and but what searches write.
QStringList rows(Connection &connection, SchemaShape schema, QStringList loses)
{
    loses << u"object_counts"_s; // sums of as many parts as there were changes
    for (const QString &lost : loses) {
        if (lost.contains(u'.'))
            schema.tables[lost.section(u'.', 0, 0)].columns.removeIf(
                [&lost](const ColumnShape &column) {
                    return column.name == lost.section(u'.', 1);
                });
        else
            schema.tables.remove(lost);
    }
    QStringList all = test::rowsOf(connection, schema);
    Status done = connection.select(
        u"SELECT kind || ' ' || lab_id || ' ' || sum(kept) || ' ' || sum(trashed) "
        "FROM object_counts GROUP BY kind, lab_id HAVING sum(kept) + sum(trashed) > 0"_s,
        {}, [&all](const SqlRow &row) { all << u"objects: "_s + row.text(0); });
    if (!done)
        all << done.error().message;
    done = connection.select(
        u"SELECT kind || ' ' || row_id || ' ' || uid || ' ' || coalesce(lab_id, 0) || ' ' "
        "|| coalesce(trashed_at, 0) FROM objects ORDER BY id"_s,
        {}, [&all](const SqlRow &row) { all << u"objects: "_s + row.text(0); });
    if (!done)
        all << done.error().message;
    all.removeIf([&loses](const QString &row) { // what the registry says of lost rows
        return row.startsWith(u"object") && std::ranges::any_of(loses, [&row](const QString &lost) {
                   return row.contains(lost);
               });
    });
    return all;
}

/// The lines that only one of them has.
QString difference(QStringList before, QStringList after)
{
    QString text;
    for (const QString &line : before) {
        if (!after.removeOne(line))
            text += u"- "_s + line + u'\n';
    }
    for (const QString &line : after)
        text += u"+ "_s + line + u'\n';
    return text.first(std::min<qsizetype>(600, text.size()));
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
        const QList<DeclarationChange> all = changes();
        for (const bool isPostgres : {false, true}) {
            for (int i = 0; i < all.size(); ++i)
                QTest::addRow("%s: %s", isPostgres ? "PostgreSQL" : "SQLite", all[i].name)
                    << isPostgres << i;
        }
    }
    void thereAndBack()
    {
        QFETCH(bool, isPostgres);
        QFETCH(int, index);
        const DeclarationChange change = changes()[index];
        Specs specs = entitySpecs();
        change.edit(specs);
        const test::MigrationFolder folder;
        const auto written = writeNewMigration(folder.path(), u"as_declared"_s, specs);
        BIRCH_VERIFY(written);
        settle(folder, written.value(), change);
        if (QTest::currentTestFailed())
            return;

        const DatabaseUrl url = filledDatabase(isPostgres);
        const auto connection = Connection::open(url).value();
        const SchemaShape schema = liveSchema(*connection).value();
        const QStringList before = rows(*connection, schema, change.loses);
        QVERIFY(before.size() > schema.tables.size());
        Schema layer(url, folder.path(), specs);
        const auto upgraded = layer.upgrade();
        BIRCH_VERIFY(upgraded);
        QVERIFY(upgraded.value().isCurrent());
        const auto audit = layer.check();
        BIRCH_VERIFY(audit);
        QCOMPARE(messages(audit.value().differences + audit.value().undeclared), QStringList());
        const auto more = writeNewMigration(folder.path(), u"nothing_left"_s, specs);
        QCOMPARE(more.error().code, ErrorCode::Conflict);

        BIRCH_VERIFY(layer.downgrade(u"-1"_s, true));
        QCOMPARE(difference(schema.lines(), liveSchema(*connection).value().lines()), QString());
        QCOMPARE(difference(before, rows(*connection, schema, change.loses)), QString());
        if (change.loses.isEmpty())
            m_filled[isPostgres] = url; // as good as new
    }

    /// A table that is made anew keeps its partial indexes.
    void keepsWhatNoFieldDeclares_data() { test::StoreFixture::addEngines(); }
    void keepsWhatNoFieldDeclares()
    {
        QFETCH(bool, isPostgres);
        const test::MigrationFolder folder;
        const qsizetype head = folder.load(isPostgres).size();
        const QString base = u"%1_by_hand."_s.arg(head + 1, 4, 10, QChar(u'0'));
        folder.write(base + u"up.sql"_s, "CREATE INDEX by_hand ON samples (name) "
                                         "WHERE material IS NOT NULL;\n");
        folder.write(base + u"down.sql"_s, "DROP INDEX by_hand;\n");
        Specs specs = entitySpecs();
        test::fieldOf(specs, u"samples"_s, u"status"_s).choices << u"lost"_s;
        BIRCH_VERIFY(writeNewMigration(folder.path(), u"as_declared"_s, specs));
        const DatabaseUrl url = filledDatabase(isPostgres);
        Schema layer(url, folder.path(), specs);
        BIRCH_VERIFY(layer.upgrade());
        QVERIFY(layer.check().value().isClean());
        const auto connection = Connection::open(url).value();
        const auto count = [&connection] {
            const auto indexes = liveSchema(*connection).value().tables[u"samples"_s].indexes;
            return std::ranges::count(indexes, u"by_hand"_s, &IndexShape::name);
        };
        QCOMPARE(count(), 1);
        BIRCH_VERIFY(layer.downgrade(u"-1"_s, true));
        QCOMPARE(count(), 1);
    }

    void refuses()
    {
        const test::MigrationFolder folder;
        Specs specs = entitySpecs();
        QCOMPARE(writeNewMigration(folder.path(), u"same"_s, specs).error().code,
                 ErrorCode::Conflict);
        specs << test::gadgetSpec();
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
                       const DeclarationChange &change)
    {
        const bool isLoaded = bool(loadMigrations(Dialect(Engine::Sqlite), folder.path())) &&
                              bool(loadMigrations(Dialect(Engine::Postgres), folder.path()));
        QCOMPARE(isLoaded, change.marks.isEmpty());
        QSet<QString> asked;
        for (const QString &path : files) {
            const QString file = QFileInfo(path).fileName();
            QString text = QString::fromUtf8(folder.read(file));
            const QString mark = QString::fromUtf16(kFillIn);
            for (qsizetype at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at)) {
                const QString line = text.sliced(at).section(u'\n', 0, 0);
                const auto known =
                    std::ranges::find_if(change.marks, [&line](const Settlement &one) {
                        return line.contains(one.mark);
                    });
                QVERIFY2(known != change.marks.cend(), qPrintable(line));
                asked << known->mark;
                text.replace(at, mark.size(), u"-- Settled:"_s);
                const qsizetype value = text.indexOf(known->guess, at + line.size());
                if (!known->value.isEmpty() && value >= 0)
                    text.replace(value, known->guess.size(), known->value);
            }
            folder.write(file, text.toUtf8());
        }
        QCOMPARE(asked.size(), change.marks.size());
    }

    /// A database at head with rows in every table: the last row's, when that left it so.
    DatabaseUrl filledDatabase(bool isPostgres)
    {
        if (const auto left = m_filled.extract(isPostgres))
            return left.mapped();
        const DatabaseUrl url = m_fixture.newUrl(isPostgres);
        DatabaseUrl &original = m_originals[isPostgres];
        if (original == DatabaseUrl())
            original = fill(m_fixture.newUrl(isPostgres));
        if (!isPostgres) {
            QFile::copy(original.path(), url.path());
            return url;
        }
        const auto server = Connection::open(url.withName(u"postgres"_s)).value();
        if (const Status done = server->script(
                u"CREATE DATABASE %1 TEMPLATE %2"_s.arg(url.name(), original.name()));
            !done)
            qFatal("%s", qPrintable(done.error().message));
        return url;
    }

    static DatabaseUrl fill(const DatabaseUrl &url)
    {
        if (const auto made = Schema(url).init(u"ada"_s); !made)
            qFatal("%s", qPrintable(made.error().message));
        const auto connection = Connection::open(url).value();
        const SchemaShape schema = liveSchema(*connection).value();
        Status done = test::TableFiller(*connection, schema).fill();
        if (done) // not the default, which any migration would bring back
            done = connection->execute(u"UPDATE samples SET status = 'archived' WHERE id = 2"_s);
        if (done)
            done = rebuildSearch(*connection);
        if (!done)
            qFatal("%s", qPrintable(done.error().message));
        return url;
    }

    test::StoreFixture m_fixture;
    std::map<bool, DatabaseUrl> m_originals; ///< by isPostgres
    std::map<bool, DatabaseUrl> m_filled;    ///< copies of them, free for the next row
};

QTEST_GUILESS_MAIN(NewMigrationTest)
#include "tst_new_migration.moc"
