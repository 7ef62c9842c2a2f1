#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QtEndian>

#include <algorithm>

namespace birch {

/// Appends values as XDR (RFC 4506) writes them: big-endian words, bytes padded to four.
class XdrWriter
{
public:
    void clear() { m_bytes.resize(0); } // keeps its memory
    void word(quint32 value)
    {
        char bytes[4];
        qToBigEndian(value, bytes);
        m_bytes.append(bytes, 4);
    }
    /// Length, bytes, padding; a string is written the same way.
    void opaque(QByteArrayView bytes)
    {
        word(quint32(bytes.size()));
        m_bytes.append(bytes);
        m_bytes.append((4 - bytes.size() % 4) % 4, '\0');
    }
    /// Overwrites the word at \a offset, which has been written.
    void setWord(qsizetype offset, quint32 value) { qToBigEndian(value, m_bytes.data() + offset); }
    QByteArrayView view() const { return m_bytes; }
    qsizetype size() const { return m_bytes.size(); }

private:
    QByteArray m_bytes;
};

/// Reads values from bytes that it does not own. Where they end too early, or a length is larger
/// than allowed, everything from there on is 0 or empty and isGood() says so: check it once.
class XdrReader
{
public:
    explicit XdrReader(QByteArrayView bytes)
        : m_rest(bytes)
    {
    }
    quint32 word()
    {
        if (m_rest.size() < 4)
            return fail();
        const quint32 value = qFromBigEndian<quint32>(m_rest.data());
        m_rest = m_rest.sliced(4);
        return value;
    }
    QByteArrayView opaque(qsizetype most)
    {
        const quint32 size = word();
        if (!m_isGood || qsizetype(size) > most || qsizetype(size) > m_rest.size()) {
            fail();
            return {};
        }
        const QByteArrayView bytes = m_rest.first(qsizetype(size));
        // The padding of the last value is missing from some instruments' answers.
        m_rest =
            m_rest.sliced(std::min(qsizetype(size) + (4 - qsizetype(size) % 4) % 4, m_rest.size()));
        return bytes;
    }
    bool isGood() const { return m_isGood; }
    QByteArrayView rest() const { return m_rest; }

private:
    quint32 fail()
    {
        m_isGood = false;
        m_rest = {};
        return 0;
    }

    QByteArrayView m_rest;
    bool m_isGood = true;
};

} // namespace birch
