#pragma once

#include "core/base/post_event.h"

#include <QEvent>
#include <QObject>
#include <QThread>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace birch {

/// Brings one value back to the thread of a context object, or drops it when the context has died.
///
/// How this is sound: a relay object is made as a child of the context, on the context's own
/// thread, so Qt deletes it with the context and moves it along with the context. The answering
/// thread reaches the relay only through a locked cell which the relay empties when it dies: no
/// post can meet a dead object. The reply itself, and what it captured, never leaves the context's
/// thread: it is destroyed there too, unanswered or not.
///
/// Make it on the thread of the context; answer it from any thread. Move-only.
template<typename V>
class ValuePort
{
public:
    /// \a context may be null where \a reply is empty: nobody wants to know.
    ValuePort(QObject *context, std::function<void(V)> reply)
    {
        if (!reply)
            return;
        Q_ASSERT(context && context->thread() == QThread::currentThread());
        m_cell = std::make_shared<Cell>();
        m_cell->relay = new Relay(context, std::move(reply), m_cell);
    }
    ValuePort(ValuePort &&) noexcept = default;
    ValuePort &operator=(ValuePort &&) = delete;
    ~ValuePort() { close({}); }

    /// Somebody waits for a value.
    bool isAwaited() const { return m_cell != nullptr; }
    /// The first value counts.
    void answer(V value) { close(std::optional<V>(std::move(value))); }

private:
    struct Cell {
        std::mutex mutex; // guards both below
        QObject *relay = nullptr;
        std::optional<V> value;
    };

    class Relay final : public QObject
    {
    public:
        Relay(QObject *context, std::function<void(V)> reply, std::shared_ptr<Cell> cell)
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
            std::optional<V> value;
            {
                const std::scoped_lock lock(m_cell->mutex);
                value.swap(m_cell->value);
            }
            const std::function<void(V)> reply = std::exchange(m_reply, nullptr);
            setParent(nullptr); // the reply may delete its context: not this while it runs
            deleteLater();
            if (value && reply)
                reply(std::move(*value));
        }

    private:
        std::function<void(V)> m_reply;
        std::shared_ptr<Cell> m_cell;
    };

    /// Without a value the relay only goes.
    void close(std::optional<V> value)
    {
        const auto cell = std::exchange(m_cell, nullptr);
        if (!cell)
            return;
        const std::scoped_lock lock(cell->mutex);
        if (!cell->relay)
            return;
        cell->value = std::move(value);
        postEvent(cell->relay, new QEvent(QEvent::User));
    }

    std::shared_ptr<Cell> m_cell; // null: answered, or nobody wants to know
};

} // namespace birch
