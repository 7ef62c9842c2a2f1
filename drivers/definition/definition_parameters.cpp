// Settings of an instrument: asked for, set, and kept secret where they are.
#include "drivers/definition/definition_instrument.h"

#include "drivers/definition/parameter_text.h"

#include <QCoreApplication>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::DefinitionInstrument)
};
} // namespace

Result<int> DefinitionInstrument::parameterIndex(const QString &key) const
{
    for (int i = 0; i < m_spec.parameters.size(); ++i) {
        if (m_spec.parameters[i].key == key)
            return i;
    }
    return Error{
        ErrorCode::NotFound,
        Text::tr("%1 has no setting \"%2\": choose one of its panel").arg(m_spec.model, key)};
}

Result<QVariant> DefinitionInstrument::parameter(const QString &key, const Call &call)
{
    const auto index = parameterIndex(key);
    if (!index)
        return index.error();
    if (Status isReady = requireOpen(); !isReady)
        return isReady.error();
    if (m_spec.parameters[index.value()].isSecret)
        return Error{ErrorCode::NotFound,
                     Text::tr("%1 is secret: it can be set, and is never asked for")
                         .arg(m_spec.parameters[index.value()].label)};
    if (const auto constant = m_constants.constFind(key); constant != m_constants.cend())
        return *constant;
    auto value = readParameter(index.value(), call);
    if (value && m_definition->parameters[index.value()].isConstant)
        m_constants.insert(key, value.value());
    // After a fault it may have forgotten what it was set to: that is given back, not this.
    if (value && !m_spec.parameters[index.value()].isReadOnly && !m_areSettingsInDoubt)
        m_known.insert(key, value.value());
    return value;
}

Result<QVariant> DefinitionInstrument::readParameter(int index, const Call &call)
{
    const ParameterSpec &spec = m_spec.parameters[index];
    const ParameterCommands &commands = m_definition->parameters[index];
    const QString context = Text::tr("Reading the setting %1").arg(spec.label);
    const auto reply = query(commands.get, ReplyShape::Line, call);
    if (!reply)
        return reply.error().within(context);
    auto value = parameterFromReply(spec, commands, reply.value());
    if (!value)
        return value.error().within(context);
    return value;
}

Status DefinitionInstrument::setParameter(const QString &key, const QVariant &value,
                                          const Call &call)
{
    const auto index = parameterIndex(key);
    if (!index)
        return index.error();
    if (m_spec.parameters[index.value()].isSecret)
        m_secrets->add(value.toString().toLatin1());
    const Status done = applyParameter(index.value(), value, call);
    if (done)
        m_known.insert(key, value);
    return done ? done : covered(done.error());
}

Status DefinitionInstrument::applyParameter(int index, const QVariant &value, const Call &call)
{
    const ParameterSpec &spec = m_spec.parameters[index];
    const ParameterCommands &commands = m_definition->parameters[index];
    const auto text = parameterToText(spec, commands, value, m_definition->hasFixedNumbers);
    if (!text)
        return text.error();
    if (Status isReady = requireOpen(); !isReady)
        return isReady;
    Status done = checkLimits(commands.rangeBy, value.toDouble(), spec.label, spec.unit, call);
    if (done)
        done = acknowledge(commands.acknowledge, commands.set.filled(text.value()), call);
    if (done)
        done = waitFor(commands.settle, call);
    if (done)
        done = afterSet(call);
    return done ? done : done.error().within(Text::tr("Changing the setting %1").arg(spec.label));
}

Error DefinitionInstrument::covered(const Error &error) const
{
    return {error.code, m_secrets->masked(error.message)};
}

} // namespace birch
