#include "drivers/discovery/interview.h"

#include "drivers/scpi/error_queue.h"
#include "drivers/transport/make_transport.h"

#include <QCoreApplication>

#include <algorithm>
#include <optional>

namespace birch {

namespace {

constexpr std::chrono::seconds kFirstAnswer{3};
constexpr std::chrono::milliseconds kPatience{800}; // with what an instrument may not know
constexpr qsizetype kLongestAnswer = 4096;
constexpr qsizetype kMostNumbers = 16;

/// MEAS? and READ? are not among them: they set or trigger.
const QList<Probe> &probes()
{
    static const QList<Probe> all{
        {"FETC?", Probe::Kind::Numbers, "reading", "Reading", ""},
        {"SOUR:VOLT?", Probe::Kind::Number, "voltage_setpoint", "Voltage setpoint", "V"},
        {"SOUR:CURR?", Probe::Kind::Number, "current_setpoint", "Current setpoint", "A"},
        {"FREQ?", Probe::Kind::Number, "frequency", "Frequency", "Hz"},
        {"OUTP?", Probe::Kind::Switch, "output", "Output", ""},
        {"CONF?", Probe::Kind::Text, "configuration", "Configuration", ""},
        {"FUNC?", Probe::Kind::Text, "function", "Function", ""},
        {"TRIG:SOUR?", Probe::Kind::Text, "trigger_source", "Trigger source", ""}};
    return all;
}

bool isNumber(const QByteArray &text)
{
    bool isOne = false;
    (void)text.trimmed().toDouble(&isOne);
    return isOne;
}

bool isText(const QByteArray &reply)
{
    return !reply.isEmpty() && reply.size() < 200 &&
           std::all_of(reply.begin(), reply.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

bool fits(Probe::Kind kind, const QByteArray &reply)
{
    if (!isText(reply))
        return false;
    const QByteArrayList fields = reply.split(',');
    switch (kind) {
    case Probe::Kind::Number:
        return isNumber(reply);
    case Probe::Kind::Numbers:
        return fields.size() <= kMostNumbers && std::all_of(fields.begin(), fields.end(), isNumber);
    case Probe::Kind::Switch:
        return reply == "0" || reply == "1" || reply == "ON" || reply == "OFF";
    case Probe::Kind::Text:
        return !reply.startsWith('#');
    }
    Q_UNREACHABLE();
}

/// Asks one by one over a link that is connected anew where the instrument hangs up.
class Interviewer
{
public:
    Interviewer(Transport &link, const Call &call)
        : m_link(link)
        , m_call(call)
    {
    }
    std::optional<QByteArray> ask(const QByteArray &query)
    {
        const Call call{m_call.deadline.atMost(kPatience), m_call.stop};
        if (!m_link.isOpen() && !m_link.open(call))
            return std::nullopt;
        const auto reply = m_link.query(query, ReplyShape::Line, call);
        return reply ? std::optional(reply.value().trimmed()) : std::nullopt;
    }
    bool mayGoOn() const { return !m_call.stop.stop_requested() && !m_call.deadline.hasPassed(); }

private:
    Transport &m_link;
    const Call m_call;
};

} // namespace

Result<Interview> interview(const QString &address, const Call &call,
                            std::shared_ptr<TraceRing> trace)
{
    LinkOptions options;
    options.maxMessage = kLongestAnswer;
    auto made = makeTransport(address, options, std::move(trace));
    if (!made)
        return made.error();
    Transport &link = *made.value();
    const Call first{call.deadline.atMost(kFirstAnswer), call.stop};
    if (Status opened = link.open(first); !opened)
        return opened.error();
    const auto identity = link.query("*IDN?", ReplyShape::Line, first);
    if (!identity)
        return identity.error();
    Interview told;
    told.address = link.address();
    told.identity = QString::fromUtf8(identity.value().trimmed());
    if (!isText(identity.value().trimmed()))
        return Error{ErrorCode::Protocol,
                     QCoreApplication::translate("Interview",
                                                 "%1 answers *IDN? with no text; describe it by "
                                                 "hand, after example.instrument.yaml")
                         .arg(told.address)};
    Interviewer asking(link, call);
    const auto complaint = asking.ask("SYST:ERR?");
    told.hasErrorQueue = complaint && scpi::parseQueuedError(*complaint);
    told.hasStatusByte = isNumber(asking.ask("*STB?").value_or(QByteArray()));
    if (told.hasErrorQueue) {
        told.version = asking.ask("SYST:VERS?").value_or(QByteArray());
        told.options = asking.ask("*OPT?").value_or(QByteArray());
        for (const Probe &probe : probes()) {
            if (!asking.mayGoOn())
                break;
            const auto reply = asking.ask(probe.query);
            if (reply && fits(probe.kind, *reply))
                told.answers.append({probe, *reply});
        }
        if (link.isOpen()) // our own faults are not left behind for others to wonder about
            (void)scpi::drainErrorQueue(link, {}, {call.deadline.atMost(kFirstAnswer), call.stop});
    }
    link.close();
    return told;
}

} // namespace birch
