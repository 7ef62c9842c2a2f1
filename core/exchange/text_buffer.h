#pragma once

#include "core/base/file_writer.h"

#include <QString>

#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

namespace birch {

/// Collects text for a file and writes it in large pieces. Numbers by std::to_chars: the shortest
/// digits that read back to the same double, whatever the locale.
class TextBuffer
{
public:
    explicit TextBuffer(FileWriter &file)
        : m_file(file)
        , m_bytes(2 * kFlushAt)
    {
    }

    void append(char byte) { *room(1) = byte, ++m_size; }
    void append(QByteArrayView text)
    {
        std::memcpy(room(size_t(text.size())), text.data(), size_t(text.size()));
        m_size += size_t(text.size());
    }
    void append(qint64 value)
    {
        char *at = room(kLongestNumber);
        m_size += size_t(std::to_chars(at, at + kLongestNumber, value).ptr - at);
    }
    /// 5 is written "5.0": a column of whole numbers still reads back as floating point, -0
    /// included.
    void append(double value)
    {
        char *at = room(kLongestNumber + 2);
        char *end = std::to_chars(at, at + kLongestNumber, value).ptr;
        if (std::trunc(value) == value && !std::memchr(at, 'e', size_t(end - at)) &&
            std::isfinite(value)) {
            *end++ = '.';
            *end++ = '0';
        }
        m_size += size_t(end - at);
    }

    /// Once a row: writes when enough has come together.
    Status flushIfLarge() { return m_size < kFlushAt ? ok() : flush(); }
    Status flush()
    {
        const auto size = qsizetype(std::exchange(m_size, 0));
        return m_file.write(QByteArrayView(m_bytes.data(), size));
    }

private:
    static constexpr size_t kFlushAt = 256 * 1024;
    static constexpr size_t kLongestNumber = 32;

    char *room(size_t bytes)
    {
        if (m_size + bytes > m_bytes.size())
            m_bytes.resize(2 * (m_size + bytes));
        return m_bytes.data() + m_size;
    }

    FileWriter &m_file;
    std::vector<char> m_bytes;
    size_t m_size = 0;
};

} // namespace birch
