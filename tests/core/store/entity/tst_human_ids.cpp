#include "core/store/id_counter.h"

#include "core/store/write_transaction.h"
#include "tests/core/store/lab_fixture.h"

#include <QRegularExpression>
#include <QSet>

#include <thread>

using namespace birch;
using namespace Qt::StringLiterals;

/// Ids that people write on boxes: never twice, wherever they are counted.
class HumanIdsTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase_data() { test::StoreFixture::addEngines(); }

    void sayWhoCounted()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        test::LabFixture lab;
        lab.open(m_fixture, isPostgres, u"CRYO-2"_s);
        static const QRegularExpression form(u"^S-CRYO-2-20\\d\\d-001$"_s);
        const EntityRecord first = lab.add(u"samples"_s, {{u"material"_s, u"Ge"_s}});
        QVERIFY2(form.match(first.text(u"sample_id"_s)).hasMatch(),
                 qPrintable(first.text(u"sample_id"_s)));
        // Somebody typed the next one already.
        const QString typed = first.text(u"sample_id"_s).chopped(1) + u'2';
        lab.add(u"samples"_s, {{u"sample_id"_s, typed}});
        QVERIFY(lab.add(u"samples"_s, {}).text(u"sample_id"_s).endsWith(u"-003"_s));
    }

    void twoDatabasesNeverAgree()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        test::LabFixture one;
        test::LabFixture other;
        for (const auto &[a, b] : {std::pair(u"B1"_s, u"B2"_s), std::pair(u""_s, u""_s)}) {
            one.open(m_fixture, isPostgres, a);
            other.open(m_fixture, isPostgres, b);
            QSet<QString> ids;
            for (int i = 0; i < 5; ++i)
                ids << one.add(u"samples"_s, {}).text(u"sample_id"_s)
                    << other.add(u"samples"_s, {}).text(u"sample_id"_s);
            QCOMPARE(ids.size(), 10);
        }
    }

    void writersAtOnceNeverAgree()
    {
        QFETCH_GLOBAL(bool, isPostgres);
        constexpr int kWriters = 4;
        constexpr int kEach = 25;
        test::LabFixture lab;
        lab.open(m_fixture, isPostgres);
        std::vector<std::thread> writers;
        std::vector<QString> problems(kWriters);
        for (int i = 0; i < kWriters; ++i) {
            writers.emplace_back([&lab, &problem = problems[size_t(i)]] {
                const auto connection = lab.database().connect().value();
                EntityRepository samples(*connection, sampleSpec());
                for (int n = 0; n < kEach && problem.isEmpty(); ++n) {
                    const auto made = samples.insert(lab.session(), {});
                    problem = made ? QString() : made.error().message;
                }
            });
        }
        for (std::thread &writer : writers)
            writer.join();
        for (const QString &problem : problems)
            QCOMPARE(problem, QString());
        QCOMPARE(lab.count(u"SELECT count(DISTINCT sample_id) FROM samples"_s), kWriters * kEach);
    }

private:
    test::StoreFixture m_fixture;
};

QTEST_GUILESS_MAIN(HumanIdsTest)
#include "tst_human_ids.moc"
