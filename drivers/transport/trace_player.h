#pragma once

#include "core/base/result.h"
#include "drivers/transport/trace.h"

#include <QByteArrayView>

namespace birch {

/// Walks through a trace in the place of an instrument: what is sent must be what was sent then,
/// and what came then comes again, at once. What does not fit is remembered as problem(); from
/// there on nothing happens any more. Pure: no clock.
class TracePlayer
{
public:
    explicit TracePlayer(LinkTrace trace);

    bool connect();
    void close();
    bool isOpen() const { return m_isOpen && m_problem.isEmpty(); }
    /// False: other bytes were sent then. problem() names the first that differs.
    bool send(QByteArrayView bytes);
    /// True where bytes come next, or the end of the connection.
    bool isReadable() const;
    struct Part {
        qsizetype size = 0; ///< 0: nothing comes before something is sent
        bool isEnd = false;
        bool isForget = false; ///< what came before belongs to no answer
    };
    /// At most \a most bytes. Loses the connection where it was lost then.
    Part receive(char *into, qsizetype most);
    void clear(); ///< goes on behind the next clear, or anew connection
    Result<quint8> statusByte();

    /// The trace has been played to its end.
    bool isOver() const { return m_next >= m_trace.records.size(); }
    QString problem() const { return m_problem; }
    QString lossReason() const { return m_problem.isEmpty() ? m_lossReason : m_problem; }

private:
    using Kind = TraceRecord::Kind;
    const TraceRecord *next() const;
    void advance();
    void fail(const QString &sentence);

    const LinkTrace m_trace;
    qsizetype m_next = 0;
    qsizetype m_offset = 0; ///< bytes of the next record that are done
    qint64 m_sent = 0;      ///< bytes that were sent, of all records
    bool m_isOpen = false;
    QString m_problem;
    QString m_lossReason;
};

} // namespace birch
