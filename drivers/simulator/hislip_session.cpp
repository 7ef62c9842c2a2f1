#include "drivers/simulator/hislip_session.h"

#include <algorithm>

namespace birch {

using hislip::Header;

namespace {
constexpr size_t kMostWriters = 8;
constexpr size_t kMostHeld = 64;
constexpr qsizetype kLongestMessage = 16 << 20; // further bytes of one are nonsense
constexpr quint8 kMessageAvailable = 0x10;
} // namespace

void HislipDevice::lockLetGo()
{
    lockOwner = nullptr;
    // From the event loop: a session may be ending.
    for (const auto &session : sessions)
        QMetaObject::invokeMethod(
            session.second.get(), [waits = session.second.get()] { waits->lookAgain(); },
            Qt::QueuedConnection);
}

HislipSession::HislipSession(HislipDevice &device, quint16 id, HislipConnection *sync)
    : m_device(device)
    , m_id(id)
    , m_sync(sync)
    , m_mostSent(HislipConnection::kMostReceived - hislip::kHeaderSize)
    , m_isOverlapped(device.prefersOverlapped)
{
    m_lockLimit.setSingleShot(true);
    m_lockLimit.setTimerType(Qt::PreciseTimer);
    connect(&m_lockLimit, &QTimer::timeout, this, [this] {
        if (m_async)
            m_async->send({hislip::AsyncLockResponse, hislip::Refused, 0, 0});
    });
    connect(sync, &HislipConnection::gone, this, &HislipSession::over);
    sync->setReceiver(
        [this](const Header &header, const QByteArray &payload) { takeSync(header, payload); });
    const quint8 mode = m_isOverlapped ? hislip::kOverlapped : quint8(0);
    sync->send({hislip::InitializeResponse, mode, quint32(hislip::kVersion) << 16 | id, 0});
}

HislipSession::~HislipSession()
{
    if (m_device.lockOwner == this)
        m_device.lockLetGo();
    m_writers.clear();
    for (HislipConnection *connection : {m_sync.data(), m_async.data()}) {
        if (connection) {
            connection->setReceiver(nullptr);
            connection->disconnect(this);
            connection->cut(false);
        }
    }
}

void HislipSession::setAsync(HislipConnection *async)
{
    m_async = async;
    connect(async, &HislipConnection::gone, this, &HislipSession::over);
    async->setReceiver(
        [this](const Header &header, const QByteArray &payload) { takeAsync(header, payload); });
    async->send({hislip::AsyncInitializeResponse, 0, hislip::kVendor, 0});
}

void HislipSession::takeSync(const Header &header, const QByteArray &payload)
{
    if (!m_async)
        return m_sync->fail(hislip::ChannelsNotUp, "the asynchronous channel is not established");
    if (header.type == hislip::DeviceClearComplete)
        return endClear(header);
    if (m_isClearing)
        return;
    if (header.type == hislip::Initialize)
        return m_sync->fail(hislip::BadInitialization, "already initialised");
    if (!header.isData() && header.type != hislip::Trigger)
        return m_sync->send({hislip::Error, hislip::UnknownType, 0, 0}, "unrecognised message");
    if (!isLockedOut() && m_held.empty())
        return perform(header, payload);
    // Who is locked out is not refused: what it sends waits.
    if (m_held.size() < kMostHeld)
        m_held.emplace_back(header, payload);
}

void HislipSession::lookAgain()
{
    if (m_lockLimit.isActive() && !m_device.lockOwner && m_sync && m_async) {
        m_lockLimit.stop();
        m_device.lockOwner = this;
        m_async->send({hislip::AsyncLockResponse, hislip::Granted, 0, 0});
    }
    while (!m_held.empty() && !isLockedOut()) {
        const auto [header, payload] = std::move(m_held.front());
        m_held.pop_front();
        perform(header, payload);
    }
}

void HislipSession::perform(const Header &header, const QByteArray &payload)
{
    if (m_hasUndelivered && !(header.control & hislip::kRmtDelivered) && !m_isOverlapped)
        interrupt(header.parameter);
    m_hasUndelivered = false;
    m_lastMessage = header.parameter;
    m_input += payload;
    if (m_input.size() > kLongestMessage)
        m_input.clear();
    if (header.type == hislip::DataEnd)
        takeMessage(header);
}

void HislipSession::interrupt(quint32 message)
{
    m_async->send({hislip::AsyncInterrupted, 0, message, 0});
    m_sync->send({hislip::Interrupted, 0, message, 0});
}

/// The end of a message is known, whatever it ends with.
void HislipSession::takeMessage(const Header &header)
{
    MessageBuffer buffer(m_device.terminator);
    const char last = m_device.terminator.isEmpty() ? '\n' : m_device.terminator.back();
    const QList<QByteArray> messages = buffer.add(std::exchange(m_input, {}) + last);
    if (m_writers.size() >= kMostWriters)
        m_writers.pop_front();
    m_writers.push_back(std::make_unique<FaultyWriter>(
        [this, id = header.parameter](const QByteArray &bytes, bool isEnd) {
            answer(id, bytes, isEnd);
        },
        [this](bool isReset) { cut(isReset); }));
    FaultyWriter &writer = *m_writers.back();
    for (const QByteArray &message : messages) {
        if (!message.isEmpty() && m_sync)
            m_device.handler(message, writer);
    }
}

void HislipSession::answer(quint32 message, const QByteArray &bytes, bool isEnd)
{
    if (!m_sync)
        return;
    QByteArrayView rest(bytes);
    do {
        const QByteArrayView piece = rest.first(std::min(rest.size(), m_mostSent));
        rest = rest.sliced(piece.size());
        const quint8 type = rest.isEmpty() && isEnd ? hislip::DataEnd : hislip::Data;
        m_sync->send({type, 0, m_isOverlapped ? m_nextOwn : message, 0}, piece);
        m_nextOwn += hislip::kMessageStep;
    } while (!rest.isEmpty());
    m_hasUndelivered = m_hasUndelivered || (isEnd && message == m_lastMessage);
}

void HislipSession::takeAsync(const Header &header, const QByteArray &payload)
{
    switch (header.type) {
    case hislip::AsyncMaximumMessageSize: {
        const quint64 most = payload.size() == 8 ? qFromBigEndian<quint64>(payload.constData()) : 0;
        m_mostSent = qsizetype(std::clamp(most, quint64(hislip::kHeaderSize) + 1,
                                          quint64(HislipConnection::kMostReceived))) -
                     hislip::kHeaderSize;
        char size[8];
        qToBigEndian(quint64(HislipConnection::kMostReceived), size);
        return m_async->send({hislip::AsyncMaximumMessageSizeResponse, 0, 0, 0},
                             QByteArrayView(size, sizeof size));
    }
    case hislip::AsyncLock:
        return header.control == hislip::Request ? lock(header, payload) : unlock();
    case hislip::AsyncLockInfo: {
        const bool isLocked = m_device.lockOwner != nullptr;
        return m_async->send({hislip::AsyncLockInfoResponse, quint8(isLocked), isLocked, 0});
    }
    case hislip::AsyncRemoteLocalControl:
        return m_async->send({hislip::AsyncRemoteLocalResponse, 0, 0, 0});
    case hislip::AsyncStatusQuery:
        m_async->send({hislip::AsyncStatusResponse, status(header), 0, 0});
        m_hasUndelivered = m_hasUndelivered && !(header.control & hislip::kRmtDelivered);
        return;
    case hislip::AsyncDeviceClear:
        clear();
        return m_async->send({hislip::AsyncDeviceClearAcknowledge,
                              m_device.prefersOverlapped ? hislip::kOverlapped : quint8(0), 0, 0});
    default:
        return m_async->send({hislip::Error, hislip::UnknownType, 0, 0}, "unrecognised message");
    }
}

quint8 HislipSession::status(const Header &query) const
{
    const bool isStale = !m_isOverlapped && query.parameter != m_lastMessage;
    const bool isDelivered = (query.control & hislip::kRmtDelivered) != 0;
    return m_hasUndelivered && !isStale && !isDelivered ? kMessageAvailable : quint8(0);
}

void HislipSession::lock(const Header &header, const QByteArray &key)
{
    if (m_device.lockOwner == this || m_lockLimit.isActive() || !key.isEmpty()) // shared: not here
        return m_async->send({hislip::AsyncLockResponse, hislip::Invalid, 0, 0});
    m_lockLimit.start(std::chrono::milliseconds(header.parameter));
    lookAgain();
}

void HislipSession::unlock()
{
    const bool isHeld = m_device.lockOwner == this;
    m_async->send({hislip::AsyncLockResponse, isHeld ? hislip::Granted : hislip::Invalid, 0, 0});
    if (isHeld)
        m_device.lockLetGo();
}

void HislipSession::clear()
{
    m_isClearing = true;
    m_input.clear();
    m_held.clear();
    m_writers.clear();
    m_hasUndelivered = false;
}

void HislipSession::endClear(const Header &header)
{
    m_isClearing = false;
    m_isOverlapped = (header.control & hislip::kOverlapped) != 0; // what the client asks for
    m_lastMessage = hislip::kNoMessage;
    m_nextOwn = hislip::kFirstMessage;
    m_sync->send(
        {hislip::DeviceClearAcknowledge, quint8(header.control & hislip::kOverlapped), 0, 0});
}

void HislipSession::cut(bool isReset)
{
    if (m_async)
        m_async->cut(isReset);
    if (m_sync)
        m_sync->cut(isReset);
}

} // namespace birch
