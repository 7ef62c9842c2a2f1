#include "core/store/entity/entity_repository.h"

#include "core/store/entity/entity_validation.h"
#include "core/store/schema_check.h"
#include "core/store/settings_repository.h"
#include "tests/core/store/store_fixture.h"

#include <QJsonArray>

using namespace birch;
using namespace Qt::StringLiterals;

/// What every entity promises, shown on labs, projects and samples, on both engines.
class EntitiesTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        QFETCH(bool, isPostgres);
        m_database = m_fixture.newDatabase(isPostgres);
        m_connection = m_database->connect().value();
        m_session = openSession(*m_connection, u"ada"_s).value();
    }
    void cleanup()
    {
        m_connection.reset();
        m_database.reset();
    }

    void tablesAreAsDeclared_data() { test::StoreFixture::addEngines(); }
    void tablesAreAsDeclared()
    {
        QCOMPARE(schemaDifferences(*m_connection).value(), QStringList());
        EntitySpec changed = sampleSpec();
        changed.fields << EntityField{u"weight"_s, EntityFieldType::Real, u"Weight"_s};
        for (EntityField &field : changed.fields) {
            if (field.name == u"name"_s)
                field = field.unique().required();
            if (field.name == u"material"_s)
                field.type = EntityFieldType::Integer;
            if (field.name == u"substrate"_s)
                field = field.indexed();
        }
        const QString found = schemaDifferences(*m_connection, {changed}).value().join(u'\n');
        for (const QString &expected :
             {u"samples.weight is missing"_s, u"samples.name is not unique"_s,
              u"samples.name may be empty"_s, u"samples.material is TEXT"_s,
              u"samples.substrate has no index"_s})
            QVERIFY2(found.contains(expected), qPrintable(found));
    }

    void insertAndFind_data() { test::StoreFixture::addEngines(); }
    void insertAndFind()
    {
        EntityRepository projects(*m_connection, projectSpec());
        EntityRepository samples(*m_connection, sampleSpec());
        const auto project =
            projects.insert(m_session, {{u"name"_s, u"Diodes"_s}, {u"budget"_s, u"1250.5"_s}});
        BIRCH_VERIFY(project);
        QCOMPARE(project.value().text(u"lab"_s), u"Lab"_s);
        QCOMPARE(project.value().text(u"status"_s), u"active"_s);
        QCOMPARE(project.value().values.value(u"budget"_s).toDouble(), 1250.5);
        QCOMPARE(project.value().createdBy, m_session.user);

        const QJsonArray list{u"cold"_s, u"µ"_s};
        const auto sample = samples.insert(m_session,
                                           {{u"sample_id"_s, u"D-1"_s},
                                            {u"project"_s, u"Diodes"_s},
                                            {u"material"_s, u"GaAs"_s},
                                            {u"dimensions"_s, QJsonValue(list)}},
                                           {{u"old_id"_s, 7}});
        BIRCH_VERIFY(sample);
        QCOMPARE(sample.value().referenceUids.value(u"project"_s), project.value().uid);
        QCOMPARE(sample.value().extraData, (QJsonObject{{u"old_id"_s, 7}}));
        for (const QString &key : {u"D-1"_s, sample.value().uid, sample.value().uid.first(35)}) {
            const auto found = samples.find(m_session, key);
            BIRCH_VERIFY(found);
            QCOMPARE(found.value().id, sample.value().id);
        }
        const QJsonObject json = sample.value().toJson(sampleSpec());
        QCOMPARE(json[u"project"_s].toString(), u"Diodes"_s);
        QCOMPARE(json[u"dimensions"_s].toArray(), list);
        QCOMPARE(json[u"material"_s].toString(), u"GaAs"_s);
        QVERIFY(json[u"parent"_s].isNull());

        const auto second = samples.insert(m_session, {{u"parent"_s, u"D-1"_s}});
        BIRCH_VERIFY(second);
        QVERIFY2(second.value().text(u"sample_id"_s).endsWith(u"-001"_s),
                 qPrintable(second.value().text(u"sample_id"_s)));
        const QString common = u"0"_s; // too short to be a prefix
        QCOMPARE(samples.find(m_session, common).error().code, ErrorCode::NotFound);
        const auto several = samples.find(m_session, sample.value().uid.first(6));
        QCOMPARE(several.error().code, ErrorCode::Conflict);
        QVERIFY2(several.error().message.contains(u"D-1"_s), qPrintable(several.error().message));
    }

    void refuses_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<QVariantMap>("values");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("says");
        for (const bool isPostgres : {false, true}) {
            const char *engine = isPostgres ? "PostgreSQL" : "SQLite";
            const auto row = [&](const char *name, const QVariantMap &values, ErrorCode code,
                                 const QString &says) {
                QTest::addRow("%s: %s", engine, name) << isPostgres << values << int(code) << says;
            };
            row("unknown field", {{u"weigth"_s, 1}}, ErrorCode::BadInput, u"weigth"_s);
            row("choice", {{u"status"_s, u"lost"_s}}, ErrorCode::BadInput, u"consumed"_s);
            row("empty id", {{u"sample_id"_s, u" "_s}}, ErrorCode::BadInput, u"Sample"_s);
            row("bad JSON", {{u"dimensions"_s, u"[1,"_s}}, ErrorCode::BadInput, u"Dimensions"_s);
            row("no such project", {{u"project"_s, u"Nope"_s}}, ErrorCode::NotFound, u"Nope"_s);
            row("not unique", {{u"sample_id"_s, u"D-1"_s}}, ErrorCode::Conflict, u"sample"_s);
        }
    }
    void refuses()
    {
        QFETCH(QVariantMap, values);
        QFETCH(int, code);
        QFETCH(QString, says);
        EntityRepository samples(*m_connection, sampleSpec());
        BIRCH_VERIFY(samples.insert(m_session, {{u"sample_id"_s, u"D-1"_s}}));
        const auto refused = samples.insert(m_session, values);
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().code), code);
        QVERIFY2(refused.error().message.contains(says), qPrintable(refused.error().message));
        QCOMPARE(samples.list(m_session, {}).value().total, 1);
    }

    void values_data()
    {
        QTest::addColumn<bool>("isPostgres");
        QTest::addColumn<int>("type");
        QTest::addColumn<QVariant>("given");
        QTest::addColumn<QVariant>("stored"); // invalid: refused
        const auto row = [](const char *name, EntityFieldType type, const QVariant &given,
                            const QVariant &stored) {
            QTest::newRow(name) << false << int(type) << given << stored;
        };
        row("whole number", EntityFieldType::Integer, u"42"_s, qint64(42));
        row("fraction", EntityFieldType::Integer, 4.5, {});
        row("number", EntityFieldType::Real, u"1e-9"_s, 1e-9);
        row("not a number", EntityFieldType::Real, u"nan"_s, {});
        row("yes", EntityFieldType::Boolean, u"Yes"_s, true);
        row("perhaps", EntityFieldType::Boolean, u"perhaps"_s, {});
        row("date", EntityFieldType::Date, u"2028-02-29"_s, u"2028-02-29"_s);
        row("no date", EntityFieldType::Date, u"2026-02-29"_s, {});
        row("text", EntityFieldType::Text, u"  a b "_s, u"a b"_s);
    }
    void values()
    {
        QFETCH(int, type);
        QFETCH(QVariant, given);
        QFETCH(QVariant, stored);
        const EntityField field{u"f"_s, EntityFieldType(type), u"Field"_s};
        const auto value = fieldValue(field, given);
        QCOMPARE(bool(value), stored.isValid());
        if (value)
            QCOMPARE(value.value(), stored);
    }

    void listsFilterSearchSortPage_data() { test::StoreFixture::addEngines(); }
    void listsFilterSearchSortPage()
    {
        EntityRepository projects(*m_connection, projectSpec());
        BIRCH_VERIFY(projects.insert(m_session, {{u"name"_s, u"P"_s}}));
        EntityRepository samples(*m_connection, sampleSpec());
        for (int i = 1; i <= 25; ++i) {
            QVariantMap values{{u"sample_id"_s, u"D-%1"_s.arg(i, 2, 10, QChar(u'0'))},
                               {u"material"_s, i % 5 == 0 ? u"100%_Ge"_s : u"100 Ge"_s}};
            if (i <= 3)
                values.insert(u"project"_s, u"P"_s);
            BIRCH_VERIFY(samples.insert(m_session, values));
        }
        EntityFilter filter;
        filter.perPage = 10;
        filter.page = 3;
        auto page = samples.list(m_session, filter);
        BIRCH_VERIFY(page);
        QCOMPARE(page.value().total, 25);
        QCOMPARE(page.value().records.size(), 5);
        QCOMPARE(page.value().records.last().text(u"sample_id"_s), u"D-01"_s);
        QCOMPARE(page.value().toJson(sampleSpec())[u"samples"_s].toArray().size(), 5);

        filter = {};
        filter.search = u"100%_ge"_s; // wildcards are letters like any other
        QCOMPARE(samples.list(m_session, filter).value().total, 5);
        filter = {};
        filter.equal = {{u"project"_s, u"P"_s}};
        filter.sort = u"sample_id"_s;
        filter.isDescending = true;
        page = samples.list(m_session, filter);
        QCOMPARE(page.value().total, 3);
        QCOMPARE(page.value().records.first().text(u"sample_id"_s), u"D-03"_s);
        filter.equal = {{u"nope"_s, u"P"_s}};
        QCOMPARE(samples.list(m_session, filter).error().code, ErrorCode::BadInput);
        filter = {};
        filter.sort = u"id; DROP TABLE samples"_s;
        QCOMPARE(samples.list(m_session, filter).error().code, ErrorCode::BadInput);
        filter = {};
        filter.page = 0;
        QCOMPARE(samples.list(m_session, filter).error().code, ErrorCode::BadInput);
    }

    void editsAreNotLost_data() { test::StoreFixture::addEngines(); }
    void editsAreNotLost()
    {
        EntityRepository labs(*m_connection, labSpec());
        const auto lab = labs.find(m_session, u"Lab"_s);
        BIRCH_VERIFY(lab);
        const qint64 revision = lab.value().revision;
        const auto first = labs.update(m_session, u"Lab"_s, {{u"city"_s, u"x"_s}}, revision);
        QCOMPARE(first.error().code, ErrorCode::BadInput);
        const auto second = labs.update(
            m_session, u"Lab"_s, {{u"phone"_s, u"1"_s}, {u"is_active"_s, u"no"_s}}, revision);
        BIRCH_VERIFY(second);
        QCOMPARE(second.value().revision, revision + 1);
        QCOMPARE(second.value().values.value(u"is_active"_s).toBool(), false);
        const auto stale = labs.update(m_session, u"Lab"_s, {{u"phone"_s, u"2"_s}}, revision);
        QCOMPARE(stale.error().code, ErrorCode::Conflict);
        const auto emptied = labs.update(m_session, u"Lab"_s, {{u"phone"_s, u""_s}}, revision + 1);
        BIRCH_VERIFY(emptied);
        QVERIFY(!emptied.value().values.contains(u"phone"_s));
        QCOMPARE(labs.update(m_session, u"Lab"_s, {{u"name"_s, u""_s}}, revision + 2).error().code,
                 ErrorCode::BadInput);
    }

    void trashAndRestore_data() { test::StoreFixture::addEngines(); }
    void trashAndRestore()
    {
        EntityRepository samples(*m_connection, sampleSpec());
        BIRCH_VERIFY(samples.insert(m_session, {{u"sample_id"_s, u"D-1"_s}}));
        const auto trashed = samples.setTrashed(m_session, u"D-1"_s, true);
        BIRCH_VERIFY(trashed);
        QVERIFY(trashed.value().trashedUs.has_value());
        QCOMPARE(samples.list(m_session, {}).value().total, 0);
        EntityFilter all;
        all.isTrashIncluded = true;
        QCOMPARE(samples.list(m_session, all).value().total, 1);
        BIRCH_VERIFY(samples.setTrashed(m_session, u"D-1"_s, false));
        BIRCH_VERIFY(samples.setArchived(m_session, u"D-1"_s, true));
        QCOMPARE(samples.list(m_session, {}).value().total, 1);
        EntityFilter current;
        current.isArchiveIncluded = false;
        QCOMPARE(samples.list(m_session, current).value().total, 0);
    }

    void viewersLook_data() { test::StoreFixture::addEngines(); }
    void viewersLook()
    {
        const Session viewer{u"eve"_s, Role::Viewer};
        EntityRepository samples(*m_connection, sampleSpec());
        BIRCH_VERIFY(samples.insert(m_session, {{u"sample_id"_s, u"D-1"_s}}));
        BIRCH_VERIFY(samples.find(viewer, u"D-1"_s));
        BIRCH_VERIFY(samples.list(viewer, {}));
        QCOMPARE(samples.insert(viewer, {}).error().code, ErrorCode::Denied);
        QCOMPARE(samples.update(viewer, u"D-1"_s, {}, 1).error().code, ErrorCode::Denied);
        QCOMPARE(samples.setTrashed(viewer, u"D-1"_s, true).error().code, ErrorCode::Denied);
        SettingsRepository settings(*m_connection);
        QCOMPARE(settings.set(viewer, {}, u"a"_s, u"b"_s).error().code, ErrorCode::Denied);
        BIRCH_VERIFY(settings.set(m_session, u""_s, u"a"_s, u"b"_s));
        QCOMPARE(settings.get(u""_s, u"a"_s).value(), u"b"_s);
        BIRCH_VERIFY(settings.remove(m_session, u""_s, u"a"_s));
        QVERIFY(settings.list(u""_s).value().isEmpty());
    }

private:
    test::StoreFixture m_fixture;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<Connection> m_connection;
    Session m_session;
};

QTEST_GUILESS_MAIN(EntitiesTest)
#include "tst_entities.moc"
