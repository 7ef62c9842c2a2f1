#pragma once

#include "core/base/result.h"
#include "drivers/transport/link_options.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>

namespace birch {

class FaultyWriter;

/// Where a simulated instrument can be reached: a loopback socket, a VXI-11 or
/// HiSLIP server, a pseudo-terminal. Cuts what arrives into messages. Lives on the simulator's
/// thread, event-driven.
class Endpoint : public QObject
{
    Q_OBJECT
public:
    /// Called with each message, terminator taken off; replies go through the writer.
    using Handler = std::function<void(const QByteArray &message, FaultyWriter &writer)>;

    virtual QString address() const = 0; ///< VISA resource string

    /// A free port on 127.0.0.1; takes several clients, one after the other or at once.
    /// Errors: NotConnected - no port to be had.
    static Result<std::unique_ptr<Endpoint>> socket(const QByteArray &terminator, Handler handler,
                                                    Framing framing = Framing::Lines);
    /// A fresh pseudo-terminal in raw mode. Errors: NotConnected - the system has none left.
    static Result<std::unique_ptr<Endpoint>>
    pseudoTerminal(const QByteArray &terminator, Handler handler, Framing framing = Framing::Lines);
    /// A core and an abort channel on free ports of 127.0.0.1, for any name of a device; with
    /// \a portmapperPort (0: a free one) also a portmapper that knows the core channel. A message
    /// ends with its END, whatever its last bytes.
    /// Errors: NotConnected - no port to be had.
    static Result<std::unique_ptr<Endpoint>>
    vxi11(const QByteArray &terminator, Handler handler,
          std::optional<quint16> portmapperPort = std::nullopt);
    enum class HislipMode { Synchronized, Overlapped };
    /// A free port of 127.0.0.1, for any name of a device. Begins in the mode that is \a preferred;
    /// a device clear takes the one that the client asks for. Errors: NotConnected - no port to be
    /// had.
    static Result<std::unique_ptr<Endpoint>>
    hislip(const QByteArray &terminator, Handler handler,
           HislipMode preferred = HislipMode::Synchronized);

protected:
    Endpoint() = default;
};

/// Collects bytes and hands out whole messages. A line feed also ends a message when the terminator
/// is CR LF, and a CR before the terminator is taken off: clients differ.
/// Of frames whole ones are handed out; what can be none is thrown away with all that came with it.
class MessageBuffer
{
public:
    explicit MessageBuffer(QByteArray terminator, Framing framing = Framing::Lines)
        : m_terminator(std::move(terminator))
        , m_framing(framing)
    {
    }
    QList<QByteArray> add(const QByteArray &bytes);

private:
    QList<QByteArray> takeFrames();

    QByteArray m_terminator;
    Framing m_framing;
    QByteArray m_pending;
};

} // namespace birch
