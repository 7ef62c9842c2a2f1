// Every shipped definition against a dialogue written from its instrument's public command set,
// byte by byte, on a server that shares no code with ours: definition and simulator can not agree
// on a mistake. A definition without a dialogue fails.
#include "drivers/definition/definition_instrument.h"
#include "drivers/definition/definition_loader.h"
#include "drivers/transport/make_transport.h"
#include "tests/drivers/definition/dialogue_file.h"

#include <QDir>
#include <QTest>

#include <cmath>

using namespace birch;
using namespace birch::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
Call soon()
{
    return Call::within(5s);
}

QString sourcePath(const char *path)
{
    return QString::fromLocal8Bit(qgetenv("BIRCH_SOURCE_DIR") + path);
}

/// These stand for no instrument that could be bought.
bool isOfBirch(const QString &id)
{
    return id == u"example" || id.startsWith(u"demo-");
}

bool isNear(double a, double b)
{
    return std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

QString textOf(const ColumnValues &column, qsizetype i)
{
    if (column.stateAt(i) != ValueState::Ok)
        return column.stateAt(i) == ValueState::Overload ? u"over"_s : u"nan"_s;
    switch (column.type()) {
    case ColumnType::Float64:
        return QString::number(column.doubleAt(i), 'g', 17);
    case ColumnType::Int64:
        return QString::number(column.intAt(i));
    case ColumnType::Bool:
        return column.boolAt(i) ? u"1"_s : u"0"_s;
    case ColumnType::Utf8:
        return column.textAt(i);
    }
    return {};
}

bool isSameText(const QString &a, const QString &b)
{
    bool isNumber = false, isNumberToo = false;
    const double x = a.toDouble(&isNumber), y = b.toDouble(&isNumberToo);
    return a == b || (isNumber && isNumberToo && isNear(x, y));
}

Status unexpected(const QString &found)
{
    return Error{ErrorCode::Protocol, u"found "_s + found};
}

QVariant valueFrom(const ParameterSpec *spec, const QString &text)
{
    if (spec && spec->type == ParameterType::Bool)
        return text == u"on";
    if (spec && (spec->type == ParameterType::Number || spec->type == ParameterType::Integer))
        return text.toDouble();
    return text;
}

Status read(DefinitionInstrument &instrument, const QString &name, const QString &expected)
{
    const int index = instrument.spec().measurementIndex(name);
    if (index < 0)
        return unexpected(u"no such measurement"_s);
    std::vector<ColumnValues> columns;
    for (const ColumnSpec &c : instrument.spec().measurements[index].columns)
        columns.emplace_back(c.type, c.valuesPerRow());
    std::vector<ColumnValues *> pointers;
    for (ColumnValues &c : columns)
        pointers.push_back(&c);
    if (Status done = instrument.read(index, pointers, soon()); !done)
        return done;
    QStringList values;
    for (size_t c = 0; c < columns.size(); ++c) {
        const qint64 count =
            instrument.spec().measurements[index].columns[qsizetype(c)].valuesPerRow();
        for (qint64 i = 0; i < count; ++i)
            values.append(textOf(columns[c], i));
    }
    const QStringList wanted = expected.split(u' ', Qt::SkipEmptyParts);
    bool isSame = wanted.size() == values.size();
    for (qsizetype i = 0; isSame && i < wanted.size(); ++i)
        isSame = isSameText(values[i], wanted[i]);
    return isSame ? ok() : unexpected(values.join(u' '));
}

Status look(DefinitionInstrument &instrument, int movement, const QString &expected)
{
    const auto state = instrument.state(movement, soon());
    if (!state)
        return state.error();
    const bool isMoving = expected.endsWith(u" moving");
    if (isNear(state.value().readback, expected.section(u' ', 0, 0).toDouble()) &&
        state.value().isMoving == isMoving)
        return ok();
    return unexpected(QString::number(state.value().readback, 'g', 17) +
                      (state.value().isMoving ? u" moving"_s : QString()));
}

Status getSetting(DefinitionInstrument &instrument, const QString &key, const QString &expected)
{
    const auto value = instrument.parameter(key, soon());
    if (!value)
        return value.error();
    const bool isBool = value.value().typeId() == QMetaType::Bool;
    const QString text = !isBool                  ? value.value().toString()
                         : value.value().toBool() ? u"on"_s
                                                  : u"off"_s;
    return isSameText(text, expected) ? ok() : unexpected(text);
}

Status perform(DefinitionInstrument &instrument, const DialogueFile::Step &step)
{
    const int movement = instrument.spec().movementIndex(step.name);
    if (step.action == u"open")
        return instrument.open(soon());
    if (step.action == u"close") {
        instrument.close();
        return ok();
    }
    if (step.action == u"read")
        return read(instrument, step.name, step.value);
    const ParameterSpec *spec = instrument.spec().parameter(step.name);
    if (step.action == u"set")
        return instrument.setParameter(step.name, valueFrom(spec, step.value), soon());
    if (step.action == u"get")
        return getSetting(instrument, step.name, step.value);
    const int action = instrument.spec().actionIndex(step.name);
    if (step.action == u"act" && action >= 0)
        return instrument.act(action, soon());
    if (step.action == u"acting" && action >= 0) { // acting NAME yes|no
        const auto isActing = instrument.isActing(action, soon());
        if (!isActing)
            return isActing.error();
        const QString found = isActing.value() ? u"yes"_s : u"no"_s;
        return found == step.value ? ok() : unexpected(found);
    }
    if (movement < 0)
        return unexpected(u"no such action or movement"_s);
    if (step.action == u"move")
        return instrument.begin(movement, step.value.toDouble(), soon());
    if (step.action == u"ramp") // ramp NAME VALUE RATE
        return instrument.ramp(movement, step.value.section(u' ', 0, 0).toDouble(),
                               step.value.section(u' ', 1, 1).toDouble(), soon());
    if (step.action == u"at")
        return look(instrument, movement, step.value);
    if (step.action == u"stop")
        return instrument.stop(movement, soon());
    return unexpected(u"no such action"_s);
}

ScriptedServer::Script scriptOf(const DialogueFile &dialogue)
{
    return [exchanges = dialogue.exchanges](Peer &peer) {
        for (const Exchange &exchange : exchanges) {
            peer.expect(exchange.expect);
            if (!exchange.answer.empty())
                peer.write(exchange.answer);
        }
        peer.expectEnd();
    };
}
} // namespace

class ShippedDialoguesTest : public QObject
{
    Q_OBJECT
private slots:
    void dialogue_data()
    {
        QTest::addColumn<QString>("id");
        const QDir folder(sourcePath("/resources/instruments"));
        for (const QString &file : folder.entryList({u"*.instrument.yaml"_s}, QDir::Files)) {
            const QString id = file.section(u'.', 0, 0);
            if (!isOfBirch(id))
                QTest::newRow(qPrintable(id)) << id;
        }
    }

    void dialogue()
    {
        QFETCH(QString, id);
        const DialogueFile dialogue =
            readDialogue(sourcePath("/tests/drivers/definition/dialogues/") + id + u".dialogue"_s);
        QVERIFY2(dialogue.problem.isEmpty(), qPrintable(dialogue.problem));
        const auto load = findDefinition(id, {sourcePath("/resources/instruments")});
        const Problem problem = load.problems.value(0);
        QVERIFY2(load.definition,
                 qPrintable(u"%1:%2: %3: %4 (%5)"_s.arg(problem.file)
                                .arg(problem.line)
                                .arg(problem.field, problem.message, problem.remedy)));
        ScriptedServer server(Wire::Socket, scriptOf(dialogue));
        auto transport =
            makeTransport(QString::fromStdString(server.resource()), load.definition->link);
        QVERIFY2(transport, transport ? "" : qPrintable(transport.error().message));
        DefinitionInstrument instrument(load.definition, load.definition->spec,
                                        std::move(transport).value());
        QSet<QString> actions;
        for (const DialogueFile::Step &step : dialogue.steps) {
            const Status done = perform(instrument, step);
            const QString outcome = done ? u"no failure"_s : done.error().message;
            const bool isExpected =
                step.failure.isEmpty() ? bool(done) : !done && outcome.contains(step.failure);
            QString failures;
            for (const std::string &failure : server.failures())
                failures += u'\n' + QString::fromStdString(failure);
            QVERIFY2(isExpected, qPrintable(u"line %1: %2 %3 %4: %5%6"_s.arg(step.line).arg(
                                     step.action, step.name, step.value, outcome, failures)));
            actions.insert(step.action);
        }
        std::string expected;
        for (const Exchange &exchange : dialogue.exchanges)
            expected += exchange.expect;
        QTRY_COMPARE(
            QString::fromLatin1(server.received().c_str(), qsizetype(server.received().size())),
            QString::fromLatin1(expected.c_str(), qsizetype(expected.size())));
        QVERIFY(server.failures().empty());
        checkCoverage(load.definition->spec, actions);
    }

private:
    /// Identified and initialised, and at least one of everything that it has.
    void checkCoverage(const InstrumentSpec &spec, const QSet<QString> &actions)
    {
        QVERIFY(actions.contains(u"open"_s));
        QVERIFY(spec.movements.isEmpty() ||
                (actions.contains(u"move"_s) && actions.contains(u"at"_s)));
        QVERIFY(spec.measurements.isEmpty() || actions.contains(u"read"_s));
        QVERIFY(spec.actions.isEmpty() || actions.contains(u"act"_s));
        QVERIFY(spec.parameters.isEmpty() || actions.contains(u"get"_s));
    }
};

QTEST_GUILESS_MAIN(ShippedDialoguesTest)
#include "tst_shipped_dialogues.moc"
