#pragma once

#include <QtGlobal>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <span>

namespace birch {

/// Values that only ever grow at the end: one thread appends, any number read what has been
/// published, nobody waits. A value never moves, so that a reader needs no copy of the past.
///
/// The first chunk holds 64 values, each further one twice as many as the one before.
template<typename T>
class AppendLog
{
public:
    static constexpr int kFirstShift = 6;
    static constexpr int kChunks = 34; // 2^40 values

    /// Writer. All of \a values are published at once.
    void append(std::span<const T> values)
    {
        qint64 count = m_count.load(std::memory_order_relaxed);
        while (!values.empty()) {
            const Place place = placeOf(count);
            const size_t size = size_t(1) << (kFirstShift + place.chunk);
            if (!m_chunks[place.chunk])
                m_chunks[place.chunk] = std::make_unique_for_overwrite<T[]>(size);
            const size_t here = std::min(values.size(), size - place.offset);
            std::copy_n(values.data(), here, &m_chunks[place.chunk][place.offset]);
            values = values.subspan(here);
            count += qint64(here);
        }
        m_count.store(count, std::memory_order_release);
    }
    void append(const T &value) { append(std::span(&value, 1)); }

    /// Any thread: values [0, count()) may be read.
    qint64 count() const { return m_count.load(std::memory_order_acquire); }
    /// \a index below a count() that this thread has seen.
    const T &at(qint64 index) const
    {
        const Place place = placeOf(index);
        return m_chunks[place.chunk][place.offset];
    }
    /// Calls \a visit(const T *values, qint64 count) for each piece of [first, first + count).
    template<typename Visit>
    void forEachPiece(qint64 first, qint64 count, Visit visit) const
    {
        while (count > 0) {
            const Place place = placeOf(first);
            const qint64 size = qint64(1) << (kFirstShift + place.chunk);
            const qint64 here = std::min(count, size - qint64(place.offset));
            visit(&m_chunks[place.chunk][place.offset], here);
            first += here;
            count -= here;
        }
    }

private:
    struct Place {
        size_t chunk;
        size_t offset;
    };
    static Place placeOf(qint64 index)
    {
        const quint64 shifted = quint64(index) + (1u << kFirstShift);
        const int top = 63 - __builtin_clzll(shifted);
        return {size_t(top - kFirstShift), size_t(shifted ^ (quint64(1) << top))};
    }

    std::array<std::unique_ptr<T[]>, kChunks> m_chunks; ///< set before the count that needs them
    std::atomic<qint64> m_count{0};
};

} // namespace birch
