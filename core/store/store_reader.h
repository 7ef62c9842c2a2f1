#pragma once

#include "core/store/database.h"
#include "core/store/session.h"

#include <QObject>
#include <QPointer>
#include <QThread>

#include <functional>
#include <memory>

namespace birch {

/// A thread with a connection of its own, for whoever may not wait for a database: the window's
/// history, its pickers, its small edits. Requests run in order; every reply is called once, on the
/// thread of the reader (which is the one that asks, and that of \a context) through its event
/// loop, and dropped when \a context is gone.
///
/// A connection that was lost is opened again at the next request.
class StoreReader : public QObject
{
    Q_OBJECT
public:
    /// \a database outlives it.
    StoreReader(const Database &database, QString userName, QObject *parent = nullptr);
    /// Finishes what was asked before.
    ~StoreReader() override;

    /// For one more reader, e.g. of an export that takes minutes.
    const Database &database() const { return m_database; }
    QString userName() const { return m_userName; }

    template<typename T>
    void ask(std::function<Result<T>(Connection &, const Session &)> work, QObject *context,
             std::function<void(Result<T>)> reply)
    {
        QMetaObject::invokeMethod(m_worker.get(), [this, work = std::move(work),
                                                   context = QPointer<QObject>(context),
                                                   reply = std::move(reply)] {
            Result<T> result = answer<T>(work);
            // Back to the thread that asked before looking at the context: it may go any time.
            QMetaObject::invokeMethod(this, [context, reply, result = std::move(result)]() mutable {
                if (context)
                    reply(std::move(result));
            });
        });
    }

private:
    template<typename T>
    Result<T> answer(const std::function<Result<T>(Connection &, const Session &)> &work)
    {
        if (const Status connected = connect(); !connected)
            return connected.error();
        return work(*m_connection, m_session);
    }
    Status connect();

    const Database &m_database;
    const QString m_userName;
    QThread m_thread;
    std::unique_ptr<QObject> m_worker;        ///< lives on m_thread
    std::unique_ptr<Connection> m_connection; ///< of m_thread
    Session m_session;
};

} // namespace birch
