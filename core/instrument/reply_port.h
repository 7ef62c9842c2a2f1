#pragma once

#include "core/base/result.h"

#include <QCoreApplication>
#include <QEvent>
#include <QObject>
#include <QThread>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace birch {

template<typename T>
using Reply = std::function<void(Result<T>)>;

/// Brings one result back to the thread of a context object, or drops it when the context has died.
///
/// How this is sound: a relay object is made as a child of the context, on the context's own
/// thread, so Qt deletes it with the context and moves it along with the context. The answering
/// thread reaches the relay only through a locked cell which the relay empties when it dies: no
/// post can meet a dead object. The reply itself, and what it captured, never leaves the context's
/// thread.
///
/// Make it on the thread of the context; answer it from any thread. A port that is destroyed
/// unanswered answers for itself, so a reply comes exactly once. Move-only.
template<typename T>
class ReplyPort
{
public:
    /// \a context may be null where \a reply is empty: nobody wants to know.
    ReplyPort(QObject *context, Reply<T> reply)
    {
        if (!reply)
            return;
        Q_ASSERT(context && context->thread() == QThread::currentThread());
        m_cell = std::make_shared<Cell>();
        m_cell->relay = new Relay(context, std::move(reply), m_cell);
    }
    ReplyPort(ReplyPort &&) noexcept = default;
    ReplyPort &operator=(ReplyPort &&) = delete;
    ~ReplyPort()
    {
        if (m_cell)
            answer(Error{ErrorCode::Internal, QStringLiteral("A request was dropped unanswered: "
                                                             "please report this as a bug")});
    }

    /// The first answer counts.
    void answer(Result<T> result)
    {
        if (!m_cell)
            return;
        {
            const std::scoped_lock lock(m_cell->mutex);
            if (m_cell->relay) {
                m_cell->result.emplace(std::move(result));
                QCoreApplication::postEvent(m_cell->relay, new QEvent(QEvent::User));
            }
        }
        m_cell.reset();
    }

private:
    struct Cell {
        std::mutex mutex; // guards both below
        QObject *relay = nullptr;
        std::optional<Result<T>> result;
    };

    class Relay final : public QObject
    {
    public:
        Relay(QObject *context, Reply<T> reply, std::shared_ptr<Cell> cell)
            : QObject(context)
            , m_reply(std::move(reply))
            , m_cell(std::move(cell))
        {
        }
        ~Relay() override
        {
            const std::scoped_lock lock(m_cell->mutex);
            m_cell->relay = nullptr;
        }

    protected:
        void customEvent(QEvent *) override
        {
            std::optional<Result<T>> result;
            {
                const std::scoped_lock lock(m_cell->mutex);
                result.swap(m_cell->result);
            }
            const Reply<T> reply = std::exchange(m_reply, nullptr);
            setParent(nullptr); // the reply may delete its context: not this while it runs
            deleteLater();
            if (result && reply)
                reply(std::move(*result));
        }

    private:
        Reply<T> m_reply;
        std::shared_ptr<Cell> m_cell;
    };

    std::shared_ptr<Cell> m_cell; // null: answered, or nobody wants to know
};

} // namespace birch
