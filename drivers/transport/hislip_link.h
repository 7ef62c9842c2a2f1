#pragma once

#include "drivers/transport/channel.h"
#include "drivers/transport/hislip_protocol.h"
#include "drivers/transport/message_link.h"

#include <QString>

namespace birch {

/// One HiSLIP session: a synchronous channel for messages, an asynchronous one beside it.
///
/// In synchronised mode a reply names the message it answers, so that a late one is dropped. In
/// overlapped mode, which an instrument may prefer, nothing is dropped by its number: what has come
/// before a query is thrown away. Service requests come at any time and are never taken for the
/// answer that is waited for.
class HislipLink final : public MessageLink
{
public:
    HislipLink(const QString &host, quint16 port, QString device);

    Status open(const Call &call) override;
    void close() override;
    bool isOpen() const override { return m_sync.isOpen() && m_async.isOpen(); }
    QString lossReason() const override;

    Status lookForLoss() override;
    void dropArrived() override;
    Status write(QByteArrayView message, const Call &call) override;
    Result<Part> read(ReceiveBuffer &into, qsizetype most, const Call &call) override;
    Status recover(const Call &call) override;

    Result<quint8> statusByte(const Call &call) override;
    Status clear(const Call &call) override;
    Status lock(const Call &call) override;
    Status unlock(const Call &call) override;
    bool isLocked() const override { return m_isLocked; }

private:
    Status initialize(const Call &call);
    Status initializeAsync(quint16 session, const Call &call);
    Status negotiateSize(const Call &call);

    Status send(Channel &channel, const hislip::Header &header, QByteArrayView payload,
                const Call &call);
    Result<hislip::Header> receive(Channel &channel, const Call &call);
    Result<QByteArray> receivePayload(Channel &channel, quint64 length, const Call &call);
    Status skip(Channel &channel, quint64 length, const Call &call);
    Result<hislip::Header> expect(Channel &channel, quint8 type, QByteArray *payload,
                                  const Call &call);
    Result<hislip::Header> ask(const hislip::Header &question, QByteArrayView payload,
                               quint8 answer, QByteArray *answerPayload, const Call &call);
    Result<quint8> askForLock(quint32 limitMs, const Call &call);
    Result<int> lockOwners(const Call &call);
    QString lockedOut(int owners) const;
    Error whyLate(const Error &error);
    Result<bool> beginMessage(const Call &call);
    bool isExpected(const hislip::Header &header) const;
    Status awaitInterrupt(const Call &call);
    Error reported(const hislip::Header &header, const QByteArray &text);
    Error confused(const QString &sentence);

    const QString m_host;
    const QString m_device;
    Channel m_sync;
    Channel m_async;
    QByteArray m_outgoing;

    bool m_isOverlapped = false;
    bool m_isConfused = false;     ///< only a new connection helps
    bool m_isAsyncPending = false; ///< an answer may still come that looks like the next one
    bool m_isLocked = false;
    quint8 m_reported = 0;      ///< code of the latest Error that the instrument sent; 0: none
    qsizetype m_mostAtOnce = 0; ///< bytes of one Data
    quint32 m_nextMessage = hislip::kFirstMessage;
    quint32 m_lastSent = hislip::kNoMessage;
    quint32 m_lastReceived = hislip::kNoMessage;
    bool m_isDelivered = false; ///< a whole reply was read since the last message
    int m_interrupts = 0;       ///< seen on the synchronous channel, less those on the other
    hislip::Header m_message;   ///< being read
    quint64 m_messageRest = 0;  ///< bytes of it that are to come
    bool m_isInMessage = false;
};

} // namespace birch
