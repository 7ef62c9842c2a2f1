#include "core/store/upkeep/table_digest.h"

#include "core/base/json_file.h"

#include <QJsonDocument>
#include <QtEndian>

#include <bit>
#include <cmath>

#define XXH_INLINE_ALL
#include <xxhash.h>

using namespace Qt::StringLiterals;

namespace birch {

namespace {
enum class Tag : char { Null = 0, Integer = 1, Real = 2, Text = 3, Bytes = 4 };

void appendNumber(QByteArray *out, Tag tag, quint64 bits)
{
    const quint64 little = qToLittleEndian(bits);
    out->append(char(tag)).append(reinterpret_cast<const char *>(&little), sizeof little);
}

void appendBytes(QByteArray *out, Tag tag, const QByteArray &bytes)
{
    appendNumber(out, tag, quint64(bytes.size()));
    out->append(bytes);
}

/// \a text itself where it is no JSON.
QByteArray canonicalText(const QByteArray &text)
{
    const QJsonDocument parsed = QJsonDocument::fromJson("{\"v\":" + text + '}');
    return parsed.isObject() ? canonicalJson(parsed.object()) : text;
}

void appendCell(QByteArray *out, const Cell &cell, CellType type)
{
    switch (cell.kind) {
    case Cell::Kind::Null:
        out->append(char(Tag::Null));
        return;
    case Cell::Kind::Integer:
        appendNumber(out, Tag::Integer, quint64(cell.integer));
        return;
    case Cell::Kind::Real:
        if (std::isnan(cell.real))
            out->append(char(Tag::Null));
        else
            appendNumber(out, Tag::Real,
                         std::bit_cast<quint64>(cell.real == 0.0 ? 0.0 : cell.real));
        return;
    case Cell::Kind::Text:
        appendBytes(out, Tag::Text,
                    type == CellType::Json ? canonicalText(cell.bytes) : cell.bytes);
        return;
    case Cell::Kind::Bytes:
        appendBytes(out, Tag::Bytes, cell.bytes);
        return;
    }
}
} // namespace

void TableDigest::add(const Row &row, const QList<CellType> &types)
{
    m_buffer.clear();
    for (size_t i = 0; i < row.size(); ++i)
        appendCell(&m_buffer, row[i], types.value(qsizetype(i)));
    const XXH128_hash_t hash = XXH3_128bits(m_buffer.constData(), size_t(m_buffer.size()));
    m_low += hash.low64;
    m_high += hash.high64 + (m_low < hash.low64 ? 1 : 0);
    ++m_rows;
}

QString TableDigest::text() const
{
    return u"%1%2"_s.arg(m_high, 16, 16, QChar(u'0')).arg(m_low, 16, 16, QChar(u'0'));
}

} // namespace birch
