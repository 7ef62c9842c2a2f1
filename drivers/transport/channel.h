#pragma once

#include "drivers/transport/socket_link.h"

#include <QByteArray>

namespace birch {

/// A TCP connection that carries records of stated length, for protocols that are not streams of
/// text. Belongs to the thread that called open(); blocks in slices, obeys deadline and stop.
///
/// A send or a receive that ends in the middle of a record leaves nobody knowing where the next one
/// begins: isUsable() is false from then on, and only close() and open() help.
class Channel
{
public:
    Channel(const QString &host, quint16 port);

    /// Errors: Timeout, Cancelled, NotConnected; each says what to check.
    Status open(const Call &call);
    void close();
    bool isOpen() const { return m_link.isOpen(); }
    bool isUsable() const { return isOpen() && !m_isTorn; }
    QString lossReason() const { return m_link.lossReason(); }

    /// Hands all of \a bytes to the system. Errors: Timeout, Cancelled, NotConnected, with an empty
    /// sentence: the caller knows what was being done.
    Status send(QByteArrayView bytes, const Call &call);
    /// Exactly \a size bytes; \a isNext says that they begin a record: not one has come so far.
    /// Errors: as send(); where nothing of a record has come the channel stays usable.
    Status receive(char *into, qsizetype size, bool isNext, const Call &call);
    /// True once something has come, or the loss of the connection is known.
    bool waitReadable(int milliseconds);
    /// Looks, without waiting, whether the peer has gone; keeps what has come.
    bool hasGone();

private:
    qsizetype takeAhead(char *into, qsizetype size);
    qint64 fillAhead();

    SocketLink m_link;
    QByteArray m_ahead; ///< read in one go with what came before it
    qsizetype m_aheadStart = 0;
    qsizetype m_aheadSize = 0;
    bool m_isTorn = false;
};

} // namespace birch
