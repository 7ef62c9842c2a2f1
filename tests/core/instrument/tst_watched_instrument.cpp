#include "core/instrument/watched_instrument.h"

#include "tests/core/instrument/scripted_instrument.h"

#include <QRegularExpression>
#include <QTest>

using namespace birch;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
InstrumentSpec spec()
{
    InstrumentSpec spec;
    spec.movements.resize(1);
    spec.movements[0].name = u"x"_s;
    spec.measurements.resize(1);
    spec.measurements[0].name = u"iv"_s;
    return spec;
}

struct NamedCall {
    QString name; ///< as the watch says it
    std::function<void(Instrument &, const Call &)> run;
};

/// Every call of Instrument that has a deadline.
QList<NamedCall> calls()
{
    return {
        {u"open"_s, [](Instrument &i, const Call &c) { (void)i.open(c); }},
        {u"identify"_s, [](Instrument &i, const Call &c) { (void)i.identify(c); }},
        {u"survey"_s, [](Instrument &i, const Call &c) { (void)i.survey({}, c); }},
        {u"reopen"_s,
         [](Instrument &i, const Call &c) { (void)i.reopen(Instrument::Check::Identity, c); }},
        {u"begin x"_s, [](Instrument &i, const Call &c) { (void)i.begin(0, 1, c); }},
        {u"ramp x"_s, [](Instrument &i, const Call &c) { (void)i.ramp(0, 1, 1, c); }},
        {u"state x"_s, [](Instrument &i, const Call &c) { (void)i.state(0, c); }},
        {u"stop x"_s, [](Instrument &i, const Call &c) { (void)i.stop(0, c); }},
        {u"read iv"_s, [](Instrument &i, const Call &c) { (void)i.read(0, {}, c); }},
        {u"ask for nplc"_s, [](Instrument &i, const Call &c) { (void)i.parameter(u"nplc"_s, c); }},
        {u"set nplc"_s,
         [](Instrument &i, const Call &c) { (void)i.setParameter(u"nplc"_s, 1.0, c); }},
        {u"raw text"_s, [](Instrument &i, const Call &c) { (void)i.raw("*CLS", false, c); }},
    };
}
} // namespace

class WatchedInstrumentTest : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_script = std::make_shared<InstrumentScript>();
        m_watch = std::make_unique<WatchedInstrument>(
            u"stage"_s, std::make_unique<ScriptedInstrument>(spec(), m_script));
    }

    void lateCallIsNamed_data()
    {
        QTest::addColumn<int>("row");
        const auto all = calls();
        for (int row = 0; row < int(all.size()); ++row)
            QTest::addRow("%s", qPrintable(all[row].name)) << row;
    }
    void lateCallIsNamed()
    {
        QFETCH(int, row);
        const NamedCall call = calls()[row];
        const QString name = QRegularExpression::escape(call.name);
        QTest::ignoreMessage(
            QtWarningMsg,
            QRegularExpression(
                u"^stage: \"%1\" came back 1\\d\\d ms after its deadline"_s.arg(name)));
        call.run(*m_watch, {Deadline::in(-kDeadlineMargin - 2ms)}); // it had passed before
        QTest::ignoreMessage(
            QtDebugMsg,
            QRegularExpression(
                u"^stage: 1 calls, the latest came back 1\\d\\d\\.\\d{3} ms after its deadline "
                "\\(%1\\)$"_s.arg(name)));
        m_watch.reset();
    }

    void inTimeNothingIsSaid()
    {
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        const auto all = calls();
        for (const NamedCall &call : all)
            call.run(*m_watch, Call::within(1min));
        QTest::ignoreMessage(QtDebugMsg,
                             qPrintable(u"stage: %1 calls, the latest came back 0.000 ms after its "
                                        "deadline"_s.arg(all.size())));
        m_watch.reset();
    }

    void tellsOnlyOfTheLatest()
    {
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(u"\"read iv\" came back 5\\d{3} ms"_s));
        (void)m_watch->read(0, {}, {Deadline::in(-5s)});
        QTest::failOnWarning(QRegularExpression(u".*"_s));
        (void)m_watch->stop(0, {Deadline::in(-2s)});
        QTest::ignoreMessage(QtDebugMsg,
                             QRegularExpression(u"^stage: 2 calls, .*\\(read iv\\)$"_s));
        m_watch.reset();
    }

private:
    std::shared_ptr<InstrumentScript> m_script;
    std::unique_ptr<WatchedInstrument> m_watch;
};

QTEST_GUILESS_MAIN(WatchedInstrumentTest)
#include "tst_watched_instrument.moc"
