#include "widgets/history/timing_view.h"

#include "core/base/id.h"
#include "widgets/history/time_bar.h"
#include "widgets/theme/theme.h"

#include <QJsonArray>
#include <QLabel>
#include <QTest>
#include <QTreeWidget>

using namespace birch;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMs = 1'000'000;

/// 400 ms moving, in two runs, 300 ms reading, 100 ms waiting, 50 ms beside; 1000 ms in a branch.
ScanReport reportOf(const QUuid &sweep)
{
    ScanReport report;
    report.tree = {{u"format"_s, u"birch.scan"_s},
                   {u"version"_s, 1},
                   {u"root"_s, QJsonObject{{u"kind"_s, u"sequence"_s},
                                           {u"id"_s, uidText(newUid())},
                                           {u"children"_s,
                                            QJsonArray{QJsonObject{{u"kind"_s, u"sweep"_s},
                                                                   {u"id"_s, uidText(sweep)},
                                                                   {u"label"_s, u"Bias"_s}}}}}}};
    TimedRun first{1, {}};
    first.timing.wallNs = 550 * kMs;
    first.timing.entries = {{{}, sweep, u"smu.bias"_s, TimePart::Move, 3, 300 * kMs, 100 * kMs},
                            {{}, sweep, u"smu.iv"_s, TimePart::Read, 3, 200 * kMs, 100 * kMs},
                            {u"0"_s, sweep, u"smu.iv"_s, TimePart::Read, 9, 1000 * kMs, 100 * kMs},
                            {{}, {}, {}, TimePart::Overhead, 7, 50 * kMs, 10 * kMs}};
    TimedRun second{2, {}};
    second.timing.wallNs = 300 * kMs;
    second.timing.entries = {{{}, sweep, u"smu.bias"_s, TimePart::Move, 1, 100 * kMs, 100 * kMs},
                             {{}, sweep, u"smu.iv"_s, TimePart::Read, 1, 100 * kMs, 100 * kMs},
                             {{}, {}, {}, TimePart::Wait, 1, 100 * kMs, 100 * kMs}};
    report.timings = {first, second};
    return report;
}

} // namespace

/// Where the time of a scan went, for people.
class TimingViewTest : public QObject
{
    Q_OBJECT
private slots:
    void partsAreShownLargestFirst()
    {
        TimingView view;
        view.setReport(reportOf(newUid()));
        const auto *parts = view.findChild<QTreeWidget *>(u"timing-parts"_s);
        QStringList rows;
        for (int i = 0; i < parts->topLevelItemCount(); ++i) {
            const QTreeWidgetItem *part = parts->topLevelItem(i);
            rows << part->text(0) + u' ' + part->text(1) + u' ' + part->text(2);
            for (int child = 0; child < part->childCount(); ++child)
                rows << part->child(child)->text(0) + u" x "_s + part->child(child)->text(3);
        }
        QCOMPARE(rows, QStringList({u"move 400 ms 47.1 %"_s, u"smu.bias · Bias x 4"_s,
                                    u"read 300 ms 35.3 %"_s, u"smu.iv · Bias x 4"_s,
                                    u"wait 100 ms 11.8 %"_s, u"the scan itself x 1"_s,
                                    u"overhead 50 ms 5.9 %"_s, u"the scan itself x 7"_s}));
        const QString head = view.findChild<QLabel *>(u"timing-head"_s)->text();
        QVERIFY2(head.contains(u"Dead time 53 % of 850 ms"_s), qPrintable(head));
    }

    void theLineIsDrawnToScale_data()
    {
        QTest::addColumn<int>("mode");
        QTest::newRow("light") << int(ThemeMode::Light);
        QTest::newRow("dark") << int(ThemeMode::Dark);
    }
    void theLineIsDrawnToScale()
    {
        QFETCH(int, mode);
        applyTheme(*qApp, ThemeMode(mode));
        TimeBar bar;
        bar.resize(400, 20);
        bar.setStretches({{u"move"_s, 3 * kMs}, {u"read"_s, kMs}});
        QCOMPARE(bar.accessibleDescription(), u"move 3 ms, read 1 ms"_s);
        const QImage image = bar.grab().toImage();
        QVERIFY(TimeBar::colorOf(0) != TimeBar::colorOf(1));
        QCOMPARE(image.pixelColor(290, 10).rgb(), TimeBar::colorOf(0).rgb());
        QCOMPARE(image.pixelColor(310, 10).rgb(), TimeBar::colorOf(1).rgb());
    }

    void withoutTimesItSaysWhy()
    {
        TimingView view;
        view.setReport(reportOf(newUid()));
        view.setReport({});
        QVERIFY(view.findChild<QLabel *>(u"timing-head"_s)->text().contains(u"No times"_s));
        QVERIFY(view.findChild<QTreeWidget *>(u"timing-parts"_s)->isHidden());
        QVERIFY(view.findChild<TimeBar *>()->isHidden());
    }
};

QTEST_MAIN(TimingViewTest)
#include "tst_timing_view.moc"
