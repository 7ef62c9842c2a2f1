#include "drivers/transport/replay_transport.h"

#include "drivers/transport/make_transport.h"
#include "drivers/transport/message_transport.h"
#include "drivers/transport/pause.h"
#include "drivers/transport/resource.h"
#include "drivers/transport/stream_transport.h"
#include "drivers/transport/trace_player.h"
#include "drivers/transport/wait_slice.h"

#include <QCoreApplication>

namespace birch {

namespace {

/// Where a socket or a serial port would be.
class ReplayByteLink final : public ByteLink
{
public:
    ReplayByteLink(const LinkTrace &trace, Recovery recovery)
        : m_player(trace)
        , m_recovery(recovery)
    {
    }
    Status open(const Call &) override
    {
        return m_player.connect() ? ok()
                                  : Status(Error{ErrorCode::NotConnected, m_player.lossReason()});
    }
    void close() override { m_player.close(); }
    bool isOpen() const override { return m_player.isOpen(); }
    Recovery recovery() const override { return m_recovery; }
    qint64 read(char *into, qint64 size) override
    {
        if (!m_player.isOpen())
            return -1;
        if (m_player.isOver()) // silence, until somebody reads on
            return 0;
        const qsizetype count = m_player.receive(into, size).size;
        return count > 0 || m_player.isOpen() ? count : -1;
    }
    bool waitReadable(int milliseconds) override
    {
        if (m_player.isReadable() && !m_player.isOver())
            return true;
        if (m_player.isOver() && m_player.isOpen()) {
            char byte = 0;
            (void)m_player.receive(&byte, 1); // tells that it ends
            return true;
        }
        return !pause(std::chrono::milliseconds(milliseconds), {}) || !m_player.isOpen();
    }
    bool write(QByteArrayView bytes) override { return m_player.send(bytes); }
    bool waitWritten(int) override { return m_player.isOpen(); }
    void discard() override {}
    QString lossReason() const override { return m_player.lossReason(); }

private:
    TracePlayer m_player;
    const Recovery m_recovery;
};

/// Where VXI-11 or HiSLIP would be.
class ReplayMessageLink final : public MessageLink
{
public:
    explicit ReplayMessageLink(const LinkTrace &trace)
        : m_player(trace)
    {
    }
    Status open(const Call &) override { return m_player.connect() ? ok() : Status(lost()); }
    void close() override
    {
        m_player.close();
        m_isLocked = false;
    }
    bool isOpen() const override { return m_player.isOpen(); }
    QString lossReason() const override { return m_player.lossReason(); }
    Status lookForLoss() override { return isOpen() ? ok() : Status(lost()); }
    void dropArrived() override {} // send() passes over it
    Status write(QByteArrayView message, const Call &) override
    {
        return m_player.send(message) ? ok() : Status(unsaid());
    }
    Result<Part> read(ReceiveBuffer &into, qsizetype most, const Call &call) override
    {
        while (isOpen() && !m_player.isReadable()) {
            if (call.stop.stop_requested() || call.deadline.hasPassed())
                return Error{call.stop.stop_requested() ? ErrorCode::Cancelled : ErrorCode::Timeout,
                             {}};
            (void)pause(std::chrono::milliseconds(sliceMs(call.deadline)), call.stop);
        }
        const TracePlayer::Part part = m_player.receive(into.room(most), most);
        into.commit(part.size);
        if (!isOpen() && part.size == 0)
            return unsaid();
        return Part{part.isEnd, false, part.isForget};
    }
    Status recover(const Call &) override
    {
        m_player.clear();
        return isOpen() ? ok() : Status(lost());
    }
    Result<quint8> statusByte(const Call &) override { return m_player.statusByte(); }
    Status clear(const Call &call) override { return recover(call); }
    Status lock(const Call &) override
    {
        m_isLocked = true;
        return ok();
    }
    Status unlock(const Call &) override
    {
        m_isLocked = false;
        return ok();
    }
    bool isLocked() const override { return m_isLocked; }

private:
    Error lost() const { return {ErrorCode::NotConnected, m_player.lossReason()}; }
    static Error unsaid() { return {ErrorCode::NotConnected, {}}; }

    TracePlayer m_player;
    bool m_isLocked = false;
};

} // namespace

Result<std::unique_ptr<Transport>> makeReplayTransport(const LinkTrace &trace,
                                                       const LinkOptions &options)
{
    const auto parsed = parseResource(trace.address);
    if (!parsed)
        return parsed.error();
    if (const Status usable = checkLinkOptions(options); !usable)
        return usable.error();
    const QString address = parsed.value().canonical();
    const Resource::Kind kind = parsed.value().kind;
    if (kind == Resource::Kind::Vxi11 || kind == Resource::Kind::Hislip)
        return std::unique_ptr<Transport>(std::make_unique<MessageTransport>(
            address, std::make_unique<ReplayMessageLink>(trace), options));
    const auto recovery =
        kind == Resource::Kind::Socket ? ByteLink::Recovery::Reconnect : ByteLink::Recovery::Drain;
    return std::unique_ptr<Transport>(std::make_unique<StreamTransport>(
        address, std::make_unique<ReplayByteLink>(trace, recovery), options));
}

} // namespace birch
