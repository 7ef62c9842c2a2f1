#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace birch {

/// Carries one call to the thread of its context; nothing happens once the context is gone.
class ReplyRelay : public QObject
{
    Q_OBJECT
signals:
    void ready();
};

/// A function that may be called once, on any thread, and has \a reply called through the event
/// loop of \a context's thread. Must be made on a thread where \a context can not die meanwhile.
template<typename T>
std::function<void(T)> onThreadOf(QObject *context, std::function<void(T)> reply)
{
    struct Cell {
        std::mutex mutex; // held while posting: the thread sanitizer sees no hand-over of Qt's own
        std::optional<T> value;
    };
    auto cell = std::make_shared<Cell>();
    auto relay = std::make_shared<ReplyRelay>();
    QObject::connect(
        relay.get(), &ReplyRelay::ready, context,
        [cell, reply = std::move(reply)] {
            std::optional<T> value;
            {
                const std::scoped_lock lock(cell->mutex);
                value.swap(cell->value);
            }
            reply(std::move(*value));
        },
        Qt::QueuedConnection);
    return [cell, relay](T result) {
        const std::scoped_lock lock(cell->mutex);
        cell->value = std::move(result);
        emit relay->ready();
    };
}

} // namespace birch
