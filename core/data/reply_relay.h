#pragma once

#include "core/base/value_port.h"

namespace birch {

/// A function that may be called once, on any thread, and has \a reply called through the event
/// loop of \a context's thread, where it is also destroyed; never called where the function goes
/// uncalled. Must be made on the thread of \a context.
template<typename T>
std::function<void(T)> onThreadOf(QObject *context, std::function<void(T)> reply)
{
    auto port = std::make_shared<ValuePort<T>>(context, std::move(reply));
    return [port](T value) { port->answer(std::move(value)); };
}

} // namespace birch
