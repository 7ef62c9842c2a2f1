#pragma once

#include "core/instrument/instrument.h"
#include "core/instrument/secret_mask.h"
#include "core/instrument/transport.h"
#include "drivers/definition/definition.h"
#include "drivers/definition/reply.h"

#include <functional>

namespace birch {

/// An instrument driven by what its definition says, over any transport.
///
/// Lives on the thread of its host, like every Instrument. Each exchange ends after the link's
/// reply timeout or the call's deadline, whichever is earlier. Numbers are sent as the shortest
/// text that reads back to the same double.
class DefinitionInstrument final : public Instrument
{
public:
    /// \param spec  what the definition says with the bench's overrides applied; the positions in
    ///              its lists are the definition's.
    /// \param secrets  learns what is set in secret; null: one of its own.
    DefinitionInstrument(DefinitionPtr definition, InstrumentSpec spec,
                         std::unique_ptr<Transport> transport,
                         std::shared_ptr<SecretMask> secrets = {});
    ~DefinitionInstrument()
        override; ///< closes without the shutdown sequence: nothing may block here

    const InstrumentSpec &spec() const override { return m_spec; }
    /// Axes that the instrument is asked for are in spec() from here on.
    Status open(const Call &call) override;
    /// Sends the shutdown sequence, for a second at most, and closes the link.
    void close() override;
    Result<QString> identify(const Call &call) override;
    Result<InstrumentSurvey> survey(const QList<int> &movements, const Call &call) override;
    bool isOpen() const override { return m_isOpen && m_transport->isOpen(); }
    Doubt doubt() const override;
    /// A device that can not be locked is asked once per connection.
    Status lock(const Call &call) override;
    Status unlock(const Call &call) override;
    Status initialise(const Call &call) override;
    bool isAnother() const override { return m_isAnother; }
    Status poll(const Call &call) override;
    Result<QString> reopen(Check check, const Call &call) override;
    QString identity() const override { return m_identity; }
    QString address() const override { return m_transport->address(); }

    Status begin(int index, double target, const Call &call) override;
    Status ramp(int index, double target, double rate, const Call &call) override;
    Result<MovementState> state(int index, const Call &call) override;
    Status stop(int index, const Call &call) override;
    Status read(int index, std::span<ColumnValues *const> columns, const Call &call) override;
    Result<QVariant> parameter(const QString &key, const Call &call) override;
    Status setParameter(const QString &key, const QVariant &value, const Call &call) override;
    Status act(int index, const Call &call) override;
    Result<bool> isActing(int index, const Call &call) override;
    Result<QByteArray> raw(const QByteArray &text, bool expectsReply, const Call &call) override;

private:
    Status beginAt(int index, double target, double rate, const Call &call);
    Call exchange(const Call &call) const; ///< \a call cut to one exchange
    Status requireOpen() const;
    Status checkIdentity(const Call &call);
    Error isAnotherError(const QString &before) const;
    Status runSteps(const QList<CommandStep> &steps, const Call &call);
    Status readAxes(const Call &call);
    Status lockLink(const Call &call);
    /// With the device locked meanwhile where it can be. Errors: Conflict - another client holds
    /// it, and nothing was sent.
    Status sendAlone(const std::function<Status()> &send, const Call &call);
    Status setUp(const Call &call); ///< init, and what it leads to
    Status setUpAlone(const Call &call);
    Status acknowledge(const Acknowledge &rule, const QByteArray &command, const Call &call);
    Status send(const QByteArray &command, const Call &call);
    /// A query whose silence is explained by the error queue where there is one.
    Result<QByteArray> query(const QByteArray &command, ReplyShape shape, const Call &call);
    /// Errors: Protocol, with what the instrument complains about. Empties the queue.
    Status drainErrors(const Call &call);
    Status afterSet(const Call &call);
    /// Errors: OutOfRange - \a value does not go with how another setting stands.
    Status checkLimits(const DependentLimits &limits, double value, const QString &label,
                       const QString &unit, const Call &call);
    Status startMove(int index, double target, const Call &call);
    Status beforeRead(const Call &call);
    Result<BlockFactors> blockFactors(const BlockScale &scale, const Call &call);
    /// Errors: Cancelled, Timeout.
    Status waitFor(Nanoseconds duration, const Call &call) const;
    Status haltAfterCancel(int index, const Error &reason);
    Result<double> position(int movement, const Call &call);
    Result<bool> isMoving(const InMotionQuery &motion, const Call &call);
    Result<int> parameterIndex(const QString &key) const;
    Status applyParameter(int index, const QVariant &value, const Call &call);
    Error covered(const Error &error) const;
    Result<QVariant> readParameter(int index, const Call &call);
    /// True when a setting is not what it was left at.
    Result<bool> hasForgotten(const Call &call);
    Status restoreSettings(const Call &call);

    DefinitionPtr m_definition;
    InstrumentSpec m_spec;
    std::unique_ptr<Transport> m_transport;
    std::shared_ptr<SecretMask> m_secrets; ///< no error tells one
    std::vector<std::vector<ColumnValues>>
        m_scratch; ///< per measurement; a row is complete or nowhere
    QString m_identity;
    bool m_isAnother = false;
    QMap<QString, QVariant> m_known;     ///< settings that can be set, as last read or set
    QMap<QString, QVariant> m_constants; ///< asked once per connection
    bool m_isOpen = false;
    bool m_areSettingsInDoubt = false;
    bool m_hasUncheckedSets = false; ///< for errors: when: batch
    bool m_shallBeLocked = false;
    bool m_hasNoLock = false;     ///< found out on this connection
    bool m_isInitialised = false; ///< on this connection
};

} // namespace birch
