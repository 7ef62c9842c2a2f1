// What follows a fault of the connection: who is there, and is it as it was?
#include "drivers/definition/definition_instrument.h"
#include "drivers/scpi/number.h"

#include <QCoreApplication>

#include <cmath>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::DefinitionInstrument)
};

/// Instruments round what they are told to their own resolution, the same way each time; text
/// keeps at least this many digits.
constexpr double kSameDigits = 1e-6;

bool isSameSetting(const ParameterSpec &spec, const QVariant &a, const QVariant &b)
{
    bool isNumber = false, isNumberToo = false;
    const double x = a.toDouble(&isNumber), y = b.toDouble(&isNumberToo);
    if (isNumber && isNumberToo)
        return std::abs(x - y) <=
               std::max(spec.tolerance, kSameDigits * std::max(std::abs(x), std::abs(y)));
    return a.toString() == b.toString();
}
} // namespace

Instrument::Doubt DefinitionInstrument::doubt() const
{
    if (m_isOpen && (m_transport->isInDoubt() || !m_transport->isOpen()))
        return Doubt::Link;
    if (m_isOpen && m_areSettingsInDoubt)
        return Doubt::Settings;
    return m_isOpen && m_shallBeLocked && !m_transport->isLocked() ? Doubt::Lock : Doubt::None;
}

Result<QString> DefinitionInstrument::reopen(Check check, const Call &call)
{
    const QString before = m_identity;
    if (before.isEmpty()) { // never was open
        const Status opened = open(call);
        return opened ? Result<QString>(QString()) : opened.error();
    }
    m_areSettingsInDoubt = true;
    m_constants.clear();
    m_isAnother = false;
    Status done = m_transport->isOpen() ? ok() : m_transport->open(call);
    if (done)
        done = checkIdentity(call);
    m_isAnother = m_isAnother || (done && m_identity != before);
    if (done && m_identity != before)
        done = isAnotherError(before);
    m_isOpen = bool(done);
    m_identity = before;
    if (!done) {
        m_transport->close();
        return done.error().within(Text::tr("Connecting %1 again").arg(m_spec.model));
    }
    if (check == Check::Identity)
        return QString();
    const auto forgotten = hasForgotten(call);
    if (!forgotten)
        return forgotten.error();
    if (forgotten.value())
        done = sendAlone([&] { return restoreSettings(call); }, call);
    if (!done)
        return done.error().within(Text::tr("Restoring the settings of %1").arg(m_spec.model));
    m_areSettingsInDoubt = false;
    return forgotten.value()
               ? Text::tr("%1 had lost its settings (was it switched off?): they are set again")
                     .arg(m_spec.model)
               : QString();
}

Result<bool> DefinitionInstrument::hasForgotten(const Call &call)
{
    for (int i = 0; i < m_spec.parameters.size(); ++i) {
        const auto known = m_known.constFind(m_spec.parameters[i].key);
        if (known == m_known.constEnd() || m_spec.parameters[i].isVolatile ||
            m_spec.parameters[i].isSecret)
            continue;
        const auto value = readParameter(i, call);
        if (!value)
            return value.error();
        if (!isSameSetting(m_spec.parameters[i], value.value(), *known))
            return true;
    }
    return false;
}

Status DefinitionInstrument::restoreSettings(const Call &call)
{
    const auto known = m_known; // what is asked for on the way is not what shall be
    Status done = setUp(call);
    for (int i = 0; done && i < m_spec.parameters.size(); ++i) {
        const ParameterSpec &spec = m_spec.parameters[i];
        const auto wanted = known.constFind(spec.key);
        if (wanted == known.constEnd())
            continue;
        done = setParameter(spec.key, *wanted, call);
        if (spec.isSecret) // taken, or not: nobody can ask
            continue;
        const auto value = done ? readParameter(i, call) : Result<QVariant>(QVariant());
        if (!value)
            done = value.error();
        else if (done && !spec.isVolatile && !isSameSetting(spec, value.value(), *wanted))
            done = Error{ErrorCode::Protocol,
                         Text::tr("%1 reads %2 after it was set to %3: check the instrument")
                             .arg(spec.label, value.value().toString(), wanted->toString())};
    }
    m_known = known;
    return done;
}

} // namespace birch
