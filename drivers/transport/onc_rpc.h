#pragma once

#include "drivers/transport/xdr.h"

#include <QList>

#include <optional>

/// Messages of ONC RPC version 2 (RFC 5531) without authentication, and their record marking.
/// Pure: no device, no clock.
namespace birch::rpc {

struct CallHeader {
    quint32 xid = 0;
    quint32 program = 0;
    quint32 version = 0;
    quint32 procedure = 0;

    bool operator==(const CallHeader &) const = default;
};

/// What the peer says of a call, before the procedure's own results.
enum class Outcome {
    Success = 0,
    ProgramUnavailable = 1,
    ProgramMismatch = 2,
    ProcedureUnavailable = 3,
    GarbageArguments = 4,
    SystemError = 5,
    Denied ///< not a number on the wire: refused before the call was looked at
};

struct ReplyHeader {
    quint32 xid = 0;
    Outcome outcome = Outcome::Success;
    quint32 offered = 1; ///< with ProgramMismatch: the one version there is

    bool operator==(const ReplyHeader &) const = default;
};

void write(XdrWriter &to, const CallHeader &header);
void write(XdrWriter &to, const ReplyHeader &header);
/// Nothing: not a call (or reply) of version 2, or cut off. \a from then stands behind the header.
std::optional<CallHeader> readCall(XdrReader &from);
std::optional<ReplyHeader> readReply(XdrReader &from);

inline constexpr quint32 kLastFragment = 0x80000000u;
inline quint32 recordMark(qsizetype size)
{
    return kLastFragment | quint32(size);
}

/// Cuts what arrives on a TCP connection into records, fragments joined.
class RecordAssembler
{
public:
    explicit RecordAssembler(qsizetype longest)
        : m_longest(longest)
    {
    }
    /// The records that \a bytes complete. After a record longer than allowed isGood() is false for
    /// good: nobody knows where the next one begins.
    QList<QByteArray> add(QByteArrayView bytes);
    bool isGood() const { return m_isGood; }

private:
    const qsizetype m_longest;
    QByteArray m_pending; ///< from the mark of the current fragment on
    QByteArray m_record;  ///< fragments that are whole
    bool m_isGood = true;
};

inline constexpr quint32 kPortmapper = 100000;
inline constexpr quint32 kPortmapperVersion = 2;
inline constexpr quint32 kGetPort = 3;
inline constexpr quint32 kTcp = 6;
inline constexpr quint16 kPortmapperPort = 111;

} // namespace birch::rpc
