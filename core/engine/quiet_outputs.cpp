#include "core/engine/quiet_outputs.h"

#include "core/base/unit.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
constexpr Nanoseconds kReadTimeout = std::chrono::seconds(5);
}

QuietOutputs::QuietOutputs(RunHandles &handles, Clock &clock, Log log)
    : m_handles(handles)
    , m_log(std::move(log))
    , m_movements([&handles] {
        std::vector<MovementHandle> outputs;
        for (InstrumentHost *host : handles.hosts) {
            const auto &specs = host->spec().movements;
            for (int index = 0; index < specs.size(); ++index) {
                if (!specs.at(index).pauseValue)
                    continue;
                outputs.push_back(MovementHandle::of(*host, index, specs.at(index)));
            }
        }
        std::stable_sort(outputs.begin(), outputs.end(), [](const auto &a, const auto &b) {
            return a.host->spec().movements.at(a.index).pauseOrder <
                   b.host->spec().movements.at(b.index).pauseOrder;
        });
        return outputs;
    }())
    , m_moves(m_movements, clock)
{
    for (const MovementHandle &movement : m_movements) {
        const MovementSpec &spec = movement.host->spec().movements.at(movement.index);
        Output output;
        output.pauseValue = *spec.pauseValue;
        output.order = spec.pauseOrder;
        output.unit = spec.unit;
        for (size_t i = 0; i < handles.movements.size(); ++i) {
            if (handles.movements[i].host == movement.host &&
                handles.movements[i].index == movement.index)
                output.handle = int(i);
        }
        m_outputs.push_back(output);
    }
    for (InstrumentHost *host : handles.hosts) {
        for (const ParameterSpec &parameter : host->spec().parameters) {
            if (!parameter.pauseValue.isNull())
                m_settings.push_back({host, &parameter, {}});
        }
    }
}

QuietOutputs::~QuietOutputs() = default;

void QuietOutputs::fail(const Error &error)
{
    if (!m_failure)
        m_failure = error;
}

void QuietOutputs::park(Done done)
{
    ++m_run;
    m_failure.reset();
    m_due.clear();
    m_done = std::move(done);
    read(0);
}

void QuietOutputs::read(size_t output)
{
    while (output < m_outputs.size() && m_outputs[output].isParked)
        ++output; // it never came back
    if (output == m_outputs.size())
        return readSetting(0);
    const MovementHandle &movement = m_movements[output];
    movement.host->state(
        Priority::Step, movement.index, kReadTimeout, this,
        [this, output, run = m_run](const Result<MovementState> &state) {
            if (run != m_run)
                return;
            if (state)
                note(output, state.value());
            else
                fail(state.error().within(tr("Reading %1").arg(m_movements[output].name)));
            read(output + 1);
        });
}

void QuietOutputs::note(size_t index, const MovementState &state)
{
    Output &output = m_outputs[index];
    const MovementHandle *planned =
        output.handle >= 0 ? &m_handles.movements[size_t(output.handle)] : nullptr;
    // A move that was halted on its way is begun again from where it stands.
    const bool isSetpoint = planned && planned->setpointState == ValueState::Ok &&
                            planned->readbackState == ValueState::Ok;
    output.before = isSetpoint ? planned->setpoint : state.readback;
    const double tolerance = isSetpoint ? 0 : m_movements[index].settle.tolerance;
    if (state.isMoving || !(std::abs(output.before - output.pauseValue) <= tolerance))
        m_due.push_back({output.order, false, index});
}

void QuietOutputs::giveBack(Done done)
{
    ++m_run;
    m_failure.reset();
    m_due.clear();
    m_done = std::move(done);
    for (size_t output = 0; output < m_outputs.size(); ++output) {
        if (m_outputs[output].isParked)
            m_due.push_back({m_outputs[output].order, false, output});
    }
    for (size_t setting = 0; setting < m_settings.size(); ++setting) {
        if (m_settings[setting].isParked)
            m_due.push_back({m_settings[setting].spec->pauseOrder, true, setting});
    }
    std::ranges::stable_sort(m_due, {}, &Due::order);
    std::ranges::reverse(m_due);
    moveNext(true);
}

void QuietOutputs::moveNext(bool isBack)
{
    if (m_due.empty() || (isBack && m_failure))
        return answer();
    if (!m_due.front().isSetting)
        return moveTogether(isBack);
    const size_t setting = m_due.front().index;
    m_due.erase(m_due.begin());
    change(setting, isBack);
}

void QuietOutputs::moveTogether(bool isBack)
{
    const int order = m_due.front().order;
    m_targets.clear();
    while (!m_due.empty() && !m_due.front().isSetting && m_due.front().order == order) {
        const size_t index = m_due.front().index;
        m_due.erase(m_due.begin());
        Output &output = m_outputs[index];
        output.isParked = true; // from the first command on
        const double ramp = isBack && output.handle >= 0
                                ? m_handles.movements[size_t(output.handle)].slowestRamp
                                : 0;
        m_targets.push_back(
            {int(index), isBack ? output.before : output.pauseValue, nullptr, ramp});
    }
    m_moves.move(m_targets, {}, false,
                 [this, isBack](const Status &status) { moved(isBack, status); });
}

void QuietOutputs::moved(bool isBack, const Status &status)
{
    if (!status)
        fail(status.error());
    for (const MoveTarget &target : m_targets) {
        const MovementHandle &movement = m_movements[size_t(target.movement)];
        Output &output = m_outputs[size_t(target.movement)];
        if (movement.readbackState != ValueState::Ok)
            continue;
        const QString unit = output.unit.isEmpty() ? QString() : u' ' + output.unit;
        const QString readback = numberToText(movement.readback) + unit;
        m_log(u"info"_s, (isBack ? tr("%1 is back at %2, read back %3")
                                 : tr("%1 went to its pause value %2, read back %3"))
                             .arg(movement.name, numberToText(target.value) + unit, readback));
        if (isBack)
            readBack(size_t(target.movement));
    }
    moveNext(isBack);
}

/// What rows to come say of the output is what it is now.
void QuietOutputs::readBack(size_t index)
{
    Output &output = m_outputs[index];
    output.isParked = false;
    if (output.handle < 0)
        return;
    MovementHandle &planned = m_handles.movements[size_t(output.handle)];
    if (planned.readbackState == ValueState::Ok)
        planned.readback = m_movements[index].readback;
}

QStringList QuietOutputs::parked() const
{
    QStringList nicknames;
    for (size_t i = 0; i < m_outputs.size(); ++i) {
        if (m_outputs[i].isParked)
            nicknames.append(m_movements[i].host->nickname());
    }
    for (const Setting &setting : m_settings) {
        if (setting.isParked)
            nicknames.append(setting.host->nickname());
    }
    nicknames.removeDuplicates();
    return nicknames;
}

void QuietOutputs::answer()
{
    ++m_run;
    if (const auto done = std::exchange(m_done, nullptr))
        done(m_failure ? Status(*m_failure) : ok());
}

void QuietOutputs::drop()
{
    ++m_run;
    m_done = nullptr;
    m_moves.drop();
}

} // namespace birch
