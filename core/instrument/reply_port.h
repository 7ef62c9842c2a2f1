#pragma once

#include "core/base/result.h"
#include "core/base/value_port.h"

namespace birch {

template<typename T>
using Reply = std::function<void(Result<T>)>;

/// A ValuePort for the result of a request. One that is destroyed unanswered answers for itself,
/// so a reply comes exactly once. Move-only.
template<typename T>
class ReplyPort
{
public:
    /// \a context may be null where \a reply is empty: nobody wants to know.
    ReplyPort(QObject *context, Reply<T> reply)
        : m_port(context, std::move(reply))
    {
    }
    ReplyPort(ReplyPort &&) noexcept = default;
    ReplyPort &operator=(ReplyPort &&) = delete;
    ~ReplyPort()
    {
        if (m_port.isAwaited())
            answer(Error{ErrorCode::Internal, QStringLiteral("A request was dropped unanswered: "
                                                             "please report this as a bug")});
    }

    /// The first answer counts.
    void answer(Result<T> result) { m_port.answer(std::move(result)); }

private:
    ValuePort<Result<T>> m_port;
};

} // namespace birch
