#pragma once

#include "drivers/definition/definition.h"
#include "drivers/simulator/header_pattern.h"

#include <optional>

namespace birch {

/// What a command asks of a simulated instrument.
struct SimulatedAction {
    enum class Kind : quint8 {
        Identify,
        OperationComplete,
        StatusByte,
        Ignore,
        Reset,
        ClearStatus,
        ReadError,
        SetMovement,
        SetRamp,
        GetMovement,
        StopMovement,
        Act,
        InMotion,
        Read,
        ReadAxis,
        SetParameter,
        GetParameter,
        FixedReply
    };
    Kind kind = Kind::Ignore;
    int index = 0;    ///< movement, measurement, parameter or action
    int part = 0;     ///< query of a measurement, axis, or step of an action
    QByteArray reply; ///< for FixedReply, and for Act where that step is answered
    bool hasOwnAcknowledge =
        true;         ///< SetMovement, SetRamp, SetParameter: answers as its definition says
    QByteArray value; ///< what stood in the place of {value}
};

/// A definition turned round: which of its commands a received text is. Immutable.
class CommandSet
{
public:
    explicit CommandSet(const Definition &definition);

    /// \param path  nodes of the command before in the same message; moved on when found.
    /// Nothing: no such command.
    std::optional<SimulatedAction> find(const QByteArray &unit, QList<QByteArray> *path) const;

private:
    struct Entry {
        HeaderPattern header;
        QByteArray before; ///< normalised; of the arguments in SCPI, of the whole text elsewhere
        QByteArray after;
        bool takesValue = false;
        SimulatedAction action;
    };
    void add(const CommandTemplate &command, SimulatedAction action);
    void addText(const QByteArray &command, SimulatedAction action);
    void addUnit(const CommandTemplate &command, const SimulatedAction &action);
    void addMovements(const Definition &definition);
    void addMeasurements(const Definition &definition);
    void addParameters(const Definition &definition);
    void addActions(const Definition &definition);
    void addSteps(const QList<CommandStep> &steps);
    void addCommonCommands(const Definition &definition);
    std::optional<SimulatedAction> findScpi(const QList<QByteArray> &nodes,
                                            const MessageUnit &unit) const;
    std::optional<SimulatedAction> findPlain(const QByteArray &text) const;

    CommandLanguage m_language;
    QList<Entry> m_entries; ///< the first that fits answers
};

} // namespace birch
