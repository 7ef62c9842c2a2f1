#pragma once

#include "core/instrument/transport.h"
#include "drivers/transport/link_options.h"
#include "drivers/transport/receive_buffer.h"
#include "drivers/transport/reply_framer.h"
#include "drivers/transport/trace_ring.h"

#include <QByteArray>

#include <memory>

namespace birch {

/// What all our transports have in common: the order of an exchange, pauses, doubt, and what people
/// are told. How bytes travel and where a reply ends is the subclasses' matter.
///
/// Belongs to the thread that called open(). Connecting runs a local event loop, in which queued
/// calls of that thread are delivered: a call to this transport from there answers Conflict
/// (close() works).
class LinkTransport : public Transport
{
public:
    ~LinkTransport() override;

    Status open(const Call &call) final;
    bool isInDoubt() const final { return m_isDirty; }
    Status send(QByteArrayView message, const Call &call) final;
    Result<QByteArray> query(QByteArrayView message, ReplyShape shape, const Call &call) final;
    Result<QByteArray> read(ReplyShape shape, const Call &call) final;
    QString address() const final { return m_address; }
    /// Where the traffic is noted from here on; before open().
    void setTrace(std::shared_ptr<TraceRing> trace) { m_trace = std::move(trace); }

protected:
    /// \a options are checked (makeTransport() does).
    LinkTransport(QString address, LinkOptions options);

    /// Connects; what it leaves behind when it fails is closed.
    virtual Status connect(const Call &call) = 0;
    /// Finds the beginning of the next answer again; the link stays dirty unless this succeeds.
    virtual Status resync(const Call &call) = 0;
    /// Notices a peer that has gone, which a first write would not.
    virtual Status lookForLoss() = 0;
    /// Throws away what nobody read.
    virtual Status dropArrived() = 0;
    /// Sends m_outgoing.
    virtual Status transmit(const Call &call) = 0;
    virtual Result<QByteArray> receive(ReplyShape shape, const Call &call) = 0;
    /// The answer to \a message may still come.
    virtual void noteUnanswered(QByteArrayView message);
    virtual QString lossReason() const = 0;

    Status prepare(const Call &call);
    Status transmit(QByteArrayView message, const Call &call);
    Status pauseAfterOpen(const Call &call);
    void noteExchange();
    void note(TraceRecord::Kind kind, QByteArrayView bytes = {}) const
    {
        if (m_trace)
            m_trace->add(kind, bytes);
    }

    Error refuse(ReplyFramer::State state);
    Error fail(ErrorCode code, const QString &sentence);
    Error notAnswered();
    Error notTaken();
    Error cancelled();
    Error lost();
    Error notOpen() const;
    Error inUse() const;
    QString shown(QByteArrayView message) const;

    const QString m_address;
    const LinkOptions m_options;
    ReplyFramer m_framer;
    ReceiveBuffer m_received;
    QByteArray m_outgoing;
    bool m_isBusy = false;
    bool m_isDirty = false;

private:
    Status keepGap(const Call &call);

    std::shared_ptr<TraceRing> m_trace; ///< null: nobody wants to know
    Deadline m_gapEnd = Deadline::in(Nanoseconds::zero());
};

} // namespace birch
