#include "core/instrument/watched_transport.h"
#include "drivers/definition/bench_file.h"
#include "drivers/definition/definition_instrument.h"
#include "drivers/transport/make_transport.h"

namespace birch {

namespace {
/// Stands where no transport could be made, so that the reason is told by open() like any other.
class UnusableTransport final : public Transport
{
public:
    UnusableTransport(QString address, Error reason)
        : m_address(std::move(address))
        , m_reason(std::move(reason))
    {
    }

    Status open(const Call &) override { return m_reason; }
    void close() override {}
    bool isOpen() const override { return false; }
    Status send(QByteArrayView, const Call &) override { return m_reason; }
    Result<QByteArray> query(QByteArrayView, ReplyShape, const Call &) override { return m_reason; }
    Result<QByteArray> read(ReplyShape, const Call &) override { return m_reason; }
    QString address() const override { return m_address; }

private:
    QString m_address;
    Error m_reason;
};
} // namespace

std::unique_ptr<Instrument> makeInstrument(const BenchEntry &entry, const QString &address,
                                           std::shared_ptr<TraceRing> trace)
{
    const auto secrets = std::make_shared<SecretMask>(entry.spec.secretCommands);
    if (trace)
        trace->setSecrets(secrets);
    auto made = makeTransport(address, entry.definition->link, std::move(trace));
    std::unique_ptr<Transport> transport =
        made ? std::move(made).value() : std::make_unique<UnusableTransport>(address, made.error());
    return std::make_unique<DefinitionInstrument>(
        entry.definition, entry.spec,
        std::make_unique<WatchedTransport>(entry.nickname, std::move(transport), secrets), secrets);
}

} // namespace birch
