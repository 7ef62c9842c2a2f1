#include "tests/core/instrument/scripted_instrument.h"

using namespace Qt::StringLiterals;

namespace birch {

void InstrumentScript::hang(const QString &call)
{
    const std::scoped_lock lock(m_mutex);
    m_behaviours[call].block = Block::Obedient;
}

void InstrumentScript::hangDeaf(const QString &call)
{
    const std::scoped_lock lock(m_mutex);
    m_behaviours[call].block = Block::Deaf;
}

void InstrumentScript::release(const QString &call)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_behaviours.erase(call);
    }
    m_changed.notify_all();
}

void InstrumentScript::fail(const QString &call, const Error &error, int times)
{
    const std::scoped_lock lock(m_mutex);
    m_behaviours[call].error = error;
    m_behaviours[call].failures = times;
}

void InstrumentScript::take(const QString &call, Nanoseconds duration)
{
    const std::scoped_lock lock(m_mutex);
    m_behaviours[call].duration = duration;
}

void InstrumentScript::arriveAfter(int polls)
{
    const std::scoped_lock lock(m_mutex);
    m_pollsToArrive = polls;
}

void InstrumentScript::loseLock()
{
    const std::scoped_lock lock(m_mutex);
    m_isLocked = false;
}

void InstrumentScript::setOffset(double offset)
{
    const std::scoped_lock lock(m_mutex);
    m_offset = offset;
}

QStringList InstrumentScript::events() const
{
    const std::scoped_lock lock(m_mutex);
    QStringList events;
    for (const std::u16string &event : m_events)
        events.append(QString::fromStdU16String(event));
    return events;
}

int InstrumentScript::count(const QString &event) const
{
    return int(events().count(event));
}

bool InstrumentScript::isInside(const QString &call) const
{
    const std::scoped_lock lock(m_mutex);
    const auto it = m_inside.find(call);
    return it != m_inside.end() && it->second > 0;
}

Status InstrumentScript::enter(const QString &call, const QString &arguments, const Call &limits)
{
    std::unique_lock lock(m_mutex);
    m_events.push_back((arguments.isEmpty() ? call : call + u' ' + arguments).toStdU16String());
    const Behaviour now = m_behaviours[call];
    const auto isReleased = [&] { return m_behaviours[call].block == Block::None; };
    ++m_inside[call];
    if (now.block == Block::Deaf) {
        m_changed.wait(lock, isReleased);
    } else if (now.block == Block::Obedient || now.duration > Nanoseconds::zero()) {
        const auto allowed =
            now.block == Block::None ? limits.deadline.atMost(now.duration) : limits.deadline;
        const bool isTimed = now.block == Block::None;
        m_changed.wait_for(lock, limits.stop, allowed.remaining(),
                           [&] { return !isTimed && isReleased(); });
    }
    --m_inside[call];
    if (limits.stop.stop_requested())
        return Error{ErrorCode::Cancelled, u"stopped"_s};
    if (limits.deadline.hasPassed())
        return Error{ErrorCode::Timeout, u"no answer in time"_s};
    Behaviour &behaviour = m_behaviours[call];
    if (behaviour.failures > 0) {
        --behaviour.failures;
        return behaviour.error;
    }
    return ok();
}

ScriptedInstrument::ScriptedInstrument(InstrumentSpec spec,
                                       std::shared_ptr<InstrumentScript> script)
    : m_spec(std::move(spec))
    , m_script(std::move(script))
{
}

ScriptedInstrument::~ScriptedInstrument() = default;

Status ScriptedInstrument::noted(Status status)
{
    if (!status && status.error().code == ErrorCode::NotConnected)
        m_isOpen = false;
    return status;
}

Status ScriptedInstrument::open(const Call &call)
{
    const Status opened = m_script->enter(u"open"_s, {}, call);
    m_isOpen = bool(opened);
    return opened;
}

Status ScriptedInstrument::poll(const Call &call)
{
    return noted(m_script->enter(u"poll"_s, {}, call));
}

void ScriptedInstrument::close()
{
    if (!m_isOpen)
        return;
    m_isOpen = false;
    (void)m_script->enter(u"close"_s, {}, Call::within(std::chrono::seconds(1)));
}

Instrument::Doubt ScriptedInstrument::doubt() const
{
    const std::scoped_lock lock(m_script->m_mutex);
    return m_isOpen && m_shallBeLocked && !m_script->m_isLocked ? Doubt::Lock : Doubt::None;
}

Status ScriptedInstrument::lock(const Call &call)
{
    m_shallBeLocked = true;
    Status locked = noted(m_script->enter(u"lock"_s, {}, call));
    const std::scoped_lock lock(m_script->m_mutex);
    m_script->m_isLocked = bool(locked);
    return locked;
}

Status ScriptedInstrument::unlock(const Call &call)
{
    m_shallBeLocked = false;
    return noted(m_script->enter(u"unlock"_s, {}, call));
}

Status ScriptedInstrument::begin(int index, double target, const Call &call)
{
    if (!m_spec.movements.at(index).limits.contain(target))
        return Error{ErrorCode::OutOfRange, u"outside its limits"_s};
    Status begun = noted(m_script->enter(u"begin"_s, u"%1 %2"_s.arg(index).arg(target), call));
    if (begun) {
        const std::scoped_lock lock(m_script->m_mutex);
        m_axes[index].target = target;
        m_axes[index].pollsLeft = m_script->m_pollsToArrive;
    }
    return begun;
}

Result<MovementState> ScriptedInstrument::state(int index, const Call &call)
{
    if (const Status entered = noted(m_script->enter(u"state"_s, QString::number(index), call));
        !entered)
        return entered.error();
    Axis &axis = m_axes[index];
    if (axis.pollsLeft > 0) {
        --axis.pollsLeft;
        axis.position = (axis.position + axis.target) / 2;
        return MovementState{axis.position, true};
    }
    const std::scoped_lock lock(m_script->m_mutex);
    axis.position = axis.target + m_script->m_offset;
    return MovementState{axis.position, false};
}

Status ScriptedInstrument::stop(int index, const Call &call)
{
    Status stopped = noted(m_script->enter(u"stop"_s, QString::number(index), call));
    if (stopped) {
        m_axes[index].target = m_axes[index].position;
        m_axes[index].pollsLeft = 0;
    }
    return stopped;
}

Status ScriptedInstrument::act(int index, const Call &call)
{
    Status begun = noted(m_script->enter(u"act"_s, QString::number(index), call));
    const std::scoped_lock lock(m_script->m_mutex);
    m_actsLeft = m_script->m_pollsToArrive;
    return begun;
}

Result<bool> ScriptedInstrument::isActing(int index, const Call &call)
{
    if (const Status entered = noted(m_script->enter(u"isActing"_s, QString::number(index), call));
        !entered)
        return entered.error();
    return m_actsLeft-- > 0;
}

Status ScriptedInstrument::read(int index, std::span<ColumnValues *const> columns, const Call &call)
{
    Status entered = noted(m_script->enter(u"read"_s, QString::number(index), call));
    if (!entered)
        return entered;
    for (ColumnValues *column : columns)
        column->appendDouble(m_axes[0].position);
    return entered;
}

Result<QVariant> ScriptedInstrument::parameter(const QString &key, const Call &call)
{
    if (const Status entered = noted(m_script->enter(u"parameter"_s, key, call)); !entered)
        return entered.error();
    return m_parameters.value(key, 1.0);
}

Status ScriptedInstrument::setParameter(const QString &key, const QVariant &value, const Call &call)
{
    Status entered = noted(m_script->enter(u"setParameter"_s, key, call));
    if (entered)
        m_parameters[key] = value;
    return entered;
}

Result<QByteArray> ScriptedInstrument::raw(const QByteArray &text, bool expectsReply,
                                           const Call &call)
{
    if (const Status entered = noted(m_script->enter(u"raw"_s, QString::fromLatin1(text), call));
        !entered)
        return entered.error();
    return expectsReply ? "re: " + text : QByteArray();
}

InstrumentSpec scriptedSpec()
{
    InstrumentSpec spec;
    spec.definitionId = u"scripted"_s;
    for (const auto &name : {u"x"_s, u"y"_s}) {
        MovementSpec movement;
        movement.name = name;
        movement.unit = u"mm"_s;
        movement.limits = {-100, 100};
        movement.settle = {.tolerance = 0.01,
                           .timeout = std::chrono::seconds(5),
                           .poll = std::chrono::milliseconds(1)};
        movement.safeValue = 0.0;
        movement.hasStop = true;
        spec.movements.append(movement);
    }
    MeasurementSpec measurement;
    measurement.name = u"iv"_s;
    for (const auto &[name, unit] :
         {std::pair(u"voltage"_s, u"V"_s), std::pair(u"current"_s, u"A"_s)}) {
        ColumnSpec column;
        column.name = name;
        column.unit = unit;
        measurement.columns.append(column);
    }
    spec.measurements.append(measurement);
    for (const auto &key : {u"nplc"_s, u"range"_s, u"secret"_s}) {
        ParameterSpec parameter;
        parameter.key = key;
        parameter.inSnapshot = key != u"secret"_s;
        spec.parameters.append(parameter);
    }
    return spec;
}

std::unique_ptr<InstrumentHost> scriptedHost(const QString &nickname,
                                             const std::shared_ptr<InstrumentScript> &script,
                                             const InstrumentSpec &spec,
                                             InstrumentHost::Placement placement)
{
    return std::make_unique<InstrumentHost>(
        nickname, spec,
        [spec, script] { return std::make_unique<ScriptedInstrument>(spec, script); }, placement);
}

} // namespace birch
