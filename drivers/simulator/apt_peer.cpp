// A Thorlabs APT motor controller in front of a simulated instrument.
#include "core/base/unit.h"
#include "drivers/simulator/frame_peer.h"
#include "drivers/transport/apt_message.h"

#include <cmath>
#include <utility>

namespace birch {

namespace {
using namespace apt;

constexpr quint32 kMotion = 0x2f0; ///< forward, reverse, both jogs and homing
constexpr quint32 kHomedBit = 0x400, kEnabledBit = 0x80000000;
constexpr quint8 kOn = 1, kOff = 2;

class AptPeer final : public FramePeer
{
public:
    explicit AptPeer(SimulatedInstrument &instrument)
        : m_instrument(instrument)
        , m_options(instrument.definition().apt)
    {
    }

    QList<QByteArray> respond(const QByteArray &request) override
    {
        const Message message = Message::from(request);
        if (message.destination != m_options.device)
            return {};
        switch (message.id) {
        case id::kRequestInfo:
            return {reply(id::kInfo, info())};
        case id::kSetEnabled:
            m_isEnabled = message.second == kOn;
            (void)m_instrument.respond(m_isEnabled ? "ENABLE" : "DISABLE");
            return {};
        case id::kRequestEnabled:
            return {plain(id::kEnabled, m_isEnabled ? kOn : kOff)};
        case id::kHome:
            m_owed = id::kHomed;
            (void)m_instrument.respond("HOME");
            return {};
        case id::kMoveAbsolute:
            if (message.data.size() < 6)
                return {};
            m_owed = id::kMoved;
            (void)m_instrument.respond(
                "MOVE " +
                numberToText(longAt(message.data, 2) / m_options.countsPerUnit).toLatin1());
            return {};
        case id::kStop:
            (void)m_instrument.respond("STOP");
            m_owed = id::kStopped;
            return {};
        case id::kRequestVelocity:
            return {reply(id::kVelocity, profile())};
        case id::kSetVelocity:
            if (message.data.size() >= 14)
                setProfile(message.data);
            return {};
        case id::kRequestStatus:
            return status();
        default:
            return {};
        }
    }

private:
    QByteArray reply(quint16 id, const QByteArray &data) const
    {
        return Message{id, 0, 0, kHost, m_options.device, data}.bytes();
    }
    QByteArray plain(quint16 id, quint8 second) const
    {
        return Message{id, m_options.channel, second, kHost, m_options.device, {}}.bytes();
    }
    double number(const QByteArray &query)
    {
        const QList<QByteArray> replies = m_instrument.respond(query);
        return replies.isEmpty() ? 0 : replies.first().toDouble();
    }

    /// "KDC101,27000001,2.2.4" as the controller tells it.
    QByteArray info()
    {
        const QList<QByteArray> parts =
            m_instrument.respond("INFO?").value(0).split(',') + QList<QByteArray>(3);
        const QList<QByteArray> firmware = parts[2].split('.') + QList<QByteArray>(3);
        QByteArray data;
        appendLong(data, qint32(parts[1].toUInt()));
        data += parts[0].leftJustified(8, '\0', true);
        appendWord(data, 16);
        for (const int part : {2, 1, 0})
            data.append(char(firmware[part].toUShort()));
        return data.leftJustified(84, '\0', true);
    }

    QByteArray profile()
    {
        QByteArray data;
        appendWord(data, m_options.channel);
        appendLong(data, 0);
        appendLong(data, counts(number("ACCELERATION?"), m_options.accelerationCounts()));
        appendLong(data, counts(number("SPEED?"), m_options.speedCounts()));
        return data;
    }

    void setProfile(const QByteArray &data)
    {
        const auto tell = [this](const QByteArray &command, double value) {
            (void)m_instrument.respond(command + numberToText(value).toLatin1());
        };
        tell("ACCELERATION ", longAt(data, 6) / m_options.accelerationCounts());
        tell("SPEED ", longAt(data, 10) / m_options.speedCounts());
    }

    /// What it says unasked when it has arrived comes before the answer.
    QList<QByteArray> status()
    {
        const quint32 moving = quint32(number("STATUS?")) & kMotion;
        QByteArray data;
        appendWord(data, m_options.channel);
        appendLong(data, counts(number("POSITION?"), m_options.countsPerUnit));
        appendWord(data, 0);
        appendWord(data, 0);
        appendLong(data, qint32(moving | kHomedBit | (m_isEnabled ? kEnabledBit : 0)));
        QList<QByteArray> frames;
        if (const quint16 owed = moving ? 0 : std::exchange(m_owed, 0))
            frames.append(owed == id::kHomed ? plain(owed, 0) : reply(owed, data));
        return frames << reply(id::kStatus, data);
    }

    static qint32 counts(double value, double perUnit)
    {
        return qint32(std::nearbyint(value * perUnit));
    }

    SimulatedInstrument &m_instrument;
    AptOptions m_options;
    bool m_isEnabled = true;
    quint16 m_owed = 0; ///< said once it stands still
};
} // namespace

std::unique_ptr<FramePeer> makeAptPeer(SimulatedInstrument &instrument)
{
    return std::make_unique<AptPeer>(instrument);
}

} // namespace birch
