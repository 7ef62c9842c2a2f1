#include "drivers/transport/vxi11_link.h"

#include <QCoreApplication>

#include <algorithm>

/// How a Vxi11Link connects and leaves.
namespace birch {

namespace {

using namespace vxi11;
using std::chrono::milliseconds;

constexpr qsizetype kMostWritten = 1024 * 1024; // of one call, however much the server would take
constexpr qsizetype kLeastWritten = 1024;       // where the server names no sensible size (B.6.3)
constexpr qsizetype kSmallReply = 256;
constexpr milliseconds kGoodbye{200};

QString tr(const char *text)
{
    return QCoreApplication::translate("Vxi11Link", text);
}

} // namespace

Status Vxi11Link::open(const Call &call)
{
    close();
    if (Status found = findPort(call); !found)
        return found;
    m_core = std::make_unique<RpcClient>(m_place.host, m_port, kCoreProgram, kVersion);
    if (Status opened = m_core->open(call); !opened)
        return opened;
    if (Status created = createLink(call); !created) {
        close();
        return created.error().within(
            tr("Connecting to %1 of %2").arg(m_place.device, m_place.host));
    }
    return ok();
}

Status Vxi11Link::findPort(const Call &call)
{
    m_port = m_place.port;
    if (m_port != 0)
        return ok();
    const auto port =
        portOfProgram(m_place.host, m_place.portmapperPort, kCoreProgram, kVersion, call);
    if (!port)
        return port.error().within(tr("Asking %1 for its VXI-11 port").arg(m_place.host));
    m_port = port.value();
    if (m_port == 0)
        return Error{ErrorCode::NotConnected,
                     tr("%1 does not offer VXI-11; switch it on there, or use the instrument's "
                        "HiSLIP or socket address")
                         .arg(m_place.host)};
    return ok();
}

Status Vxi11Link::createLink(const Call &call)
{
    // No lock here: some firmware answers "locked" whenever a lock's timeout is not 0.
    const auto reply = perform(
        CreateLink,
        [this](XdrWriter &to) {
            to.word(quint32(QCoreApplication::applicationPid()));
            to.word(0);
            to.word(0);
            to.opaque(m_place.device.toUtf8());
        },
        kSmallReply, call);
    if (!reply) {
        const Error &error = reply.error();
        return error.message.isEmpty() && error.code == ErrorCode::Timeout
                   ? Error{error.code,
                           tr("it did not answer in time; check that it is switched on")}
                   : error;
    }
    XdrReader results = reply.value();
    m_link = results.word();
    m_abortPort = quint16(results.word());
    const quint32 most = results.word();
    if (!results.isGood())
        return Error{ErrorCode::Protocol, tr("its answer is cut off; check the port")};
    m_mostAtOnce = most == 0 ? kLeastWritten : std::min(qsizetype(most), kMostWritten);
    return ok();
}

void Vxi11Link::close()
{
    if (m_core && m_link)
        destroyLink();
    m_core.reset();
    m_link.reset();
    m_isLocked = false;
}

/// Some instruments keep a link that nobody destroyed until they are switched off.
void Vxi11Link::destroyLink()
{
    if (!m_core->isUsable() || m_core->isPending())
        return;
    (void)perform(
        DestroyLink, [this](XdrWriter &to) { to.word(*m_link); }, kSmallReply,
        Call::within(kGoodbye));
}

} // namespace birch
