#pragma once

#include "core/base/result.h"

#include <QEventLoop>

#include <optional>

namespace birch::cli {

/// Runs \a ask, which gets a callback for its result, and waits in an event loop.
template<typename T, typename Ask>
Result<T> await(Ask ask)
{
    QEventLoop loop;
    std::optional<Result<T>> result;
    ask([&](Result<T> answer) {
        result = std::move(answer);
        loop.quit();
    });
    if (!result)
        loop.exec();
    return *std::move(result);
}

} // namespace birch::cli
