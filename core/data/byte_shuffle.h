#pragma once

#include <cstddef>

namespace birch {

/// Regroups \a count values of 8 bytes: first all lowest bytes, then all second ones, and so on, so
/// that a compressor finds the bytes that hardly change side by side. The buffers do not overlap.
void shuffle8(const char *from, char *to, size_t count);
void unshuffle8(const char *from, char *to, size_t count);

} // namespace birch
