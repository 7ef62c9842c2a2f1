#pragma once

#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace birch {

/// Carries one call to the thread of its context; nothing happens once the context is gone.
class ReplyRelay : public QObject
{
    Q_OBJECT
signals:
    void ready();
};

/// A function that may be called once, on any thread, and has \a reply called through the event loop
/// of \a context's thread. Must be made on a thread where \a context can not die meanwhile.
template<typename T>
std::function<void(T)> onThreadOf(QObject *context, std::function<void(T)> reply)
{
    auto value = std::make_shared<std::optional<T>>();
    auto relay = std::make_shared<ReplyRelay>();
    QObject::connect(
        relay.get(), &ReplyRelay::ready, context,
        [value, reply = std::move(reply)] { reply(std::move(**value)); }, Qt::QueuedConnection);
    return [value, relay](T result) {
        *value = std::move(result);
        emit relay->ready();
    };
}

} // namespace birch
