#pragma once

#include "drivers/simulator/endpoint.h"
#include "drivers/simulator/faulty_writer.h"
#include "drivers/simulator/hislip_connection.h"

#include <QPointer>
#include <QTimer>

#include <deque>
#include <map>

namespace birch {

class HislipSession;

/// One simulated instrument as its HiSLIP clients see it.
struct HislipDevice {
    QByteArray terminator;
    Endpoint::Handler handler;
    bool prefersOverlapped = false;
    quint16 nextSession = 1;
    std::map<quint16, std::unique_ptr<HislipSession>> sessions;
    HislipSession *lockOwner = nullptr;

    /// Who waits for the lock, or for an instrument that is not locked, looks again.
    void lockLetGo();
};

/// One client: its two channels and what stands between them. Lives on the simulator's thread.
///
/// Each message is answered by a writer of its own, so that a late answer bears the number of its
/// question.
class HislipSession : public QObject
{
    Q_OBJECT
public:
    HislipSession(HislipDevice &device, quint16 id, HislipConnection *sync);
    ~HislipSession() override;

    void setAsync(HislipConnection *async);
    bool hasAsync() const { return m_async; }
    void lookAgain();

signals:
    void over();

private:
    void takeSync(const hislip::Header &header, const QByteArray &payload);
    void takeAsync(const hislip::Header &header, const QByteArray &payload);
    void perform(const hislip::Header &header, const QByteArray &payload);
    void takeMessage(const hislip::Header &header);
    void interrupt(quint32 message);
    void answer(quint32 message, const QByteArray &bytes, bool isEnd);
    void lock(const hislip::Header &header, const QByteArray &key);
    void unlock();
    void clear();
    void endClear(const hislip::Header &header);
    quint8 status(const hislip::Header &query) const;
    bool isLockedOut() const { return m_device.lockOwner && m_device.lockOwner != this; }
    void cut(bool isReset);

    HislipDevice &m_device; // the endpoint's: outlives its sessions
    const quint16 m_id;
    QPointer<HislipConnection> m_sync;
    QPointer<HislipConnection> m_async;
    std::deque<std::pair<hislip::Header, QByteArray>> m_held; ///< while another has the lock
    std::deque<std::unique_ptr<FaultyWriter>> m_writers;      ///< of the last messages
    QByteArray m_input;
    QTimer m_lockLimit;
    qsizetype m_mostSent = 0;
    quint32 m_lastMessage = hislip::kNoMessage;
    quint32 m_nextOwn = hislip::kFirstMessage; ///< overlapped mode numbers what is sent
    bool m_isOverlapped;
    bool m_isClearing = false;
    bool m_hasUndelivered = false; ///< a whole answer was sent, and the client has not said it read
};

} // namespace birch
