#pragma once

#include "core/notify/notice_channel.h"

namespace birch {

/// A message on this computer's desktop (org.freedesktop.Notifications). Where there is no desktop
/// it is left out, with one line in the log.
class DesktopChannel final : public NoticeChannel
{
public:
    Status send(const Notice &notice, const NoticeTarget &target, const Call &call) override;
};

} // namespace birch
