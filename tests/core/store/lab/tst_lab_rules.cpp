#include "core/store/entity/trash.h"
#include "core/store/lab/inventory.h"
#include "core/store/lab/issue_store.h"
#include "core/store/lab/places.h"
#include "core/store/lab/record_rules.h"
#include "core/store/lab/waste_store.h"
#include "core/store/store_time.h"
#include "tests/core/store/lab_fixture.h"

#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;

/// The rules of a lab, obeyed by every write.
class LabRulesTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase_data() { test::StoreFixture::addEngines(); }
    void init()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        m_lab.open(m_fixture, isPostgres);
    }
    void cleanup() { m_lab.close(); }

    void issuesTellTheirStory()
    {
        m_lab.add(u"users"_s, {{u"username"_s, u"carla"_s}, {u"role"_s, u"operator"_s}});
        m_lab.add(u"equipment"_s, {{u"name"_s, u"SEM"_s}, {u"owner"_s, u"carla"_s}});
        const EntityRecord issue =
            m_lab.add(u"issues"_s, {{u"title"_s, u"Leak"_s}, {u"about"_s, u"equipment:SEM"_s}});
        QCOMPARE(issue.text(u"assignee"_s), u"carla"_s);
        BIRCH_VERIFY(m_lab.tryEdit(u"issues"_s, issue.uid, {{u"status"_s, u"in_progress"_s}}));
        const auto resolved =
            m_lab.tryEdit(u"issues"_s, issue.uid,
                          {{u"status"_s, u"resolved"_s}, {u"resolution"_s, u"New seal"_s}});
        BIRCH_VERIFY(resolved);
        QVERIFY(resolved.value().values.contains(u"resolved_at"_s));
        BIRCH_VERIFY(m_lab.tryEdit(u"issues"_s, issue.uid, {{u"title"_s, u"Leaks"_s}}));
        const auto lines = m_lab.repository(u"issue_updates"_s).list(m_lab.session(), {});
        QCOMPARE(lines.value().total, 2);
        QCOMPARE(lines.value().records.first().text(u"new_status"_s), u"resolved"_s);
        QCOMPARE(lines.value().records.first().text(u"content"_s), u"New seal"_s);
        const auto again = m_lab.tryEdit(u"issues"_s, issue.uid, {{u"status"_s, u"open"_s}});
        BIRCH_VERIFY(again);
        QVERIFY(!again.value().values.contains(u"resolved_at"_s));
    }

    /// Trees are included by name and version: the version tells one tree from another.
    void scanTemplatesCountTheirTrees()
    {
        const auto tree = [](const QString &name) {
            return QVariant(QJsonValue(QJsonObject{{u"name"_s, name}}));
        };
        const EntityRecord added =
            m_lab.add(u"scan_templates"_s, {{u"name"_s, u"IV"_s}, {u"tree"_s, tree(u"one"_s)}});
        QCOMPARE(added.values.value(u"version"_s).toLongLong(), 1);
        const auto versionAfter = [&](const QVariantMap &changes) {
            const auto edited = m_lab.tryEdit(u"scan_templates"_s, added.uid, changes);
            return edited ? edited.value().values.value(u"version"_s).toLongLong() : -1;
        };
        QCOMPARE(versionAfter({{u"tree"_s, tree(u"two"_s)}}), 2);
        QCOMPARE(versionAfter({{u"description"_s, u"of a diode"_s}}), 2);
        QCOMPARE(versionAfter({{u"tree"_s, tree(u"two"_s)}}), 2);
        QCOMPARE(versionAfter({{u"tree"_s, tree(u"one"_s)}}), 3);
    }

    void maintenanceOpensOnceAndComesBack()
    {
        m_lab.add(u"equipment"_s, {{u"name"_s, u"SEM"_s}});
        const EntityRecord task =
            m_lab.add(u"maintenance_tasks"_s, {{u"equipment"_s, u"SEM"_s},
                                               {u"name"_s, u"Oil"_s},
                                               {u"interval_days"_s, 30},
                                               {u"issue_title"_s, u"Change the oil"_s},
                                               {u"next_due_on"_s, u"2026-01-10"_s}});
        const auto open = [this](const QString &today) {
            const auto issues = openDueMaintenance(m_lab.connection(), m_lab.session(), today);
            return issues ? issues.value().size() : -1;
        };
        QCOMPARE(open(u"2026-01-09"_s), 0);
        QCOMPARE(open(u"2026-01-10"_s), 1);
        QCOMPARE(open(u"2026-01-11"_s), 0);
        const EntityRecord opened = m_lab.find(u"maintenance_tasks"_s, task.uid);
        QVERIFY(opened.values.contains(u"last_triggered_at"_s));
        BIRCH_VERIFY(m_lab.tryEdit(u"issues"_s, opened.referenceUids.value(u"current_issue"_s),
                                   {{u"status"_s, u"closed"_s}}));
        const EntityRecord done = m_lab.find(u"maintenance_tasks"_s, task.uid);
        QVERIFY(!done.values.contains(u"current_issue"_s));
        QVERIFY(done.text(u"next_due_on"_s) >
                QDate::currentDate().addDays(28).toString(Qt::ISODate));
    }

    void twoWhoLookForMaintenanceOpenOne()
    {
        m_lab.add(u"equipment"_s, {{u"name"_s, u"SEM"_s}});
        m_lab.add(u"maintenance_tasks"_s, {{u"equipment"_s, u"SEM"_s},
                                           {u"name"_s, u"Oil"_s},
                                           {u"interval_days"_s, 30},
                                           {u"issue_title"_s, u"Change the oil"_s},
                                           {u"next_due_on"_s, u"2026-01-10"_s}});
        std::vector<std::thread> threads;
        std::vector<QString> problems(2);
        for (size_t i = 0; i < 2; ++i) {
            threads.emplace_back([this, &problem = problems[i]] {
                const auto connection = m_lab.database().connect().value();
                const auto done = openDueMaintenance(*connection, m_lab.session(), u"2026-02-01"_s);
                problem = done ? QString() : done.error().message;
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(problems[0] + problems[1], QString());
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM issues"_s), 1);
    }

    void stockIsNeverNegative()
    {
        m_lab.add(u"precursors"_s,
                  {{u"name"_s, u"TMGa"_s}, {u"low_below"_s, 2}, {u"low_unit"_s, u"g"_s}});
        addStock(u"TMGa"_s, 5, u"g"_s, u"2026-01-02"_s);
        addStock(u"TMGa"_s, 500, u"mg"_s, u"2026-01-01"_s);
        const auto use = [this](double amount, const QString &unit) {
            return consumePrecursor(m_lab.connection(), m_lab.session(), u"TMGa"_s, amount, unit);
        };
        QCOMPARE(use(6, u"g"_s).error().code, ErrorCode::Conflict);
        QCOMPARE(use(1, u"mL"_s).error().code, ErrorCode::BadInput);
        QCOMPARE(use(0, u"g"_s).error().code, ErrorCode::BadInput);
        QCOMPARE(use(-1, u"g"_s).error().code, ErrorCode::BadInput);
        const auto some = use(1500, u"mg"_s); // all of the older, the rest of the newer
        BIRCH_VERIFY(some);
        QCOMPARE(some.value().left, 4000.0);
        QCOMPARE(some.value().status, u"in_use"_s);
        QCOMPARE(m_lab.count(u"SELECT count(*) FROM precursor_inventory WHERE quantity = 0"_s), 1);
        QCOMPARE(use(3, u"g"_s).value().status, u"low"_s);
        QCOMPARE(use(1, u"g"_s).value().status, u"empty"_s);
        addStock(u"TMGa"_s, 9, u"g"_s, u"2026-02-01"_s);
        QCOMPARE(m_lab.find(u"precursors"_s, u"TMGa"_s).text(u"status"_s), u"in_use"_s);
        BIRCH_VERIFY(
            m_lab.tryEdit(u"precursors"_s, u"TMGa"_s, {{u"expiration_date"_s, u"2020-01-01"_s}}));
        QCOMPARE(m_lab.find(u"precursors"_s, u"TMGa"_s).text(u"status"_s), u"expired"_s);
        const auto expiring = expiringPrecursors(m_lab.connection(), m_lab.session(),
                                                 QDate::currentDate().toString(Qt::ISODate));
        QCOMPARE(expiring.value().size(), 1);
    }

    void runsTakeAllTheyUsedOrNothing()
    {
        for (const QString &name : {u"A"_s, u"B"_s}) {
            m_lab.add(u"precursors"_s, {{u"name"_s, name}});
            addStock(name, 10, u"g"_s, u"2026-01-01"_s);
        }
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-1"_s}});
        m_lab.add(u"procedures"_s, {{u"name"_s, u"Growth"_s}});
        const EntityRecord run = m_lab.add(
            u"fabrication_runs"_s, {{u"sample"_s, u"S-1"_s}, {u"procedure"_s, u"Growth"_s}});
        const auto line = [&](const QString &precursor, double amount) {
            return m_lab.add(u"fabrication_run_precursors"_s, {{u"run"_s, run.uid},
                                                               {u"precursor"_s, precursor},
                                                               {u"quantity"_s, amount},
                                                               {u"unit"_s, u"g"_s}});
        };
        line(u"A"_s, 4);
        const EntityRecord tooMuch = line(u"B"_s, 11);
        const auto complete = [&] {
            return m_lab.tryEdit(u"fabrication_runs"_s, run.uid, {{u"status"_s, u"completed"_s}});
        };
        const auto refused = complete();
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY(refused.error().message.contains(u"B"_s));
        QCOMPARE(m_lab.count(u"SELECT CAST(sum(quantity) AS BIGINT) FROM precursor_inventory"_s),
                 20);
        BIRCH_VERIFY(
            m_lab.tryEdit(u"fabrication_run_precursors"_s, tooMuch.uid, {{u"quantity"_s, 10}}));
        const auto done = complete();
        BIRCH_VERIFY(done);
        QVERIFY(done.value().values.contains(u"completed_at"_s));
        QCOMPARE(m_lab.count(u"SELECT CAST(sum(quantity) AS BIGINT) FROM precursor_inventory"_s),
                 6);
        QCOMPARE(m_lab.tryEdit(u"fabrication_runs"_s, run.uid, {{u"status"_s, u"pending"_s}})
                     .error()
                     .code,
                 ErrorCode::Conflict);
    }

    void wasteFillsAndGoes()
    {
        const EntityRecord can =
            m_lab.add(u"wastes"_s, {{u"name"_s, u"Acid"_s}, {u"fill_percent"_s, 20}});
        QCOMPARE(can.text(u"fill_status"_s), u"partial"_s);
        const auto full = m_lab.tryEdit(u"wastes"_s, can.uid, {{u"fill_percent"_s, 95}});
        QCOMPARE(full.value().text(u"fill_status"_s), u"full"_s);
        QVERIFY(full.value().values.contains(u"full_on"_s));
        QCOMPARE(m_lab.tryEdit(u"wastes"_s, can.uid, {{u"status"_s, u"disposed"_s}}).error().code,
                 ErrorCode::Conflict);
        const auto asked =
            m_lab.tryEdit(u"wastes"_s, can.uid, {{u"status"_s, u"awaiting_collection"_s}});
        QVERIFY(asked.value().values.contains(u"requested_on"_s));
        const auto fresh = replaceWaste(m_lab.connection(), m_lab.session(), can.uid);
        BIRCH_VERIFY(fresh);
        QCOMPARE(fresh.value().text(u"fill_status"_s), u"empty"_s);
        QCOMPARE(fresh.value().referenceUids.value(u"replaces"_s), can.uid);
        QCOMPARE(m_lab.find(u"wastes"_s, can.uid).text(u"status"_s), u"closed"_s);
    }

    void placesAreATree()
    {
        for (const QString &name : {u"House"_s, u"Room"_s, u"Shelf"_s})
            m_lab.add(u"locations"_s, {{u"name"_s, name}});
        BIRCH_VERIFY(m_lab.tryEdit(u"locations"_s, u"Room"_s, {{u"parent"_s, u"House"_s}}));
        BIRCH_VERIFY(m_lab.tryEdit(u"locations"_s, u"Shelf"_s, {{u"parent"_s, u"Room"_s}}));
        for (const QString &own : {u"House"_s, u"Room"_s, u"Shelf"_s})
            QCOMPARE(m_lab.tryEdit(u"locations"_s, u"House"_s, {{u"parent"_s, own}}).error().code,
                     ErrorCode::Conflict);
        m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-1"_s}});
        const auto place = [this](const QString &where) {
            return placeObject(m_lab.connection(), m_lab.session(), u"samples:S-1"_s, where);
        };
        BIRCH_VERIFY(place(u"Room"_s));
        BIRCH_VERIFY(place(u"Shelf"_s));
        const auto history =
            placementHistory(m_lab.connection(), m_lab.session(), u"samples:S-1"_s);
        QCOMPARE(history.value().size(), 2);
        QVERIFY(!history.value()[0].values.contains(u"removed_at"_s));
        QVERIFY(history.value()[1].values.contains(u"removed_at"_s));
        QCOMPARE(contentsOf(m_lab.connection(), m_lab.session(), u"House"_s).value().size(), 1);
        Trash trash(m_lab.connection());
        for (const QString &name : {u"House"_s, u"Shelf"_s})
            QCOMPARE(trash.trash(m_lab.session(), u"locations"_s, name).error().code,
                     ErrorCode::Conflict);
        BIRCH_VERIFY(place(u"House"_s));
        BIRCH_VERIFY(trash.trash(m_lab.session(), u"locations"_s, u"Shelf"_s));
    }

    void samplesAreNotTheirOwnOrigin()
    {
        for (const QString &id : {u"S-1"_s, u"S-2"_s, u"S-3"_s})
            m_lab.add(u"samples"_s, {{u"sample_id"_s, id}});
        const auto link = [this](const QString &sample, const QString &parent) {
            return m_lab.tryAdd(u"sample_parents"_s, {{u"sample"_s, sample},
                                                      {u"parent"_s, parent},
                                                      {u"amount"_s, 2.5},
                                                      {u"unit"_s, u"mg"_s}});
        };
        BIRCH_VERIFY(link(u"S-2"_s, u"S-1"_s));
        BIRCH_VERIFY(m_lab.tryEdit(u"samples"_s, u"S-3"_s, {{u"parent"_s, u"S-2"_s}}));
        QCOMPARE(link(u"S-1"_s, u"S-3"_s).error().code, ErrorCode::Conflict);
        QCOMPARE(link(u"S-1"_s, u"S-1"_s).error().code, ErrorCode::Conflict);
        QCOMPARE(m_lab.tryEdit(u"samples"_s, u"S-1"_s, {{u"parent"_s, u"S-3"_s}}).error().code,
                 ErrorCode::Conflict);
        const auto family = sampleFamily(m_lab.connection(), m_lab.session(), u"S-2"_s);
        BIRCH_VERIFY(family);
        QCOMPARE(family.value().ancestors.size(), 1);
        QCOMPARE(family.value().ancestors.first().amount.toDouble(), 2.5);
        QCOMPARE(family.value().descendants.size(), 1);
        QCOMPARE(sampleFamily(m_lab.connection(), m_lab.session(), u"S-1"_s)
                     .value()
                     .descendants.last()
                     .generation,
                 2);
    }

    void calibrationsFallDue()
    {
        m_lab.add(u"instruments"_s, {{u"name"_s, u"DMM"_s}});
        const auto calibrate = [this](const QString &on, const QString &due) {
            return m_lab.tryAdd(u"calibrations"_s, {{u"object"_s, u"instruments:DMM"_s},
                                                    {u"quantity"_s, u"voltage"_s},
                                                    {u"calibrated_on"_s, on},
                                                    {u"due_on"_s, due}});
        };
        QCOMPARE(calibrate(u"2026-01-01"_s, u"2025-01-01"_s).error().code, ErrorCode::BadInput);
        BIRCH_VERIFY(calibrate(u"2025-01-01"_s, u"2026-01-01"_s));
        const auto due = [this](const QString &until) {
            return dueCalibrations(m_lab.connection(), m_lab.session(), until).value().size();
        };
        QCOMPARE(due(u"2025-12-31"_s), 0);
        QCOMPARE(due(u"2026-01-01"_s), 1);
        BIRCH_VERIFY(calibrate(u"2025-12-20"_s, u"2026-12-20"_s));
        QCOMPARE(due(u"2026-06-01"_s), 0);
    }

    void samplesThatCanNotBeScanned()
    {
        const EntityRecord sample = m_lab.add(u"samples"_s, {{u"sample_id"_s, u"S-1"_s}});
        const auto problems = [&] {
            return sampleProblems(m_lab.connection(), sample.uid).value().size();
        };
        QCOMPARE(problems(), 0);
        BIRCH_VERIFY(m_lab.tryEdit(u"samples"_s, u"S-1"_s, {{u"status"_s, u"consumed"_s}}));
        QCOMPARE(problems(), 1);
        EntityRepository samples = m_lab.repository(u"samples"_s);
        BIRCH_VERIFY(samples.setArchived(m_lab.session(), u"S-1"_s, true));
        BIRCH_VERIFY(samples.setTrashed(m_lab.session(), u"S-1"_s, true));
        QCOMPARE(problems(), 3);
    }

private:
    void addStock(const QString &precursor, double quantity, const QString &unit,
                  const QString &receivedOn)
    {
        m_lab.add(u"precursor_inventory"_s, {{u"precursor"_s, precursor},
                                             {u"quantity"_s, quantity},
                                             {u"unit"_s, unit},
                                             {u"received_on"_s, receivedOn}});
    }

    test::StoreFixture m_fixture;
    test::LabFixture m_lab;
};

QTEST_GUILESS_MAIN(LabRulesTest)
#include "tst_lab_rules.moc"
