#pragma once

#include "drivers/transport/message_link.h"
#include "drivers/transport/rpc_client.h"
#include "drivers/transport/vxi11_protocol.h"

#include <functional>
#include <memory>
#include <optional>

namespace birch {

/// One link to a device of a VXI-11 server: the core channel, and the abort channel when a call
/// that is under way must end.
///
/// A call whose caller gave up stays pending until its reply has come; until then, and after an
/// answer that was not understood, only recover() helps. The server keeps locks per link, so a
/// connection made anew by recover() asks for it again.
class Vxi11Link final : public MessageLink
{
public:
    struct Place {
        QString host;
        quint16 port = 0; ///< of the core channel; 0: ask the portmapper
        quint16 portmapperPort = rpc::kPortmapperPort;
        QString device; ///< "inst0", "gpib0,5"
    };

    /// \a termChar ends a reply where the instrument does not mark the end of messages.
    Vxi11Link(Place place, std::optional<char> termChar);
    ~Vxi11Link() override;

    Status open(const Call &call) override;
    void close() override;
    bool isOpen() const override { return m_core && m_core->isOpen(); }
    QString lossReason() const override { return m_core ? m_core->lossReason() : QString(); }

    Status lookForLoss() override;
    void dropArrived() override {} // the server keeps what nobody read, and drops it itself
    Status write(QByteArrayView message, const Call &call) override;
    Result<Part> read(ReceiveBuffer &into, qsizetype most, const Call &call) override;
    Status recover(const Call &call) override;

    Result<quint8> statusByte(const Call &call) override;
    Status clear(const Call &call) override;
    Status lock(const Call &call) override;
    Status unlock(const Call &call) override;
    bool isLocked() const override { return m_isLocked; }

private:
    using Arguments = std::function<void(XdrWriter &)>;

    Status findPort(const Call &call);
    Status createLink(const Call &call);
    Result<qsizetype> writePiece(QByteArrayView piece, bool isLast, const Call &call);
    Result<XdrReader> readOnce(qsizetype most, const Call &call);
    Result<XdrReader> generic(vxi11::Procedure procedure, const Call &call);
    Result<XdrReader> perform(vxi11::Procedure procedure, const Arguments &append,
                              qsizetype longest, const Call &call);
    Status askForLock(quint32 flags, quint32 limit, const Call &call);
    void abort(const Call &call);
    void destroyLink();
    Error errorOf(quint32 number) const;

    const Place m_place;
    const std::optional<char> m_termChar;
    quint16 m_port = 0;
    std::unique_ptr<RpcClient> m_core;
    std::optional<quint32> m_link; ///< as the server calls it; 0 is one
    quint16 m_abortPort = 0;
    qsizetype m_mostAtOnce = 0; ///< bytes of one device_write
    bool m_isLocked = false;
};

} // namespace birch
