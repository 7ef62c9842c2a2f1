#include "widgets/models/dead_time.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace birch;

class DeadTimeTest : public QObject
{
    Q_OBJECT
private slots:
    void isNamed_data()
    {
        using Parts = QMap<int, int>; // TimePart, seconds
        QTest::addColumn<Parts>("seconds");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, const Parts &seconds, const QString &text) {
            QTest::newRow(name) << seconds << text;
        };
        const int move = int(TimePart::Move), settle = int(TimePart::Settle),
                  read = int(TimePart::Read), wait = int(TimePart::Wait),
                  pause = int(TimePart::Pause), store = int(TimePart::Store),
                  transfer = int(TimePart::Transfer), setup = int(TimePart::Setup);
        row("nothing yet", {}, {});
        row("only read", {{read, 10}}, u"dead time 0 %"_s);
        row("largest first", {{read, 69}, {move, 6}, {settle, 22}, {store, 3}},
            u"dead time 31 % (settle 22, move 6, store 3)"_s);
        row("three are named", {{read, 60}, {move, 10}, {settle, 10}, {store, 10}, {transfer, 10}},
            u"dead time 40 % (move 10, settle 10, transfer 10)"_s);
        row("waits are wanted", {{wait, 90}, {setup, 10}}, u"dead time 10 % (set-up 10)"_s);
        row("pauses do not count", {{pause, 1000}, {read, 3}, {move, 1}},
            u"dead time 25 % (move 25)"_s);
        row("small parts are not named", {{read, 999}, {move, 1}}, u"dead time 0 %"_s);
    }
    void isNamed()
    {
        using Parts = QMap<int, int>;
        QFETCH(Parts, seconds);
        QFETCH(QString, text);
        PartTimes parts{};
        for (auto at = seconds.begin(); at != seconds.end(); ++at)
            parts[size_t(at.key())] = at.value() * qint64(1'000'000'000);
        QCOMPARE(deadTimeText(parts), text);
    }
};

QTEST_GUILESS_MAIN(DeadTimeTest)
#include "tst_dead_time.moc"
