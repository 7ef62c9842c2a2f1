#pragma once

#include "core/store/lab/attachment_store.h"

namespace birch {

/// Size and thumbnail (256 px at most) of a picture; nothing for a file that is none, is damaged,
/// or would need more than 256 MiB to be drawn: such a file says so in its header, and is not read.
/// Any thread; blocks for the file.
std::optional<ImagePreview> imagePreview(const QString &path);

} // namespace birch
