#include "core/data/byte_shuffle.h"

#include <cstdint>
#include <cstring>
#include <initializer_list>

namespace birch {

namespace {

uint64_t load(const char *from)
{
    uint64_t word;
    std::memcpy(&word, from, sizeof word);
    return word;
}

void store(char *to, uint64_t word)
{
    std::memcpy(to, &word, sizeof word);
}

/// Transposes 8 words as a matrix of 8 x 8 bytes: swaps off-diagonal blocks of 4, 2 and 1 bytes.
void transpose(uint64_t (&w)[8])
{
    const auto swap = [&w](int a, int b, int bits, uint64_t mask) {
        const uint64_t t = ((w[a] >> bits) ^ w[b]) & mask;
        w[b] ^= t;
        w[a] ^= t << bits;
    };
    for (int i = 0; i < 4; ++i)
        swap(i, i + 4, 32, 0x00000000ffffffffULL);
    for (int i : {0, 1, 4, 5})
        swap(i, i + 2, 16, 0x0000ffff0000ffffULL);
    for (int i : {0, 2, 4, 6})
        swap(i, i + 1, 8, 0x00ff00ff00ff00ffULL);
}

} // namespace

void shuffle8(const char *from, char *to, size_t count)
{
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t words[8];
        for (size_t k = 0; k < 8; ++k)
            words[k] = load(from + (i + k) * 8);
        transpose(words);
        for (size_t b = 0; b < 8; ++b)
            store(to + b * count + i, words[b]);
    }
    for (; i < count; ++i) {
        for (size_t b = 0; b < 8; ++b)
            to[b * count + i] = from[i * 8 + b];
    }
}

void unshuffle8(const char *from, char *to, size_t count)
{
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t words[8];
        for (size_t b = 0; b < 8; ++b)
            words[b] = load(from + b * count + i);
        transpose(words);
        for (size_t k = 0; k < 8; ++k)
            store(to + (i + k) * 8, words[k]);
    }
    for (; i < count; ++i) {
        for (size_t b = 0; b < 8; ++b)
            to[i * 8 + b] = from[b * count + i];
    }
}

} // namespace birch
