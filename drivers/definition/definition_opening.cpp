// Connecting, looking, leaving.
#include "drivers/definition/definition_instrument.h"
#include "drivers/transport/transport_log.h"

#include <QCoreApplication>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::DefinitionInstrument)
};

constexpr std::chrono::milliseconds kShutdownTime{1000};
} // namespace

Status DefinitionInstrument::open(const Call &call)
{
    m_isOpen = false;
    m_isAnother = false;
    m_identity.clear();
    m_constants.clear();
    m_hasUncheckedSets = false;
    m_shallBeLocked = m_hasNoLock = m_isInitialised = false;
    Status done = m_transport->open(call);
    if (done)
        done = checkIdentity(call);
    if (done)
        done = setUpAlone(call);
    if (!done) {
        m_transport->close();
        return done.error().within(Text::tr("Opening %1 at %2").arg(m_spec.model, address()));
    }
    m_isOpen = true;
    return ok();
}

Status DefinitionInstrument::setUp(const Call &call)
{
    Status done = runSteps(m_definition->init, call);
    if (done && m_definition->errors.when != ErrorQuery::When::Never)
        done = drainErrors(call);
    if (done)
        done = readAxes(call);
    m_isInitialised = bool(done);
    return done;
}

Status DefinitionInstrument::setUpAlone(const Call &call)
{
    const bool setsNothing =
        m_definition->init.isEmpty() && m_definition->errors.when == ErrorQuery::When::Never;
    if (setsNothing)
        return setUp(call);
    const Status done = sendAlone([&] { return setUp(call); }, call);
    if (done || done.error().code != ErrorCode::Conflict)
        return done;
    qCWarning(lcTransport).noquote()
        << Text::tr("%1: %2. It can be looked at meanwhile; it is set up once it is free")
               .arg(m_spec.model, done.error().message);
    return readAxes(call);
}

Status DefinitionInstrument::initialise(const Call &call)
{
    return m_isInitialised || !isOpen() ? ok() : setUp(call);
}

Result<QString> DefinitionInstrument::identify(const Call &call)
{
    if (isOpen())
        return m_identity;
    Status done = m_transport->open(call);
    if (done)
        done = checkIdentity(call);
    m_transport->close();
    if (!done)
        return done.error().within(Text::tr("Opening %1 at %2").arg(m_spec.model, address()));
    return std::exchange(m_identity, QString());
}

Result<InstrumentSurvey> DefinitionInstrument::survey(const QList<int> &movements, const Call &call)
{
    const bool wasOpen = isOpen();
    Status done = wasOpen ? ok() : m_transport->open(call);
    if (done && !wasOpen)
        done = checkIdentity(call);
    InstrumentSurvey found;
    found.identity = wasOpen || !done ? m_identity : std::exchange(m_identity, QString());
    for (const int movement : movements) {
        if (!done)
            break;
        const auto value = position(movement, call);
        if (value)
            found.positions.insert(movement, value.value());
        else
            done = value.error();
    }
    if (!wasOpen)
        m_transport->close();
    if (!done)
        return done.error().within(Text::tr("Asking %1 at %2").arg(m_spec.model, address()));
    return found;
}

void DefinitionInstrument::close()
{
    // Best effort: who closes wants to leave, and a dead link must not keep him.
    if (const Call call = Call::within(kShutdownTime);
        isOpen() && !m_definition->shutdown.isEmpty())
        (void)sendAlone([&] { return runSteps(m_definition->shutdown, call); }, call);
    m_isOpen = false;
    m_transport->close();
}

} // namespace birch
