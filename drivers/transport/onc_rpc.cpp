#include "drivers/transport/onc_rpc.h"

namespace birch::rpc {

namespace {

constexpr quint32 kCall = 0;
constexpr quint32 kReply = 1;
constexpr quint32 kRpcVersion = 2;
constexpr quint32 kAccepted = 0;
constexpr quint32 kDenied = 1;
constexpr qsizetype kLongestAuth = 400; // RFC 5531, 8.2

void writeNoAuth(XdrWriter &to)
{
    to.word(0);
    to.word(0);
}

void skipAuth(XdrReader &from)
{
    (void)from.word();
    (void)from.opaque(kLongestAuth);
}

} // namespace

void write(XdrWriter &to, const CallHeader &header)
{
    for (const quint32 word :
         {header.xid, kCall, kRpcVersion, header.program, header.version, header.procedure})
        to.word(word);
    writeNoAuth(to);
    writeNoAuth(to);
}

void write(XdrWriter &to, const ReplyHeader &header)
{
    to.word(header.xid);
    to.word(kReply);
    if (header.outcome == Outcome::Denied) {
        to.word(kDenied);
        to.word(0); // the version of RPC is not the one we speak, which is from 2 to 2
        to.word(kRpcVersion);
        to.word(kRpcVersion);
        return;
    }
    to.word(kAccepted);
    writeNoAuth(to);
    to.word(quint32(header.outcome));
    if (header.outcome == Outcome::ProgramMismatch) { // from, to
        to.word(header.offered);
        to.word(header.offered);
    }
}

std::optional<CallHeader> readCall(XdrReader &from)
{
    CallHeader header;
    header.xid = from.word();
    const bool isCall = from.word() == kCall && from.word() == kRpcVersion;
    header.program = from.word();
    header.version = from.word();
    header.procedure = from.word();
    skipAuth(from);
    skipAuth(from);
    return isCall && from.isGood() ? std::optional(header) : std::nullopt;
}

std::optional<ReplyHeader> readReply(XdrReader &from)
{
    ReplyHeader header;
    header.xid = from.word();
    if (from.word() != kReply)
        return std::nullopt;
    const quint32 accepted = from.word();
    if (accepted == kDenied) {
        header.outcome = Outcome::Denied;
        return from.isGood() ? std::optional(header) : std::nullopt;
    }
    skipAuth(from);
    const quint32 outcome = from.word();
    if (!from.isGood() || accepted != kAccepted || outcome > quint32(Outcome::SystemError))
        return std::nullopt;
    header.outcome = Outcome(outcome);
    if (header.outcome == Outcome::ProgramMismatch) {
        header.offered = from.word();
        (void)from.word();
    }
    return from.isGood() ? std::optional(header) : std::nullopt;
}

QList<QByteArray> RecordAssembler::add(QByteArrayView bytes)
{
    QList<QByteArray> records;
    if (!m_isGood)
        return records;
    m_pending.append(bytes);
    qsizetype start = 0;
    while (m_pending.size() - start >= 4) {
        const quint32 mark = qFromBigEndian<quint32>(m_pending.constData() + start);
        const auto size = qsizetype(mark & ~kLastFragment);
        if (m_record.size() + size > m_longest) {
            m_isGood = false;
            m_pending.clear();
            m_record.clear();
            return records;
        }
        if (m_pending.size() - start - 4 < size)
            break;
        m_record.append(m_pending.constData() + start + 4, size);
        start += 4 + size;
        if (mark & kLastFragment)
            records.append(std::exchange(m_record, {}));
    }
    m_pending.remove(0, start);
    return records;
}

} // namespace birch::rpc
