#pragma once

#include "core/instrument/bench.h"

#include <functional>

namespace birch::test {

/// What in-process instruments were asked, in order over all that share it, and how they answer.
/// On the thread of the instruments.
struct InlineScript {
    /// E.g. "begin stage.x 1.5", "stop stage.x", "read smu.iv", "open smu".
    QStringList events;
    /// Called first; what it returns as an error the call returns. Empty: all succeed.
    std::function<Status(const QString &event)> answer;
    int pollsToArrive = 0; ///< a begun movement reads "moving" this often
    qint64 ordinal = 0;    ///< of the last read since the last setpoint of any of them
    /// When set: column 0 of "smu.iv"; a negative value fails to be read.
    std::function<double(const QString &measurement)> value;
    QString stuck;           ///< this parameter keeps its value whatever it is set to
    bool countsReads = true; ///< the ordinal shows in the values
    /// Column 0 of a read is flagged with this.
    ValueState flag = ValueState::Ok;
};

/// A movement in-process: arrives at once and exactly.
inline MovementSpec inlineMovement(const QString &name, std::optional<double> safeValue = {},
                                   AfterScan after = AfterScan::Hold)
{
    MovementSpec spec;
    spec.name = name;
    spec.unit = QStringLiteral("V");
    spec.limits = {-1e9, 1e9};
    spec.safeValue = safeValue;
    spec.after = after;
    spec.setTime = {};
    return spec;
}

/// A measurement of \a columns float64 columns "v0" "v1" …
inline MeasurementSpec inlineMeasurement(const QString &name, int columns)
{
    MeasurementSpec spec;
    spec.name = name;
    spec.readTime = {};
    for (int i = 0; i < columns; ++i) {
        ColumnSpec column;
        column.name = QStringLiteral("v%1").arg(i);
        column.unit = QStringLiteral("V");
        spec.columns.append(column);
    }
    return spec;
}

/// An instrument without a wire. Values are a function of (setpoints, column, ordinal of the read
/// since the last setpoint), so that runs can be compared bit by bit.
class InlineInstrument final : public Instrument
{
public:
    InlineInstrument(QString nickname, InstrumentSpec spec, std::shared_ptr<InlineScript> script)
        : m_nickname(std::move(nickname))
        , m_spec(std::move(spec))
        , m_script(std::move(script))
        , m_positions(size_t(m_spec.movements.size()))
        , m_polls(m_positions.size())
    {
    }

    const InstrumentSpec &spec() const override { return m_spec; }
    Status open(const Call &) override
    {
        Status opened = ask("open", {});
        m_isOpen = bool(opened);
        return opened;
    }
    void close() override { m_isOpen = false; }
    Result<QString> identify(const Call &) override { return identity(); }
    bool isOpen() const override { return m_isOpen; }
    QString identity() const override { return QStringLiteral("Birch,Inline,%1").arg(m_nickname); }
    QString address() const override { return {}; }

    Status begin(int index, double target, const Call &) override
    {
        if (m_script) {
            const QString what =
                m_spec.movements.at(index).name + u' ' + QString::number(target, 'g', 17);
            if (Status asked = ask("begin", what); !asked)
                return asked;
            m_polls[size_t(index)] = m_script->pollsToArrive;
        }
        m_positions[size_t(index)] = target;
        ordinal() = 0;
        return ok();
    }
    Status ramp(int index, double target, double rate, const Call &call) override
    {
        if (!m_spec.movements.at(index).hasRamp)
            return Instrument::ramp(index, target, rate, call);
        if (Status asked =
                ask("rate", m_spec.movements.at(index).name + u' ' + QString::number(rate));
            !asked)
            return asked;
        return begin(index, target, call);
    }
    Result<MovementState> state(int index, const Call &) override
    {
        int &polls = m_polls[size_t(index)];
        const bool isMoving = polls > 0;
        polls -= isMoving;
        return MovementState{m_positions[size_t(index)], isMoving};
    }
    Status stop(int index, const Call &) override
    {
        m_polls[size_t(index)] = 0;
        return ask("stop", m_spec.movements.at(index).name);
    }
    Status read(int index, std::span<ColumnValues *const> columns, const Call &) override
    {
        ValueState flag = ValueState::Ok;
        if (m_script) {
            if (Status asked = ask("read", m_spec.measurements.at(index).name); !asked)
                return asked;
            flag = m_script->flag;
        }
        if (m_script && m_script->value) {
            const QString name = m_nickname + u'.' + m_spec.measurements.at(index).name;
            const double value = m_script->value(name);
            if (value < 0)
                return Error{ErrorCode::Timeout, QStringLiteral("no answer")};
            for (ColumnValues *column : columns)
                column->appendDouble(value, flag);
            return ok();
        }
        double sum = 0;
        for (const double position : m_positions)
            sum = 1.7 * sum + position;
        const double step = !m_script || m_script->countsReads ? 1e-3 : 0;
        const double base = sum + step * double(++ordinal());
        for (size_t i = 0; i < columns.size(); ++i)
            columns[i]->appendDouble(base + double(i), i == 0 ? flag : ValueState::Ok);
        return ok();
    }

    Result<QVariant> parameter(const QString &key, const Call &) override
    {
        if (Status asked = ask("parameter", key); !asked)
            return asked.error();
        return m_parameters.value(key, 1.0);
    }
    Status setParameter(const QString &key, const QVariant &value, const Call &) override
    {
        if (Status asked = ask("set", key + u' ' + value.toString()); !asked)
            return asked;
        if (!m_script || m_script->stuck != key)
            m_parameters[key] = value;
        return ok();
    }
    Result<QByteArray> raw(const QByteArray &, bool, const Call &) override
    {
        return Error{ErrorCode::NotFound, QStringLiteral("It has no wire")};
    }

private:
    qint64 &ordinal() { return m_script ? m_script->ordinal : m_ordinal; }
    Status ask(const char *call, const QString &what)
    {
        if (!m_script)
            return ok();
        const QString event = QString::fromLatin1(call) + u' ' + m_nickname +
                              (what.isEmpty() ? QString() : u'.' + what);
        m_script->events.append(event);
        return m_script->answer ? m_script->answer(event) : ok();
    }

    QString m_nickname;
    InstrumentSpec m_spec;
    std::shared_ptr<InlineScript> m_script; ///< null: as fast as can be
    std::vector<double> m_positions;
    std::vector<int> m_polls;
    qint64 m_ordinal = 0;
    QVariantMap m_parameters;
    bool m_isOpen = false;
};

inline std::unique_ptr<InstrumentHost> inlineHost(const QString &nickname,
                                                  const InstrumentSpec &spec,
                                                  std::shared_ptr<InlineScript> script = {})
{
    return std::make_unique<InstrumentHost>(
        nickname, spec,
        [nickname, spec, script] {
            return std::make_unique<InlineInstrument>(nickname, spec, script);
        },
        InstrumentHost::Placement::Inline);
}

} // namespace birch::test
