#include "drivers/definition/apt_transport.h"

#include "core/base/unit.h"

#include <QCoreApplication>

#include <cmath>
#include <limits>

namespace birch {

namespace {
struct Text {
    Q_DECLARE_TR_FUNCTIONS(birch::AptTransport)
};

constexpr quint8 kOn = 1, kOff = 2, kStopProfiled = 2;
// Data of 0x0415 and 0x0413: channel, lowest speed, acceleration, highest speed.
constexpr qsizetype kAcceleration = 6, kSpeed = 10, kProfileSize = 14;
// Data of 0x0491: channel, position, velocity, reserved, status bits.
constexpr qsizetype kPosition = 2, kStatusBits = 10, kStatusSize = 14;
// Data of 0x0006: serial number, model, type, firmware (lowest first), …
constexpr qsizetype kModel = 4, kFirmware = 14, kInfoSize = 18;

struct Command {
    QByteArray name;
    bool isQuery = false;
    bool takesValue = false;
};

const QList<Command> &commands()
{
    static const QList<Command> all{{"INFO?", true},
                                    {"POSITION?", true},
                                    {"STATUS?", true},
                                    {"ENABLED?", true},
                                    {"SPEED?", true},
                                    {"HOME"},
                                    {"ACCELERATION?", true},
                                    {"STOP"},
                                    {"ENABLE"},
                                    {"DISABLE"},
                                    {"FLASH"},
                                    {"QUIET"},
                                    {"MOVE", false, true},
                                    {"SPEED", false, true},
                                    {"ACCELERATION", false, true}};
    return all;
}

struct Parsed {
    QByteArray name;
    double value = 0;
    bool isQuery = false;
};

Result<Parsed> parse(QByteArrayView message)
{
    const QList<QByteArray> words = message.toByteArray().simplified().split(' ');
    for (const Command &command : commands()) {
        bool isNumber = false;
        const double value = words.value(1).toDouble(&isNumber);
        if (command.name == words.first().toUpper() && command.takesValue == (words.size() == 2) &&
            words.size() <= 2 && command.takesValue == (isNumber && std::isfinite(value)))
            return Parsed{command.name, value, command.isQuery};
    }
    QStringList known;
    for (const Command &command : commands())
        known.append(QString::fromLatin1(command.name) +
                     (command.takesValue ? QStringLiteral(" 1") : QString()));
    return Error{ErrorCode::BadInput,
                 Text::tr("\"%1\" is no command of this controller: write one "
                          "of %2")
                     .arg(QString::fromLatin1(message), known.join(QStringLiteral(", ")))};
}

QByteArray numberText(double value)
{
    return numberToText(value).toLatin1();
}

bool fitsLong(double counts)
{
    return std::abs(counts) <= std::numeric_limits<qint32>::max();
}
} // namespace

Status AptTransport::check(QByteArrayView message)
{
    const auto parsed = parse(message);
    return parsed ? ok() : parsed.error();
}

Status AptTransport::send(QByteArrayView message, const Call &call)
{
    using namespace apt;
    const auto parsed = parse(message);
    if (!parsed)
        return parsed.error();
    const auto &[name, value, isQuery] = parsed.value();
    const quint8 channel = m_options.channel;
    if (name == "MOVE")
        return moveTo(value, call);
    if (name == "SPEED")
        return setProfile(kSpeed, value * m_options.speedCounts(), call);
    if (name == "ACCELERATION")
        return setProfile(kAcceleration, value * m_options.accelerationCounts(), call);
    if (name == "HOME")
        return sendMessage(id::kHome, channel, 0, call);
    if (name == "STOP")
        return sendMessage(id::kStop, channel, kStopProfiled, call);
    if (name == "ENABLE")
        return sendMessage(id::kSetEnabled, channel, kOn, call);
    if (name == "DISABLE")
        return sendMessage(id::kSetEnabled, channel, kOff, call);
    if (name == "FLASH")
        return sendMessage(id::kIdentify, channel, 0, call);
    if (name == "QUIET")
        return sendMessage(id::kStopUpdates, 0, 0, call);
    return Error{ErrorCode::BadInput,
                 Text::tr("\"%1\" asks for an answer: query it").arg(QString::fromLatin1(message))};
}

Result<QByteArray> AptTransport::query(QByteArrayView message, ReplyShape, const Call &call)
{
    using namespace apt;
    const auto parsed = parse(message);
    if (!parsed)
        return parsed.error();
    const QByteArray &name = parsed.value().name;
    if (!parsed.value().isQuery) {
        const Status sent = send(message, call);
        return sent ? Result<QByteArray>(QByteArray()) : sent.error();
    }
    if (name == "INFO?")
        return info(call);
    if (name == "ENABLED?") {
        const auto state = ask(id::kRequestEnabled, id::kEnabled, 1, call);
        return state ? Result<QByteArray>(state.value()[0] == kOn ? "1" : "0") : state;
    }
    const bool isOfProfile = name == "SPEED?" || name == "ACCELERATION?";
    const auto data = isOfProfile ? ask(id::kRequestVelocity, id::kVelocity, kProfileSize, call)
                                  : ask(id::kRequestStatus, id::kStatus, kStatusSize, call);
    if (!data)
        return data;
    if (name == "SPEED?")
        return numberText(longAt(data.value(), kSpeed) / m_options.speedCounts());
    if (name == "ACCELERATION?")
        return numberText(longAt(data.value(), kAcceleration) / m_options.accelerationCounts());
    if (name == "STATUS?")
        return QByteArray::number(quint32(longAt(data.value(), kStatusBits)));
    return numberText(longAt(data.value(), kPosition) / m_options.countsPerUnit);
}

Status AptTransport::moveTo(double target, const Call &call)
{
    const double counts = std::nearbyint(target * m_options.countsPerUnit);
    if (!fitsLong(counts))
        return Error{ErrorCode::OutOfRange,
                     Text::tr("%1 is more than the controller can count: choose a nearer position")
                         .arg(numberToText(target))};
    QByteArray data;
    apt::appendWord(data, m_options.channel);
    apt::appendLong(data, qint32(counts));
    return sendData(apt::id::kMoveAbsolute, data, call);
}

/// Speed and acceleration travel together: what is not changed is read first.
Status AptTransport::setProfile(qsizetype field, double counts, const Call &call)
{
    if (!fitsLong(counts) || counts < 0)
        return Error{ErrorCode::OutOfRange,
                     Text::tr("The controller can not go so fast: choose a lower value")};
    auto profile = ask(apt::id::kRequestVelocity, apt::id::kVelocity, kProfileSize, call);
    if (!profile)
        return profile.error();
    QByteArray data = std::move(profile).value().first(kProfileSize);
    QByteArray value;
    apt::appendLong(value, qint32(std::nearbyint(counts)));
    data.replace(field, value.size(), value);
    return sendData(apt::id::kSetVelocity, data, call);
}

Result<QByteArray> AptTransport::info(const Call &call)
{
    const auto data = ask(apt::id::kRequestInfo, apt::id::kInfo, kInfoSize, call);
    if (!data)
        return data;
    const QByteArray &info = data.value();
    QByteArray model = info.mid(kModel, 8);
    model = model.first(qsizetype(qstrnlen(model.constData(), uint(model.size())))).trimmed();
    const auto part = [&info](qsizetype at) { return QByteArray::number(quint8(info[at])); };
    return model + ',' + QByteArray::number(quint32(apt::longAt(info, 0))) + ',' +
           part(kFirmware + 2) + '.' + part(kFirmware + 1) + '.' + part(kFirmware);
}

Status AptTransport::sendMessage(quint16 id, quint8 first, quint8 second, const Call &call)
{
    const apt::Message message{id, first, second, m_options.device, apt::kHost, {}};
    return m_transport->send(message.bytes(), call);
}

Status AptTransport::sendData(quint16 id, const QByteArray &data, const Call &call)
{
    const apt::Message message{id, 0, 0, m_options.device, apt::kHost, data};
    return m_transport->send(message.bytes(), call);
}

Result<QByteArray> AptTransport::ask(quint16 id, quint16 answer, qsizetype size, const Call &call)
{
    const quint8 channel = id == apt::id::kRequestInfo ? 0 : m_options.channel;
    const apt::Message request{id, channel, 0, m_options.device, apt::kHost, {}};
    auto frame = m_transport->query(request.bytes(), ReplyShape::Line, call);
    for (;;) { // past what it says unasked; ends with the call's deadline
        if (!frame)
            return frame;
        const apt::Message message = apt::Message::from(frame.value());
        if (message.id == answer) {
            const QByteArray data =
                message.data.isEmpty() ? QByteArray(1, char(message.second)) : message.data;
            if (data.size() >= size)
                return data;
            return Error{
                ErrorCode::Protocol,
                Text::tr("%1 tells less than its protocol has: check its firmware").arg(address())};
        }
        frame = m_transport->read(ReplyShape::Line, call);
    }
}

} // namespace birch
