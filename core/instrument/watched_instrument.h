#pragma once

#include "core/instrument/call_watch.h"
#include "core/instrument/instrument.h"

#include <memory>

namespace birch {

/// Passes every call on, and has a CallWatch look when it comes back.
class WatchedInstrument final : public Instrument
{
public:
    WatchedInstrument(QString nickname, std::unique_ptr<Instrument> instrument);

    const InstrumentSpec &spec() const override { return m_instrument->spec(); }
    void close() override { m_instrument->close(); }
    bool isOpen() const override { return m_instrument->isOpen(); }
    Doubt doubt() const override { return m_instrument->doubt(); }
    bool isAnother() const override { return m_instrument->isAnother(); }
    Status poll(const Call &call) override;
    QString identity() const override { return m_instrument->identity(); }
    QString address() const override { return m_instrument->address(); }

    Status open(const Call &call) override;
    Result<QString> identify(const Call &call) override;
    Result<InstrumentSurvey> survey(const QList<int> &movements, const Call &call) override;
    Result<QString> reopen(Check check, const Call &call) override;
    Status lock(const Call &call) override;
    Status unlock(const Call &call) override;
    Status initialise(const Call &call) override;
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
    QString movement(int index) const;

    CallWatch m_watch;
    std::unique_ptr<Instrument> m_instrument;
};

} // namespace birch
