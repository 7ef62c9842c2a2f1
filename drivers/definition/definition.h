#pragma once

#include "core/base/definition_text.h"
#include "core/instrument/specs.h"
#include "drivers/definition/command_template.h"
#include "drivers/scpi/block.h"
#include "drivers/scpi/error_queue.h"
#include "drivers/transport/link_options.h"

#include <QMap>
#include <QRegularExpression>

#include <memory>

namespace birch {

/// How an instrument reads a command line. Drivers send every template as it is written; the
/// difference matters to whoever has to understand it: SCPI knows short and long headers, ';' paths
/// and an optional leading ':', plain instruments do not.
enum class CommandLanguage : quint8 { Scpi, Plain };

/// How positions travel to a Thorlabs APT controller.
struct AptOptions {
    quint8 channel = 1;
    quint8 device = 0x50;     ///< its address on the bus: 0x50 for what hangs on a USB port alone
    double countsPerUnit = 1; ///< of the stage's encoder

    /// Speeds and accelerations are told in units of the controller's own time step.
    static constexpr double kStep = 2048 / 6e6; ///< s
    double speedCounts() const { return countsPerUnit * kStep * 65536; }
    double accelerationCounts() const { return countsPerUnit * kStep * kStep * 65536; }
};

struct IdentityCheck {
    QByteArray query;           ///< empty: the model can not be asked
    QRegularExpression pattern; ///< must occur in the reply
};

/// One command of an init, shutdown or trigger sequence.
struct CommandStep {
    QByteArray command;
    std::optional<QByteArray> reply; ///< a query, whose trimmed reply must be this
    int line = 0;

    bool operator==(const CommandStep &) const = default;
};

/// What the instrument answers to a set, if anything.
struct Acknowledge {
    enum class Kind : quint8 { None, Line, Query };
    Kind kind = Kind::None;
    QByteArray query;                ///< for Query: sent after the set
    std::optional<QByteArray> reply; ///< trimmed; nothing: any line will do
    QRegularExpression pattern;      ///< instead of reply, where it is not empty
    QByteArray example;              ///< of an answer that the pattern accepts

    bool operator==(const Acknowledge &) const = default;
};

/// How to ask whether a movement still travels.
struct InMotionQuery {
    enum class Rule : quint8 { MovingIs, StillIs, MovingMask, MovingMatches };
    QByteArray query; ///< empty: the instrument arrives before it takes the next command
    Rule rule = Rule::MovingIs;
    QByteArray token; ///< of the reply, for MovingIs and StillIs; numbers compare as numbers
    quint64 mask = 0; ///< for MovingMask: any of these bits set means moving
    QRegularExpression pattern; ///< for MovingMatches
    QByteArray moving, still;   ///< for MovingMatches: an example of each

    bool operator==(const InMotionQuery &) const = default;
};

struct ErrorQuery {
    enum class When : quint8 { EachSet, Batch, Never };
    bool isThere = false;
    scpi::ErrorQueue queue;
    When when = When::EachSet;
    QList<int> ignored; ///< codes that are no complaint
};

/// What a reply looks like.
struct ReplyFormat {
    enum class Kind : quint8 { Number, List, Block, Text, Template, Pattern };
    Kind kind = Kind::Number;
    scpi::BlockFormat blockFormat = scpi::BlockFormat::Float32;
    scpi::ByteOrder byteOrder = scpi::ByteOrder::LittleEndian;
    CommandTemplate pattern;    ///< for Template: "{value} kG"
    QRegularExpression capture; ///< for Pattern: its one group is the value
    QByteArray example;         ///< for Pattern: a reply that it understands

    bool operator==(const ReplyFormat &) const = default;
};

/// Limits that another setting chooses. Nothing is said for values that are not listed.
struct DependentLimits {
    QString parameter;                      ///< "": there are none
    QList<std::pair<QString, Limits>> rows; ///< by value of the parameter: a choice, true, a number

    bool operator==(const DependentLimits &) const = default;
};

struct MovementCommands {
    CommandTemplate set;
    QList<CommandStep> go;     ///< sent after set: what makes it begin
    CommandTemplate setDown;   ///< instead of set, to somewhere below; empty: set is for both
    QList<CommandStep> goDown; ///< after setDown
    QByteArray get;
    ReplyFormat reply;
    QByteArray stop;        ///< empty: can not be halted
    CommandTemplate ramp;   ///< sent before set; empty: goes at a speed of its own
    double rampSeconds = 1; ///< the value of ramp is in the movement's unit per so many seconds
    InMotionQuery inMotion;
    Acknowledge acknowledge;
    DependentLimits limitsBy;
};

struct ActionCommands {
    QList<CommandStep> send;
    InMotionQuery busy; ///< no query: done once it was told, or once its movement rests

    bool operator==(const ActionCommands &) const = default;
};

/// How the raw numbers of a block become values, told by the instrument before every read:
/// (raw - references) * factor + offset. Positions in a list reply; -1: not told.
struct BlockScale {
    QByteArray query; ///< empty: the block holds values
    int fieldCount = 0;
    int factor = -1;
    int offset = -1;
    QList<int> references;
};

/// One query of a measurement and the columns that its reply fills.
struct MeasurementQuery {
    QByteArray query;
    ReplyFormat reply;
    QList<int> columns; ///< positions in MeasurementSpec::columns
    QList<int> fields;  ///< per column: position of its first value in a list reply
    int fieldCount = 1; ///< values in a list reply
    BlockScale scale;   ///< of the one column of a block
};

/// An axis whose values the instrument tells.
struct AxisQuery {
    int column = 0;
    int axis = 0;
    QByteArray query;
    ReplyFormat reply;
};

struct MeasurementCommands {
    QList<CommandStep> before; ///< trigger and wait
    QList<MeasurementQuery> queries;
    QList<AxisQuery> axes;            ///< asked once, when the link opens
    QList<QByteArray> overloadTokens; ///< "OL": flagged values, beside SCPI's 9.9E37
    QList<QByteArray> notANumberTokens;
};

struct ParameterCommands {
    QByteArray get;
    CommandTemplate set; ///< empty: read-only
    ReplyFormat reply;
    Acknowledge acknowledge;
    QList<QByteArray> tokens; ///< for Choice: one per choice; for Bool: false, true
    DependentLimits rangeBy;
    Nanoseconds settle{};    ///< after a set nothing else is asked for so long
    bool isConstant = false; ///< asked once per connection
};

/// How the model behaves, for whoever plays it. Kept as it is written: nothing here is used to
/// drive an instrument.
struct BehaviourSection {
    struct Motion {
        QString kind;     ///< "instant", "linear", "lag"
        double speed = 0; ///< unit per second
        Nanoseconds timeConstant{};
        double initial = 0;
        QString signal; ///< shared quantity that it moves; "" none
        int line = 0;
    };
    QString model;                     ///< what computes the columns
    QString identity;                  ///< answer to the identity query
    QMap<QString, Motion> movements;   ///< by movement
    QMap<QString, QString> columns;    ///< "measurement.column" -> output of the model
    QMap<QString, QString> parameters; ///< initial values
    QMap<QString, double> options;     ///< of the model
    QMap<QString, QString> replies;    ///< fixed answers, by query
    QStringList faults;
    QString file; ///< where it stands: a base's, perhaps
    int line = 0;
};

/// One instrument model, read from a *.instrument.yaml. Immutable once loaded; shared between
/// threads.
struct Definition {
    QString file;
    QByteArray version;          ///< SHA-256 of the text and of what it extends, lower-case hex
    QList<DefinitionText> texts; ///< its own first, then what it extends in turn
    QString category;
    QString documentation;
    bool isUnverified =
        false; ///< something in it was not confirmed on the instrument or its manual
    CommandLanguage language = CommandLanguage::Scpi;
    bool hasFixedNumbers = false; ///< it does not understand 1e-05
    LinkOptions link;
    quint8 unit = 1;      ///< where link.framing is ModbusRtu
    AptOptions apt;       ///< where it is ThorlabsApt
    bool hasEcho = false; ///< it repeats every command before it answers
    Nanoseconds replyTimeout =
        std::chrono::seconds(3); ///< of one exchange, unless the call ends earlier
    IdentityCheck identity;
    QList<CommandStep> init;
    QList<CommandStep> shutdown;
    ErrorQuery errors;
    InstrumentSpec spec; ///< positions equal those of the four lists below
    QList<MovementCommands> movements;
    QList<MeasurementCommands> measurements;
    QList<ParameterCommands> parameters;
    QList<ActionCommands> actions;
    BehaviourSection behaviour;
};

using DefinitionPtr = std::shared_ptr<const Definition>;

} // namespace birch
