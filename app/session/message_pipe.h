#pragma once

#include "core/base/result.h"
#include "core/data/spool_file.h"

#include <QJsonObject>
#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace birch {

/// JSON objects to and from one other process over a socket, each behind its length (4 bytes,
/// little-endian). Neither side ever waits for the other. Belongs to the thread that made it.
class MessagePipe : public QObject
{
    Q_OBJECT
public:
    static constexpr quint32 kLongestMessage = 4 << 20;

    struct Ends {
        FileHandle ours;
        FileHandle theirs;
    };
    /// Two connected ends, closed on exec. Errors: Io.
    static Result<Ends> make();

    explicit MessagePipe(FileHandle end, QObject *parent = nullptr);

    /// At once, as far as the other side takes it; the rest when it does.
    void send(const QJsonObject &message);
    /// Takes what has arrived, without waiting for the event loop.
    void receive();

signals:
    void received(const QJsonObject &message);
    /// The other side is gone, or says what is no message: nothing comes any more. Once.
    void closed();

private:
    bool takeMessages();
    void flush();
    void close();

    FileHandle m_end;
    QByteArray m_incoming;
    QByteArray m_outgoing;
    bool m_isClosed = false;
    QSocketNotifier m_readable;
    QSocketNotifier m_writable;
};

} // namespace birch
