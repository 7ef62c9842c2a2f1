#pragma once

#include "drivers/simulator/fault_script.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>

namespace birch {

/// Sends the replies of one connection in order, with the faults that its instrument's script has
/// for them. Lives on the simulator's thread; timers only, never waits.
class FaultyWriter : public QObject
{
    Q_OBJECT
public:
    /// \a isEnd: they are the last of a reply.
    using Write = std::function<void(const QByteArray &bytes, bool isEnd)>;
    /// \a isReset: at once and rudely, else when all is written.
    using Cut = std::function<void(bool isReset)>;

    FaultyWriter(Write toClient, Cut cutOff, QObject *parent = nullptr);

    /// \param terminator  appended; survives garbling.
    void send(const QByteArray &reply, const QByteArray &terminator,
              const std::vector<Fault> &faults);
    /// What has not been written yet never is.
    void forget();

private:
    struct Piece {
        QByteArray bytes;
        std::chrono::milliseconds pause{0}; ///< before it
        bool isEnd = true;                  ///< the reply is whole with it
        bool isLast = false;                ///< the connection is cut behind it
    };
    void append(Piece piece);
    void flush();
    void write(const Piece &piece);

    Write m_write;
    Cut m_cut;
    QTimer m_timer;
    std::deque<Piece> m_pieces;
    quint64 m_forgotten = 0; ///< counts forget(): late replies from before are not written
};

} // namespace birch
