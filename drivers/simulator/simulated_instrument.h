#pragma once

#include "drivers/definition/bench_file.h"
#include "drivers/simulator/command_set.h"
#include "drivers/simulator/motion.h"
#include "drivers/simulator/physics_model.h"

namespace birch {

/// One simulated instrument: its definition's commands turned round, its movements and settings,
/// its model. Knows nothing of connections: a message in, the replies out. Single-threaded.
class SimulatedInstrument
{
public:
    /// Errors: BadInput - the definition's simulation section names what does not exist.
    static Result<std::unique_ptr<SimulatedInstrument>> create(const BenchEntry &entry,
                                                               World &world);

    ~SimulatedInstrument();
    SimulatedInstrument(const SimulatedInstrument &) = delete;

    /// The replies to \a message (without terminator), in order, without terminators. SCPI answers
    /// the queries of one message in one line; others answer each by itself.
    QList<QByteArray> respond(const QByteArray &message);

    /// Settings and movements are as at the beginning; outputs jump there.
    void switchOffAndOn() { reset(); }
    /// Another instrument of another make answers the next question for the identity.
    void giveWayToStranger() { m_isStrangerNext = true; }

    /// The oldest complaint about what it was told, e.g. "-222,\"Data out of range\""; "": none.
    QByteArray takeComplaint() { return m_errors.isEmpty() ? QByteArray() : m_errors.takeFirst(); }

    const Definition &definition() const { return *m_definition; }

private:
    SimulatedInstrument(const BenchEntry &entry, World &world, std::unique_ptr<PhysicsModel> model);

    void createMotions();
    void createParameters();
    std::optional<QByteArray> perform(const SimulatedAction &action);
    std::optional<QByteArray> setMovement(const SimulatedAction &action);
    std::optional<QByteArray> setRamp(const SimulatedAction &action);
    std::optional<QByteArray> act(const SimulatedAction &action);
    std::optional<QByteArray> setParameter(const SimulatedAction &action);
    QByteArray inMotion(int index) const;
    QByteArray sharedReply(const QByteArray &query, QByteArray reply) const;
    QByteArray read(int measurement, int query);
    QByteArray axis(int measurement, int axis) const;
    QByteArray readError();
    void reset();
    Status checkOutputs() const;
    std::optional<std::vector<double>> columnValues(const MeasurementSpec &spec, int column,
                                                    Noise &noise) const;
    std::optional<double> numericParameter(const QString &key) const;
    void complain(const QByteArray &error);

    QString m_nickname;
    DefinitionPtr m_definition;
    World &m_world;
    std::unique_ptr<PhysicsModel> m_model;
    CommandSet m_commands;
    std::vector<Motion> m_motions;  ///< per movement
    QList<QByteArray> m_parameters; ///< per parameter, as on the wire
    QList<QByteArray> m_initialParameters;
    QList<QByteArray> m_errors;
    bool m_isStrangerNext = false;
};

} // namespace birch
