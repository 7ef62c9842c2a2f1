#include "drivers/transport/stream_transport.h"

#include <QCoreApplication>

namespace birch {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("StreamTransport", text);
}

} // namespace

Status StreamTransport::connect(const Call &call)
{
    Status opened = openLink(call);
    // A serial line goes on while nobody holds it: an answer to an earlier owner may be on its way.
    if (opened && m_link->recovery() == ByteLink::Recovery::Drain)
        return drain(call);
    return opened;
}

Status StreamTransport::openLink(const Call &call)
{
    const Call connecting{call.deadline.atMost(m_options.connectTimeout), call.stop};
    if (Status opened = m_link->open(connecting); !opened)
        return opened;
    note(TraceRecord::Kind::Connect);
    m_received.clear();
    m_isDirty = m_isBlockEndDue = false;
    if (m_link->recovery() == ByteLink::Recovery::Reconnect)
        m_isSendCut = m_isSyncAnswerOwed = false; // on a serial line both outlive the connection
    return pauseAfterOpen(call);
}

Status StreamTransport::resync(const Call &call)
{
    if (m_link->recovery() == ByteLink::Recovery::Drain)
        return drain(call);
    note(TraceRecord::Kind::Close);
    m_link->close();
    return openLink(call);
}

Status StreamTransport::drain(const Call &call)
{
    m_isDirty = true;
    m_isBlockEndDue = false;
    if (m_isSendCut) { // ends the half command, so that the next one is not glued to it
        m_link->discard();
        if (Status ended = transmit({}, call); !ended)
            return ended;
    }
    if (Status quiet = awaitQuiet(call); !quiet)
        return quiet;
    if (!m_options.resync.query.isEmpty()) {
        if (Status synced = awaitSyncAnswer(call); !synced)
            return synced;
    }
    m_received.clear();
    m_isDirty = m_isSendCut = false;
    return ok();
}

Status StreamTransport::awaitQuiet(const Call &call)
{
    for (;;) {
        m_received.clear();
        const Call silence{call.deadline.atMost(m_options.resync.quiet), call.stop};
        const Arrival arrival = await(silence, 0);
        if (arrival == Arrival::Lost)
            return lost();
        if (arrival == Arrival::Stopped)
            return cancelled();
        if (call.deadline.hasPassed())
            return fail(ErrorCode::Timeout,
                        tr("%1 was not silent in time; raise the timeout, or check that it is not "
                           "in a talk-only mode")
                            .arg(m_address));
        if (arrival == Arrival::Late)
            return ok();
    }
}

Status StreamTransport::awaitSyncAnswer(const Call &call)
{
    // An earlier query of the same text may still be answered; that answer looks like ours, and
    // ours then follows it at once, because the instrument is no longer busy.
    const bool mayComeTwice = std::exchange(m_isSyncAnswerOwed, true);
    if (Status sent = transmit(m_options.resync.query, call); !sent)
        return sent;
    for (;;) {
        const auto line = receive(ReplyShape::Line, call);
        if (!line && (line.error().code != ErrorCode::Protocol || call.deadline.hasPassed()))
            return line.error();
        if (line && m_expected.match(QString::fromLatin1(line.value().trimmed())).hasMatch())
            break;
    }
    if (mayComeTwice) {
        if (Status quiet = awaitQuiet(call); !quiet)
            return quiet;
    }
    m_isSyncAnswerOwed = false;
    return ok();
}

} // namespace birch
