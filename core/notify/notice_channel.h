#pragma once

#include "core/base/call.h"
#include "core/notify/notice.h"

namespace birch {

/// A way to tell somebody. Called on the sender's thread, one call at a time.
class NoticeChannel
{
public:
    virtual ~NoticeChannel() = default;

    /// Blocks until it is accepted by whoever passes it on, by the deadline of \a call. Errors:
    /// BadInput, Denied - trying again will not help; anything else may pass.
    virtual Status send(const Notice &notice, const NoticeTarget &target, const Call &call) = 0;
};

} // namespace birch
