#pragma once

#include "core/base/problem.h"
#include "core/base/unit.h"
#include "core/plan/plan_node.h"
#include "core/plan/plan_value.h"
#include "core/plan/scan_node.h"

#include <QCoreApplication>
#include <QHash>
#include <QMap>

#include <optional>
#include <span>

namespace birch {

class NodeRegistry;

/// What the bench offers, by nickname.
using BenchSpecs = QMap<QString, InstrumentSpec>;

/// What kinds compile with: names of the bench, units, loops around, problems. Collects the
/// movements and objects of the plan on the way. Lives for one compilation, on one thread.
class CompileContext
{
    Q_DECLARE_TR_FUNCTIONS(CompileContext)

public:
    CompileContext(const NodeRegistry &registry, const BenchSpecs &bench, QString file);

    void problem(const ScanNode &node, const QString &field, const QString &message,
                 const QString &remedy);

    /// What keeps no scan from running, but is hardly meant: a part that never does anything.
    void note(const ScanNode &node, const QString &field, const QString &message,
              const QString &remedy);

    /// A problem with another file that the node names: says its path and line.
    void fileProblem(const ScanNode &node, const QString &field, const Problem &inFile);

    /// Position in movements() of "smu.bias"; none after a problem.
    std::optional<int> movement(const ScanNode &node, const QString &field, const QString &name);
    /// None after a problem.
    std::optional<PlanRead> measurement(const ScanNode &node, const QString &field,
                                        const QString &name);
    /// What was typed, in the unit of \a movement; none after a problem. Limits are not looked at.
    std::optional<double> quantity(const ScanNode &node, const QString &field,
                                   const QJsonValue &typed, int movement,
                                   QuantityKind kind = QuantityKind::Absolute);
    /// None after a problem.
    std::optional<Nanoseconds> duration(const ScanNode &node, const QString &field,
                                        const QJsonValue &typed);
    /// The "settle" field of a node that has one: zero where it is empty, none after a problem.
    std::optional<Nanoseconds> settle(const ScanNode &node);
    /// The ramp rate that is typed, in the unit of \a movement per second; 0 where nothing is, none
    /// after a problem.
    std::optional<double> ramp(const ScanNode &node, const QString &field, const QJsonValue &typed,
                               int movement);
    /// A problem that names the first of \a positions outside the limits of \a movement.
    void checkLimits(const ScanNode &node, const QString &field, int movement,
                     std::span<const double> positions);
    /// \a once times \a count, held below what an estimate can be.
    static Nanoseconds times(Nanoseconds once, qint64 count);
    static Nanoseconds sum(Nanoseconds a, Nanoseconds b);
    /// Time one command and its travel of \a distance take; \a ramp: no faster than that.
    Nanoseconds moveTime(int movement, double distance, double ramp = 0) const;
    /// From where the nodes so far leave \a movement to \a position; 0 where that is not known.
    double wayTo(int movement, double position) const;
    /// What is inside or behind finds \a movement there; none: somewhere.
    void leaveAt(int movement, std::optional<double> position);

    /// Every enabled child that does something. Problems are collected.
    std::vector<std::unique_ptr<const PlanNode>> children(const ScanNode &node);
    /// children() that are left only through their end: no condition inside ends a loop around.
    std::vector<std::unique_ptr<const PlanNode>> watchedChildren(const ScanNode &node);
    /// children() that run at the same time: none sees what another one sets. A problem where two
    /// set through one instrument.
    std::vector<std::unique_ptr<const PlanNode>> branches(const ScanNode &node);
    /// One node with everything below it: see children().
    std::unique_ptr<PlanNode> compile(const ScanNode &node);

    /// Around the compilation of what is inside a loop. \a sweeps: movements it sets.
    void enterLoop(qint64 rounds, const QList<int> &sweeps);
    void leaveLoop();
    bool isInLoop() const { return !m_loops.empty(); }
    /// Whether a loop around can be left from here: those around a parallel node, a
    /// monitor or a guard can not.
    bool isInOwnLoop() const { return m_loops.size() > m_loopsOfLane; }
    /// Whether a sweep around sets it.
    bool isSwept(int movement) const;
    /// From here on \a movement is a setpoint column of what is measured.
    void markSet(int movement);

    /// Position in the plan's conditions of the one that is typed in \a field; none after a
    /// problem. It may speak of the movements set so far, of what nodes so far have measured (the
    /// nearest one where several have), and of the indices of the loops around.
    std::optional<int> condition(const ScanNode &node, const QString &field);
    /// What condition \a position always says; none where it depends on something.
    std::optional<bool> constant(int position) const;
    /// \a node always ends the loop around: nothing behind it in there is reached.
    void endsLoop(const ScanNode &node) { m_stopper = &node; }
    /// Compiles with \a inside what may be passed over: an end of the loop in there is no certain
    /// one.
    template<typename Inside>
    void perhaps(Inside inside)
    {
        const ScanNode *before = m_stopper;
        inside();
        m_stopper = before;
    }
    /// The same of an expression that gives a number, in whatever unit.
    std::optional<int> number(const ScanNode &node, const QString &field);
    /// What the wait of \a node reads and waits for, from its "condition": the measurements of the
    /// bench that it names, beside setpoints and indices. None after problems.
    std::optional<PlanWatch> waitFor(const ScanNode &node);
    /// What \a text is compiled to; none after problems, each with its place in the text.
    std::optional<Expression> expression(const ScanNode &node, const QString &field,
                                         const QString &text, const QList<ExpressionName> &names,
                                         const ExpressionGoal &goal);
    /// As in problems; "" for a tree that has no file.
    const QString &file() const { return m_file; }
    /// Something outside the tree that decides which points are visited, e.g. what a file says.
    void addToHash(const QByteArray &bytes) { m_outside += bytes; }
    const QByteArray &outside() const { return m_outside; }
    int addTimer() { return m_timers++; }
    int addTurn() { return m_turns++; }
    int addSearch() { return m_searches++; }
    /// A condition decides how much is measured from here on: totals are bounds.
    void markBound() { m_isBound = true; }

    /// One object, with the columns of the loops and setpoints around; \a repeats adds an index
    /// column where it is more than 1. Returns its position in the plan.
    int addObject(const ScanNode &node, QList<PlanRead> reads, int averages, qint64 repeats);
    /// The object of a monitor, which makes about \a rows each time it runs.
    int addMonitorObject(const ScanNode &node, QList<PlanRead> reads, qint64 rows);
    /// The object that keeps what was answered to \a fields.
    int addPromptObject(const ScanNode &node, const QList<PromptField> &fields);
    int addPrompt(PlanPrompt prompt); ///< returns its position in the plan
    /// Returns its position in the plan.
    int addWatch(const ScanNode &node, PlanWatch watch);
    /// At least kMinInterval; none after a problem.
    std::optional<Nanoseconds> interval(const ScanNode &node);
    /// A condition over the columns of \a probe; none where the field is empty or after a problem.
    std::optional<Expression> condition(const ScanNode &node, const QString &field,
                                        const PlanObject &probe);
    /// What a guard reads: an object that is recorded nowhere.
    PlanObject probe(const ScanNode &node, QList<PlanRead> reads);

    /// Totals of \a planNode from its children and what it does itself in one walk; a problem when
    /// the product is absurd.
    void setTotals(const ScanNode &node, PlanNode &planNode, qint64 ownSteps, qint64 ownPoints,
                   Nanoseconds ownDuration);

    const QList<PlanMovement> &movements() const { return m_movements; }
    const QList<PlanObject> &objects() const { return m_objects; }
    const QList<PlanWatch> &watches() const { return m_watches; }
    const QList<PlanValue> &values() const { return m_values; }
    const std::vector<PlanCondition> &conditions() const { return m_conditions; }
    int timers() const { return m_timers; }
    int turns() const { return m_turns; }
    int searches() const { return m_searches; }
    bool isBound() const { return m_isBound; }
    const QList<PlanPrompt> &prompts() const { return m_prompts; }
    const Problems &problems() const { return m_problems; }
    const Problems &notes() const { return m_notes; }
    bool hasMeasureNode() const { return m_hasMeasureNode; }
    qint64 bytes() const;
    /// Gives every object its unique name: labels as typed, the others numbered.
    void nameObjects();

private:
    struct Loop {
        qint64 rounds = 1;
        QList<int> sweeps;
    };
    /// What a node says for those inside it.
    struct Rule {
        FailureRule failure;
        Nanoseconds timeout{};
    };
    struct ObjectSource {
        const ScanNode *node;
        QString label; ///< "" for none
    };

    struct SetMark {
        int movement;
        const ScanNode *node;
    };

    struct KnownValue {
        ExpressionName name;
        PlanValue value;
    };

    std::optional<int> look(const ScanNode &node, const QString &field, const ExpressionGoal &goal);
    QList<KnownValue> knownValues() const;
    int positionOf(const PlanValue &value);
    void appendColumns(QList<KnownValue> *known) const;
    void checkBranches(const QList<QList<SetMark>> &branches);
    QString titleOf(const ScanNode &node) const;
    const InstrumentSpec *instrument(const ScanNode &node, const QString &field,
                                     const QString &name, QString *nickname, QString *member);
    bool checkFields(const ScanNode &node);
    Rule ruleOf(const ScanNode &node);
    int indexColumns(QList<ColumnSpec> *columns, qint64 repeats) const;
    void appendDerived(const ScanNode &node, PlanObject *object);
    void appendValues(const ScanNode &node, PlanObject *object, QList<PlanRead> reads);
    int addObject(const ScanNode &node, PlanObject object, qint64 rows);
    PlanObject emptyObject(const ScanNode &node, int averages, qint64 repeats) const;

    const NodeRegistry &m_registry;
    const BenchSpecs &m_bench;
    QString m_file;
    Problems m_problems;
    Problems m_notes;
    const ScanNode *m_stopper = nullptr; ///< see endsLoop(); null: none so far in this loop
    QList<PlanMovement> m_movements;
    QHash<QString, int> m_movementByName;
    QList<int> m_set;                          ///< movements set so far, in order
    QList<SetMark> m_marks;                    ///< who sets what, in the order of compilation
    QHash<int, double> m_leftAt;               ///< where movements are, as far as is known
    std::vector<const ScanNode *> m_compiling; ///< outermost first
    QList<PlanObject> m_objects;
    QList<ObjectSource> m_sources;
    QList<PlanWatch> m_watches;
    QList<PlanPrompt> m_prompts;
    std::vector<Loop> m_loops;
    size_t m_loopsOfLane = 0; ///< how many of them are around the parallel node around
    QList<PlanValue> m_values;
    std::vector<PlanCondition> m_conditions;
    QByteArray m_outside;
    int m_timers = 0;
    int m_turns = 0;
    int m_searches = 0;
    bool m_isBound = false;
    std::vector<Rule> m_rules;
    long double m_bytes = 0;
    bool m_hasMeasureNode = false;
};

} // namespace birch
