#include "core/store/lab/record_rules.h"

#include "core/store/lab/waste_store.h"

#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;

class RecordRulesTest : public QObject
{
    Q_OBJECT
private slots:
    void dois_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("doi"); // "": refused
        QTest::newRow("plain") << u"10.1038/s41586-020"_s << u"10.1038/s41586-020"_s;
        QTest::newRow("link") << u"https://doi.org/10.1021/acs.nano"_s << u"10.1021/acs.nano"_s;
        QTest::newRow("old link") << u"http://dx.doi.org/10.1/x"_s << u""_s;
        QTest::newRow("prefixed") << u" DOI: 10.1103/PhysRevB.1 "_s << u"10.1103/PhysRevB.1"_s;
        QTest::newRow("no suffix") << u"10.1038/"_s << u""_s;
        QTest::newRow("blank inside") << u"10.1038/a b"_s << u""_s;
        QTest::newRow("words") << u"see Nature"_s << u""_s;
    }
    void dois()
    {
        QFETCH(QString, text);
        QFETCH(QString, doi);
        const auto read = doiFromText(text);
        QCOMPARE(read ? read.value() : QString(), doi);
    }

    void fillLevels_data()
    {
        QTest::addColumn<double>("percent");
        QTest::addColumn<QString>("level");
        QTest::newRow("nothing") << 0.0 << u"empty"_s;
        QTest::newRow("a drop") << 0.001 << u"partial"_s;
        QTest::newRow("under half") << 49.99 << u"partial"_s;
        QTest::newRow("half") << 50.0 << u"nearly_full"_s;
        QTest::newRow("under 90") << 89.99 << u"nearly_full"_s;
        QTest::newRow("90") << 90.0 << u"full"_s;
        QTest::newRow("100") << 100.0 << u"full"_s;
        QTest::newRow("more") << 100.01 << u"overfull"_s;
    }
    void fillLevels()
    {
        QFETCH(double, percent);
        QFETCH(QString, level);
        QCOMPARE(wasteFillStatus(percent), level);
    }

    void wasteSteps_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("ask") << u"active"_s << u"awaiting_collection"_s << true;
        QTest::newRow("collect") << u"awaiting_collection"_s << u"collected"_s << true;
        QTest::newRow("not unasked") << u"active"_s << u"collected"_s << false;
        QTest::newRow("dispose") << u"collected"_s << u"disposed"_s << true;
        QTest::newRow("never back") << u"disposed"_s << u"active"_s << false;
        QTest::newRow("same") << u"disposed"_s << u"disposed"_s << true;
        QTest::newRow("closed is collected") << u"closed"_s << u"collected"_s << true;
    }
    void wasteSteps()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(bool, isAllowed);
        QCOMPARE(bool(checkWasteStep(from, to)), isAllowed);
    }
};

QTEST_GUILESS_MAIN(RecordRulesTest)
#include "tst_record_rules.moc"
